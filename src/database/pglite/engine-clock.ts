const MICROS_PER_MILLI = 1_000;

/**
 * Gives the engine, whose `now()` is this thread's `Date.now()`, a time that is a microsecond later at each reading: of
 * two statements the second is later, as on a server, where milliseconds would have them at once.
 */
export function makeClockStrict(): void {
  const now = Date.now;
  let lastMicros = 0;
  Date.now = () => {
    lastMicros = Math.max(now() * MICROS_PER_MILLI, lastMicros + 1);
    return lastMicros / MICROS_PER_MILLI;
  };
}
