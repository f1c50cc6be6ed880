import { StatementTooLongError } from './errors.ts';

/** Longer than this a timer cannot wait (Node's manual, `setTimeout`). */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Runs a statement that is to be over at a point in time.
 *
 * @param deadlineMs by `performance.now()`
 * @param cancel called once when the statement runs still; it is to make it fail
 * @throws StatementTooLongError when it was cancelled, or would begin too late
 */
export async function untilDeadline<T>(deadlineMs: number, run: () => Promise<T>, cancel: () => void): Promise<T> {
  const remainingMs = deadlineMs - performance.now();
  if (remainingMs <= 0) throw new StatementTooLongError();
  if (remainingMs > MAX_TIMER_MS) return run();
  let isTooLong = false;
  const timer = setTimeout(() => {
    isTooLong = true;
    cancel();
  }, remainingMs);
  try {
    return await run();
  } catch (error) {
    throw isTooLong ? new StatementTooLongError({ cause: error }) : error;
  } finally {
    clearTimeout(timer);
  }
}
