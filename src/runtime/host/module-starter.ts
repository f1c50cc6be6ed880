import type { ModuleBundle } from '../module-bundle.ts';
import type { FailureReport, RegistrationReport } from '../worker/isolate-setup.ts';
import { LoadedModule } from './loaded-module.ts';
import { ModuleError } from './module-error.ts';
import type { WorkerEnd } from './worker-link.ts';
import type { TeamWorker, WorkerTeam } from './worker-team.ts';

type InitOutcome = { registrations: RegistrationReport[] } | { failure: FailureReport };

interface Waiting {
  readonly worker: TeamWorker;
  readonly module: LoadedModule;
  readonly resolve: (outcome: unknown) => void;
  readonly reject: (error: ModuleError) => void;
}

/** Brings modules to life in the workers: InitModule once for real, then again wherever else they shall run. */
export class ModuleStarter {
  readonly #team: WorkerTeam;
  /** Opens the call that an InitModule's nk calls belong to, and gives the way to end it. */
  readonly #openInit: (module: LoadedModule, worker: TeamWorker) => { id: number; close: () => void };
  readonly #waiting = new Map<string, Waiting>();
  #lastPool = 0;

  constructor(
    team: WorkerTeam,
    openInit: (module: LoadedModule, worker: TeamWorker) => { id: number; close: () => void },
  ) {
    this.#team = team;
    this.#openInit = openInit;
  }

  /** Gives bundles numbers of their own. */
  adopt(bundles: readonly ModuleBundle[]): LoadedModule[] {
    return bundles.map((bundle) => new LoadedModule(bundle, ++this.#lastPool));
  }

  /**
   * Starts modules that no worker knows yet, one after the other in the first worker, then in all of them.
   * @throws ModuleError
   */
  async start(modules: readonly LoadedModule[]): Promise<void> {
    const first = this.#team.idlest();
    if (!first) throw new ModuleError(modules[0]?.name ?? '', 'worker', 'no runtime worker is running');
    for (const worker of this.#team.workers) for (const module of modules) sendModule(worker, module);
    for (const module of modules) await this.#initialise(module, first);
    const running = this.#team.workers.filter((worker) => worker.link);
    await Promise.all(running.flatMap((worker) => modules.map((module) => this.#prepare(worker, module))));
  }

  /** Starts modules that have run elsewhere in a worker that took a dead one's place. @throws ModuleError */
  async startAgain(worker: TeamWorker, modules: readonly LoadedModule[]): Promise<void> {
    for (const module of modules) sendModule(worker, module);
    await Promise.all(modules.map((module) => this.#prepare(worker, module)));
  }

  /** Lets modules finish what they have begun and end. */
  retire(modules: readonly LoadedModule[]): void {
    for (const worker of this.#team.workers) for (const { pool } of modules) worker.send(`D ${pool}`);
  }

  /** Takes the workers' `I` and `R` records. */
  take(worker: TeamWorker, kind: 'I' | 'R', pool: number, body: string): void {
    for (const [key, waiting] of this.#waiting) {
      if (waiting.worker !== worker || key !== keyOf(kind, pool, this.#team.workers.indexOf(worker))) continue;
      this.#waiting.delete(key);
      waiting.resolve(JSON.parse(body));
    }
  }

  /** Fails what was under way in a worker that is gone. */
  workerEnded(worker: TeamWorker, end: WorkerEnd): void {
    for (const [key, waiting] of this.#waiting) {
      if (waiting.worker !== worker) continue;
      this.#waiting.delete(key);
      const kind = end.limit === undefined ? 'worker' : 'limit';
      waiting.reject(new ModuleError(waiting.module.name, kind, end.message));
    }
  }

  async #initialise(module: LoadedModule, worker: TeamWorker): Promise<void> {
    const call = this.#openInit(module, worker);
    try {
      const outcome = (await this.#ask(worker, 'I', module, ` ${call.id}`, '')) as InitOutcome;
      if ('failure' in outcome) throw moduleError(module, outcome.failure);
      module.initialised(outcome.registrations);
    } finally {
      call.close();
    }
  }

  async #prepare(worker: TeamWorker, module: LoadedModule): Promise<void> {
    const failure = await this.#ask(worker, 'R', module, '', JSON.stringify(module.replay));
    if (failure) throw moduleError(module, failure as FailureReport);
  }

  #ask(worker: TeamWorker, kind: 'I' | 'R', module: LoadedModule, more: string, body: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(keyOf(kind, module.pool, this.#team.workers.indexOf(worker)), {
        worker,
        module,
        resolve,
        reject,
      });
      worker.send(`${kind} ${module.pool}${more}`, body);
    });
  }
}

function sendModule(worker: TeamWorker, { bundle, pool }: LoadedModule): void {
  worker.send(`L ${pool}`, JSON.stringify({ name: bundle.name, code: bundle.code, fileName: bundle.fileName }));
}

function moduleError(module: LoadedModule, failure: FailureReport): ModuleError {
  return new ModuleError(module.name, failure.limit === undefined ? 'init' : 'limit', failure.message, failure.stack);
}

function keyOf(kind: string, pool: number, worker: number): string {
  return `${kind} ${pool} ${worker}`;
}
