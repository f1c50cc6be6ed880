/** A handler that was entered this often in a row by itself, and was quick each time, counts as one that is. */
const QUICK_CALLS = 200;
/** The longest that such an entry may take, with the way to the isolate's thread and back. */
const QUICK_MS = 1;

/**
 * Handlers that end at once and ask nothing, learned from calls that had an isolate to themselves. One that turns out
 * otherwise must prove itself for twice as long.
 */
export class QuickHandlers {
  /** How often each was quick in a row. */
  readonly #quick = new Map<number, number>();
  /** How often it must be, where that is not the usual number. */
  readonly #needed = new Map<number, number>();

  isQuick(handler: number): boolean {
    const count = this.#quick.get(handler);
    return count !== undefined && count >= this.#neededBy(handler);
  }

  /** Notes an entry with one call. */
  learn(handler: number, tookMs: number, hasEndedUnasked: boolean): void {
    if (!hasEndedUnasked) this.#quick.delete(handler);
    else if (tookMs <= QUICK_MS) {
      const count = this.#quick.get(handler) ?? 0;
      if (count < this.#neededBy(handler)) this.#quick.set(handler, count + 1);
    }
  }

  /** Notes that a handler that counted as quick was not. */
  wasNot(handler: number): void {
    this.#quick.delete(handler);
    this.#needed.set(handler, 2 * this.#neededBy(handler));
  }

  #neededBy(handler: number): number {
    return this.#needed.get(handler) ?? QUICK_CALLS;
  }
}
