/** How long one may wait before it is taken for a deadlock. */
const MAX_WAIT_MS = 30_000;

/** How many may wait; beyond, a statement fails at once. Each holds its values in memory. */
const MAX_WAITING = 20_000;

interface Waiting {
  readonly isExclusive: boolean;
  enter(): void;
}

/**
 * Who may use the one connection: single statements pass together, a transaction has it alone. First come, first
 * served.
 */
export class Turnstile {
  #isHeld = false;
  #waiting: Waiting[] = [];

  /** Resolves when a single statement may be sent. */
  pass(): Promise<void> | undefined {
    return this.#isHeld ? this.#wait(false) : undefined;
  }

  /** Resolves when the caller has the connection alone (statements sent before are still answered before). */
  async hold(): Promise<void> {
    if (this.#isHeld) await this.#wait(true);
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    while (!this.#isHeld) {
      const next = this.#waiting.shift();
      if (!next) return;
      if (next.isExclusive) this.#isHeld = true;
      next.enter();
    }
  }

  #wait(isExclusive: boolean): Promise<void> {
    if (this.#waiting.length >= MAX_WAITING) {
      return Promise.reject(new Error(`more than ${MAX_WAITING} statements wait for the embedded database`));
    }
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        isExclusive,
        enter: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      const timer = setTimeout(() => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
        reject(
          new Error(
            `a statement waited ${MAX_WAIT_MS / 1000} s for another's transaction: inside inTransaction, use the transaction it gives, not the database`,
          ),
        );
      }, MAX_WAIT_MS);
      timer.unref();
      this.#waiting.push(waiting);
    });
  }
}
