import assert from 'node:assert/strict';
import { it } from 'node:test';
import { sql } from 'kysely';
import { openDatabase } from '../../src/database/database.ts';

it('on the embedded database, of two statements the second is later, however quickly they follow', async () => {
  const { db, stop } = await openDatabase({ url: 'memory' });
  const now = () => sql<{ micros: bigint }>`select (extract(epoch from now()) * 1000000)::int8 as micros`.execute(db);
  const times = (await Promise.all(Array.from({ length: 2000 }, now))).map(({ rows }) => rows[0]!.micros);
  const disordered = times.filter((time, i) => i > 0 && time <= times[i - 1]!);
  assert.deepEqual(disordered, []);
  await stop();
});
