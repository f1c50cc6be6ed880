import { Status, StatusError } from '../../../protocol/status.ts';
import type { MatchEnd, MatchEvents } from '../../match-host.ts';
import type { MatchSettings } from '../../match-settings.ts';
import type { FailureReport } from '../../worker/isolate-setup.ts';
import type { CallReports } from '../call-reports.ts';
import type { DispatchTable, Target } from '../dispatch-table.ts';
import type { LoadedModule } from '../loaded-module.ts';
import type { TeamWorker, WorkerTeam } from '../worker-team.ts';
import { RunningMatch } from './running-match.ts';

/** How a record says that a match has failed. */
const FAILED = '1';
/** How often the end of all matches is looked for. */
const WAIT_STEP_MS = 20;
const MS_PER_SECOND = 1000;

export interface HostedMatchesOptions {
  readonly team: WorkerTeam;
  readonly reports: CallReports;
  /** Every module that a worker may speak of, by its number. */
  readonly modules: ReadonlyMap<number, LoadedModule>;
  readonly settings: MatchSettings;
  /** A number that no call and no match has had. */
  readonly nextId: () => number;
}

/** The matches of the modules: starts them in the workers, and passes on what goes in and what comes out. */
export class HostedMatches {
  readonly #options: HostedMatchesOptions;
  readonly #running = new Map<number, RunningMatch>();
  #isStopping = false;

  constructor(options: HostedMatchesOptions) {
    this.#options = options;
  }

  /** Starts a match in the worker with the fewest. @throws StatusError when it cannot be started, or matchInit fails */
  create(target: Target, matchId: string, params: string, events: MatchEvents): Promise<void> {
    const worker = this.#emptiest();
    if (!worker || this.#isStopping) {
      const why = worker ? 'the server is stopping' : 'the runtime is being restarted';
      return Promise.reject(new StatusError(Status.UNAVAILABLE, why));
    }
    const { module, registration, handler } = target;
    const { settings, nextId } = this.#options;
    const match = new RunningMatch({
      id: nextId(),
      matchId,
      handler: registration.name,
      module,
      worker,
      events,
      settings,
    });
    this.#running.set(match.id, match);
    worker.send(`M ${match.id} i ${handler} ${matchId} ${module.pool}`, params);
    return match.begun;
  }

  /** A running match by its number, which is that of its calls. */
  get(id: number): RunningMatch | undefined {
    return this.#running.get(id);
  }

  /** Has the running matches go on with the code of new modules, where these have their handlers. */
  move(table: DispatchTable): void {
    const moves = new Map<TeamWorker, object[]>();
    for (const match of this.#running.values()) {
      const target = table.match(match.handler);
      if (!target || target.module === match.module) continue;
      const own = moves.get(match.worker) ?? [];
      moves.set(match.worker, own);
      const { handler, module } = target;
      own.push({ match: match.id, pool: module.pool, handler, fromVersion: match.module.version });
    }
    for (const [worker, own] of moves) worker.send('G', JSON.stringify(own));
  }

  /** The modules that matches run. */
  modules(): LoadedModule[] {
    return Array.from(this.#running.values(), (match) => match.module);
  }

  /** Takes a record `M number what …`. */
  take(record: string): void {
    const tab = record.indexOf('\t');
    const [, id, what, first, second] = record.slice(0, tab).split(' ');
    const match = this.#running.get(Number(id));
    if (!match) return;
    const body = record.slice(tab + 1);
    switch (what) {
      case 'b':
        broadcast(match, first!, second!, body);
        return;
      case 'i':
        match.initialised(body);
        return;
      case 'a':
      case 's':
        match.answered(Number(first), body);
        return;
      case 'k':
        match.events.kick(JSON.parse(body) as string[]);
        return;
      case 'u':
        match.events.label(JSON.parse(body) as string);
        return;
      case 'm':
        this.#moved(match, Number(first));
        return;
      case 'y':
        this.#tell(match, `it goes back to the code before`, body);
        this.#moved(match, Number(first));
        return;
      case 'n': {
        const module = this.#options.modules.get(Number(first)) ?? match.module;
        const { name, origin } = match;
        this.#tell({ module, name, origin }, `it stays with the code before`, body);
        return;
      }
      case 'z':
        this.#ended(match, first === FAILED ? (JSON.parse(body) as FailureReport) : undefined);
    }
  }

  /** Ends the matches of a worker that is gone; gives them. */
  workerEnded(worker: TeamWorker, culprits: readonly number[], message: string): RunningMatch[] {
    const lost = [...this.#running.values()].filter((match) => match.worker === worker);
    for (const match of lost) {
      const isCulprit = culprits.includes(match.id);
      this.#end(match, isCulprit ? 'failed' : 'lost', { message, code: Status.UNAVAILABLE });
    }
    return lost;
  }

  /** Lets every match know that the server stops, and waits until all have ended, at most for as long as that. */
  async terminate(graceMs: number): Promise<void> {
    this.#isStopping = true;
    if (graceMs === 0) return;
    for (const match of this.#running.values()) match.terminate(Math.ceil(graceMs / MS_PER_SECOND));
    const until = performance.now() + graceMs;
    while (this.#running.size > 0 && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, WAIT_STEP_MS));
    }
  }

  /** From now on it runs the code of another module. */
  #moved(match: RunningMatch, pool: number): void {
    match.module = this.#options.modules.get(pool) ?? match.module;
  }

  /** Tells that new code cannot run a match, and why. */
  #tell({ module, name, origin }: Pick<RunningMatch, 'module' | 'name' | 'origin'>, what: string, body: string): void {
    const failure = JSON.parse(body) as FailureReport;
    const message = `the new code does not run a match, ${what}: ${failure.message}`;
    this.#options.reports.failure({ module, label: name, origin }, { stack: '', ...failure, message });
  }

  #ended(match: RunningMatch, failure: FailureReport | undefined): void {
    if (failure) {
      const { module, name, origin } = match;
      this.#options.reports.failure({ module, label: name, origin }, failure);
    }
    this.#end(match, failure ? 'failed' : 'ended', failure);
  }

  #end(match: RunningMatch, how: MatchEnd, failure: FailureReport | undefined): void {
    this.#running.delete(match.id);
    match.failAll(failure);
    match.events.ended(how);
  }

  #emptiest(): TeamWorker | undefined {
    const counts = new Map<TeamWorker, number>();
    for (const worker of this.#options.team.workers) if (worker.link) counts.set(worker, 0);
    for (const { worker } of this.#running.values()) counts.set(worker, (counts.get(worker) ?? 0) + 1);
    let best: TeamWorker | undefined;
    for (const [worker, count] of counts) if (!best || count < counts.get(best)!) best = worker;
    return best;
  }
}

function broadcast(match: RunningMatch, opCode: string, reliable: string, body: string): void {
  const [data, sessionIds, sender] = JSON.parse(body) as [
    string | [string] | null,
    string[] | null,
    [string, string, string] | null,
  ];
  match.events.broadcast({
    opCode: BigInt(opCode),
    data: typeof data === 'string' ? Buffer.from(data) : Buffer.from(data?.[0] ?? '', 'base64'),
    reliable: reliable === '1',
    sessionIds,
    sender: sender ? { userId: sender[0], sessionId: sender[1], username: sender[2] } : undefined,
  });
}
