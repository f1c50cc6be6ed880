import { type Expression, type RawBuilder, sql } from 'kysely';

const MICROS_PER_SECOND = 1_000_000n;

/**
 * A timestamptz column as microseconds since 1970, exactly: a Date would cut it to milliseconds, and two chat messages
 * of one millisecond would lose their order.
 *
 *     db.selectFrom('message').select((eb) => ['id', microsecondsOf(eb.ref('create_time')).as('createTimeMicros')])
 */
export function microsecondsOf(column: Expression<unknown>): RawBuilder<bigint> {
  return sql<bigint>`(extract(epoch from ${column}) * 1000000)::int8`;
}

/** The other way: a timestamptz to store or to compare with, from microseconds since 1970, given or of a
 * column. Exact until the year 2255. */
export function timestampOf(micros: bigint | Expression<unknown>): RawBuilder<Date> {
  return sql<Date>`(timestamptz 'epoch' + ${micros}::int8 * interval '1 microsecond')`;
}

/** The parts of a protobuf Timestamp. */
export function secondsAndNanos(micros: bigint): { seconds: bigint; nanos: number } {
  const remainder = ((micros % MICROS_PER_SECOND) + MICROS_PER_SECOND) % MICROS_PER_SECOND;
  return { seconds: (micros - remainder) / MICROS_PER_SECOND, nanos: Number(remainder) * 1000 };
}

/** The other way; what is finer than a microsecond is cut. */
export function microsecondsFrom(timestamp: { seconds: bigint; nanos: number }): bigint {
  return timestamp.seconds * MICROS_PER_SECOND + BigInt(Math.trunc(timestamp.nanos / 1000));
}
