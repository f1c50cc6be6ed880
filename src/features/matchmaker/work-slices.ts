import { setImmediate as eventLoopTurn } from 'node:timers/promises';

/** How long work may hold the event loop at a time. */
const SLICE_MS = 5;

/** Time on the event loop for long work that gives way to everything else, also where several parts of it take turns. */
export class WorkSlices {
  #startMs = Number.NEGATIVE_INFINITY;

  /** Work starts anew after a pause of its own. */
  begin(): void {
    this.#startMs = performance.now();
  }

  get isOver(): boolean {
    return performance.now() - this.#startMs >= SLICE_MS;
  }

  /** Waits until everything else has had its turn. */
  async giveWay(): Promise<void> {
    while (this.isOver) {
      const endedMs = this.#startMs;
      await eventLoopTurn();
      // Of those that wait, the first to go on begins the slice.
      if (this.#startMs === endedMs) this.begin();
    }
  }
}
