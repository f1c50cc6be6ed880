const MICROS_PER_MILLI = 1_000;

/**
 * Epoch times in microseconds, each later than the one before. Rows that are made one after another keep that order
 * when they are listed by time, which milliseconds alone cannot promise.
 */
export class MicrosecondClock {
  /** A safe integer until the year 2255. */
  #last = 0;

  next(): bigint {
    const now = Date.now() * MICROS_PER_MILLI;
    this.#last = now > this.#last ? now : this.#last + 1;
    return BigInt(this.#last);
  }
}
