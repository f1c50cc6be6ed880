import type { WorkerStart } from '../worker/main.ts';
import { type WorkerEnd, WorkerLink } from './worker-link.ts';

/** A worker that dies within this time of its predecessor's death waits before it is replaced. */
const CALM_MS = 10_000;
/** Deaths in a row that are followed by a replacement at once. */
const QUICK_RESTARTS = 3;
const FIRST_DELAY_MS = 200;
const MAX_DELAY_MS = 30_000;

export interface TeamOptions {
  readonly count: number;
  readonly start: WorkerStart;
  readonly workerMemoryMb: number;
  readonly workerSilenceMs: number;
  readonly onRecord: (worker: TeamWorker, record: string) => void;
  /** A worker is gone; its calls will not be answered. */
  readonly onEnd: (worker: TeamWorker, end: WorkerEnd, restartInMs: number) => void;
  /** A worker took the place of one that is gone; it knows no modules yet. */
  readonly onReplaced: (worker: TeamWorker) => void;
}

/** A place in the team: one worker process at a time. */
export class TeamWorker {
  link: WorkerLink | undefined;
  /** Calls that it has not answered. */
  load = 0;
  deaths = 0;
  lastDeath = -Infinity;
  restart: NodeJS.Timeout | undefined;
  /** When a debugger last began to hold one of its isolates. */
  heldSince = 0;

  /** Nothing is sent while its process is gone. */
  send(head: string, body = ''): void {
    this.link?.send(head, body);
  }

  /** See {@link WorkerLink.contextOf}. */
  contextOf(text: string): number {
    return this.link?.contextOf(text) ?? 0;
  }

  sendCall(head: string, body: string): void {
    this.link?.sendCall(head, body);
  }

  sendWithin(ms: number, head: string, body: string): void {
    this.link?.sendWithin(ms, head, body);
  }

  sendRecord(record: string): void {
    this.link?.sendRecord(record);
  }
}

/** The worker processes of a host. One that ends is replaced at once, or with growing delays when it keeps ending. */
export class WorkerTeam {
  readonly workers: readonly TeamWorker[];
  readonly #options: TeamOptions;
  #stopping = false;

  constructor(options: TeamOptions) {
    this.#options = options;
    this.workers = Array.from({ length: options.count }, () => new TeamWorker());
    for (const worker of this.workers) this.#startProcess(worker);
  }

  /** The worker with the fewest calls, a silent one only where all are; undefined when none runs. */
  idlest(): TeamWorker | undefined {
    let best: TeamWorker | undefined;
    let silent: TeamWorker | undefined;
    for (const worker of this.workers) {
      if (!worker.link) continue;
      if (worker.link.isSilent) silent = worker;
      else if (!best || worker.load < best.load) best = worker;
    }
    return best ?? silent;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    for (const worker of this.workers) clearTimeout(worker.restart);
    await Promise.all(this.workers.map((worker) => worker.link?.close()));
  }

  #startProcess(worker: TeamWorker): void {
    worker.link = new WorkerLink({
      start: this.#options.start,
      workerMemoryMb: this.#options.workerMemoryMb,
      workerSilenceMs: this.#options.workerSilenceMs,
      onRecord: (record) => this.#options.onRecord(worker, record),
      onEnd: (end) => this.#ended(worker, end),
    });
  }

  #ended(worker: TeamWorker, end: WorkerEnd): void {
    worker.link = undefined;
    worker.load = 0;
    if (this.#stopping) {
      this.#options.onEnd(worker, end, 0);
      return;
    }
    const now = performance.now();
    worker.deaths = now - worker.lastDeath < CALM_MS ? worker.deaths + 1 : 1;
    worker.lastDeath = now;
    const excess = worker.deaths - QUICK_RESTARTS;
    const delayMs = excess <= 0 ? 0 : Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (excess - 1));
    this.#options.onEnd(worker, end, delayMs);
    const replace = () => {
      if (this.#stopping) return;
      this.#startProcess(worker);
      this.#options.onReplaced(worker);
    };
    if (delayMs === 0) replace();
    else worker.restart = setTimeout(replace, delayMs);
  }
}
