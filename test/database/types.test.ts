import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { it } from 'node:test';
import { sql } from 'kysely';
import { forEachDatabase } from '../support/databases.ts';

forEachDatabase((name, open) => {
  it(`${name}: a user comes back as it was written, defaults filled in`, async () => {
    const { db } = await open();
    const id = randomUUID();
    const before = new Date();
    await db
      .insertInto('users')
      .values({ id, username: id, metadata: '{"b":1,"a":[true,null]}', password: Buffer.from([0, 255, 10]) })
      .execute();
    const user = await db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    assert.equal(user.id, id);
    assert.equal(user.metadata, '{"a": [true, null], "b": 1}');
    assert.equal(user.wallet, '{}');
    assert.deepEqual(user.password, Buffer.from([0, 255, 10]));
    assert.equal(user.email, null);
    assert.equal(user.edge_count, 0);
    assert.ok(user.create_time instanceof Date);
    assert.ok(Math.abs(user.create_time.getTime() - before.getTime()) < 60_000);
    assert.deepEqual(user.disable_time, new Date(0));
  });

  it(`${name}: jsonb keeps numbers that JavaScript cannot hold`, async () => {
    const { db } = await open();
    const id = randomUUID();
    await db.insertInto('users').values({ id, username: id, wallet: '{"gold":9007199254740993}' }).execute();
    const { wallet } = await db.selectFrom('users').select('wallet').where('id', '=', id).executeTakeFirstOrThrow();
    assert.equal(wallet, '{"gold": 9007199254740993}');
  });

  it(`${name}: int8 is a bigint, numbers are accepted, counts are cast`, async () => {
    const { db } = await open();
    const id = randomUUID();
    await db.insertInto('leaderboard').values({ id }).execute();
    await db
      .insertInto('leaderboard_record')
      .values({ leaderboard_id: id, owner_id: randomUUID(), score: 9223372036854775807n, subscore: 5 })
      .execute();
    const record = await db
      .selectFrom('leaderboard_record')
      .select(['score', 'subscore', sql<number>`(count(*) over ())::int`.as('total')])
      .where('leaderboard_id', '=', id)
      .executeTakeFirstOrThrow();
    assert.deepEqual(record, { score: 9223372036854775807n, subscore: 5n, total: 1 });
  });

  it(`${name}: a list of ids is one parameter`, async () => {
    const { db } = await open();
    const ids = [randomUUID(), randomUUID()];
    await db
      .insertInto('users')
      .values(ids.map((id) => ({ id, username: id })))
      .execute();
    const found = await db
      .selectFrom('users')
      .select('id')
      .where((eb) => eb('id', '=', eb.fn.any(eb.val([...ids, randomUUID()]))))
      .execute();
    assert.deepEqual(found.map(({ id }) => id).sort(), ids.sort());
  });

  it(`${name}: a Date is stored to the millisecond, whatever the server's time zone`, async () => {
    const { db } = await open();
    const userId = randomUUID();
    const time = new Date('2026-03-29T02:30:00.123Z');
    await db.insertInto('user_tombstone').values({ user_id: userId, create_time: time }).execute();
    const row = await db
      .selectFrom('user_tombstone')
      .select('create_time')
      .where('user_id', '=', userId)
      .executeTakeFirstOrThrow();
    assert.deepEqual(row.create_time, time);
  });

  it(`${name}: a changed row is counted`, async () => {
    const { db } = await open();
    const id = randomUUID();
    await db.insertInto('users').values({ id, username: id }).execute();
    const update = db.updateTable('users').set({ location: 'here' });
    assert.equal((await update.where('id', '=', id).executeTakeFirstOrThrow()).numUpdatedRows, 1n);
    assert.equal((await update.where('id', '=', randomUUID()).executeTakeFirstOrThrow()).numUpdatedRows, 0n);
    const deleted = await db.deleteFrom('users').where('id', '=', id).returning('location').execute();
    assert.deepEqual(deleted, [{ location: 'here' }]);
  });
});
