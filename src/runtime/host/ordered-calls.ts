import type { LoadedModule } from './loaded-module.ts';
import type { WorkerLink } from './worker-link.ts';
import type { TeamWorker } from './worker-team.ts';

/** Calls of a series that may be under way at a time. More would only wait in the worker instead of at their socket. */
const MAX_UNDER_WAY = 8;

/**
 * Calls of one caller that begin in their order, each when the one before it has ended. That order is kept by the
 * worker, so all that are under way are in one worker and one module.
 */
export class OrderedCalls {
  /** Its number in the worker. */
  readonly number: number;
  #underWay = 0;
  #module: LoadedModule | undefined;
  #worker: TeamWorker | undefined;
  #link: WorkerLink | undefined;

  constructor(number: number) {
    this.number = number;
  }

  /** True when a call of this module may begin behind those that are under way. */
  admits(module: LoadedModule): boolean {
    if (this.#underWay === 0) return true;
    return this.#underWay < MAX_UNDER_WAY && module === this.#module && this.#link === this.#worker?.link;
  }

  /** The worker that its next call must go to; undefined when any may run it. */
  get worker(): TeamWorker | undefined {
    return this.#underWay > 0 ? this.#worker : undefined;
  }

  began(module: LoadedModule, worker: TeamWorker): void {
    this.#underWay++;
    this.#module = module;
    this.#worker = worker;
    this.#link = worker.link;
  }

  ended(): void {
    this.#underWay--;
  }
}
