/** The timers of one isolate, by its own numbers. */
export class SlotTimers {
  readonly #timers = new Map<number, NodeJS.Timeout>();
  readonly #fired: (number: number) => void;

  constructor(fired: (number: number) => void) {
    this.#fired = fired;
  }

  /** How many are running. */
  get size(): number {
    return this.#timers.size;
  }

  start(number: number, ms: number, repeats: boolean): void {
    const fire = () => {
      if (!repeats) this.#timers.delete(number);
      this.#fired(number);
    };
    this.#timers.set(number, repeats ? setInterval(fire, ms) : setTimeout(fire, ms));
  }

  stop(number: number): void {
    clearTimeout(this.#timers.get(number));
    this.#timers.delete(number);
  }

  stopAll(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}
