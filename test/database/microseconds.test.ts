import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { it } from 'node:test';
import { microsecondsFrom, microsecondsOf, secondsAndNanos, timestampOf } from '../../src/database/microseconds.ts';
import { forEachDatabase } from '../support/databases.ts';

const nilUuid = '00000000-0000-0000-0000-000000000000';

it('microseconds and a protobuf Timestamp are the same time', () => {
  assert.deepEqual(secondsAndNanos(1_789_000_000_123_456n), { seconds: 1_789_000_000n, nanos: 123_456_000 });
  assert.deepEqual(secondsAndNanos(-1n), { seconds: -1n, nanos: 999_999_000 });
  assert.equal(microsecondsFrom({ seconds: 1_789_000_000n, nanos: 123_456_789 }), 1_789_000_000_123_456n);
  assert.equal(microsecondsFrom(secondsAndNanos(-1n)), -1n);
});

forEachDatabase((name, open) => {
  it(`${name}: messages of one millisecond keep their microseconds, stored and compared`, async () => {
    const { db } = await open();
    const label = randomUUID();
    const times = [1_789_000_000_123_454n, 1_789_000_000_123_456n, 1_789_000_000_123_455n];
    const stream = { stream_mode: 2, stream_subject: nilUuid, stream_descriptor: nilUuid, stream_label: label };
    for (const time of times) {
      await db
        .insertInto('message')
        .values({ id: randomUUID(), sender_id: nilUuid, username: '', ...stream, create_time: timestampOf(time) })
        .execute();
    }
    const after = await db
      .selectFrom('message')
      .select((eb) => microsecondsOf(eb.ref('create_time')).as('micros'))
      .where('stream_label', '=', label)
      .where('create_time', '>', timestampOf(1_789_000_000_123_454n))
      .orderBy('create_time')
      .execute();
    assert.deepEqual(
      after.map(({ micros }) => micros),
      [1_789_000_000_123_455n, 1_789_000_000_123_456n],
    );
  });
});
