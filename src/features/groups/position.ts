import { randomInt } from 'node:crypto';
import type { MicrosecondClock } from '../../realtime/microsecond-clock.ts';

const NANOS_PER_MICRO = 1_000;

/**
 * A position for the rows of a membership: nanoseconds since 1970, each later than the one before. What is finer than
 * the clock is random, so that two servers do not give the same.
 */
export function positionAt(clock: MicrosecondClock): bigint {
  return clock.next() * BigInt(NANOS_PER_MICRO) + BigInt(randomInt(NANOS_PER_MICRO));
}
