import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { it } from 'node:test';
import { sql } from 'kysely';
import {
  afterCommit,
  type Db,
  inTransaction,
  isCheckViolation,
  isForeignKeyViolation,
  isUniqueViolation,
} from '../../src/database/database.ts';
import { forEachDatabase } from '../support/databases.ts';

forEachDatabase((name, open) => {
  it(`${name}: a transaction that throws leaves nothing behind`, async () => {
    const { db } = await open();
    const id = randomUUID();
    const failure = new Error('no');
    const attempt = inTransaction(db, async (transaction) => {
      await addUser(transaction, id);
      throw failure;
    });
    await assert.rejects(attempt, failure);
    assert.equal(await isThere(db, id), false);
  });

  it(`${name}: a transaction within one is part of it`, async () => {
    const { db } = await open();
    const id = randomUUID();
    const attempt = inTransaction(db, async (transaction) => {
      await inTransaction(transaction, (inner) => addUser(inner, id));
      throw new Error('no');
    });
    await assert.rejects(attempt);
    assert.equal(await isThere(db, id), false);
  });

  it(`${name}: what is left for after the commit happens once it holds, and not when it was undone`, async () => {
    const { db } = await open();
    const happened: string[] = [];
    afterCommit(db, () => happened.push('no transaction'));
    await inTransaction(db, async (transaction) => {
      await inTransaction(transaction, async (inner) => afterCommit(inner, () => happened.push('committed')));
      assert.deepEqual(happened, ['no transaction']);
    });
    const attempt = inTransaction(db, async (transaction) => {
      afterCommit(transaction, () => happened.push('undone'));
      throw new Error('no');
    });
    await assert.rejects(attempt);
    assert.deepEqual(happened, ['no transaction', 'committed']);
  });

  it(`${name}: what others write meanwhile is neither seen as part of a transaction nor lost with it`, async () => {
    const { db } = await open();
    const [mine, other] = [randomUUID(), randomUUID()];
    let others: Promise<void> | undefined;
    const attempt = inTransaction(db, async (transaction) => {
      await addUser(transaction, mine);
      others = addUser(db, other);
      await addUser(transaction, randomUUID());
      throw new Error('no');
    });
    await assert.rejects(attempt);
    await others;
    assert.equal(await isThere(db, mine), false);
    assert.equal(await isThere(db, other), true);
  });

  it(`${name}: many statements and transactions at once all arrive`, async () => {
    const { db } = await open();
    const id = randomUUID();
    await addUser(db, id);
    const increment = (on: Db) =>
      on.updateTable('users').set({ edge_count: sql`edge_count + 1` }).where('id', '=', id).execute();
    await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        index % 2 === 0
          ? increment(db)
          : inTransaction(db, async (transaction) => {
              await increment(transaction);
              await increment(transaction);
            }),
      ),
    );
    const row = await db.selectFrom('users').select('edge_count').where('id', '=', id).executeTakeFirstOrThrow();
    assert.equal(row.edge_count, 75);
  });

  it(`${name}: a serialization failure runs the transaction again, but not for ever`, async () => {
    const { db } = await open();
    let runs = 0;
    const result = await inTransaction(db, async (transaction) => {
      runs++;
      if (runs < 3) await raise(transaction, '40001');
      return 'done';
    });
    assert.deepEqual([result, runs], ['done', 3]);

    runs = 0;
    const hopeless = inTransaction(db, async (transaction) => {
      runs++;
      await raise(transaction, '40P01');
    });
    await assert.rejects(hopeless, { code: '40P01' });
    assert.equal(runs, 5);
  });

  it(`${name}: violated constraints are told apart`, async () => {
    const { db } = await open();
    const id = randomUUID();
    await addUser(db, id);
    const duplicate = await db.insertInto('users').values({ id: randomUUID(), username: id }).execute().catch(identity);
    assert.equal(isUniqueViolation(duplicate), true);
    assert.equal(isUniqueViolation(duplicate, 'users_username_key'), true);
    assert.equal(isUniqueViolation(duplicate, 'users_pkey'), false);
    assert.equal(isForeignKeyViolation(duplicate), false);

    const device = { id: randomUUID(), user_id: randomUUID() };
    const orphan = await db.insertInto('user_device').values(device).execute().catch(identity);
    assert.equal(isForeignKeyViolation(orphan, 'user_device_user_id_fkey'), true);

    const group = { id: randomUUID(), creator_id: id, name: id, edge_count: 0 };
    const empty = await db.insertInto('groups').values(group).execute().catch(identity);
    assert.equal(isCheckViolation(empty, 'groups_check'), true);
    assert.equal(isUniqueViolation(new Error('duplicate key')), false);
  });

  it(`${name}: a table that gets a column while statements on it are prepared is read on`, async () => {
    const { db } = await open();
    const read = (on: Db) => on.selectFrom('setting').selectAll().execute();
    for (let use = 0; use < 10; use++) await read(db);
    await sql`alter table setting add column nk_later text`.execute(db);
    assert.equal((await read(db)).length, 1);
    for (let use = 0; use < 10; use++) await read(db);
    await sql`alter table setting drop column nk_later`.execute(db);
    assert.equal((await inTransaction(db, read)).length, 1);
  });

  it(`${name}: an error of one statement does not reach those sent beside it`, async () => {
    const { db } = await open();
    const id = randomUUID();
    await addUser(db, id);
    const outcomes = await Promise.allSettled([
      addUser(db, randomUUID()),
      addUser(db, id),
      addUser(db, randomUUID()),
      sql`select from nowhere`.execute(db),
      isThere(db, id),
    ]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled'],
    );
  });
});

async function addUser(db: Db, id: string): Promise<void> {
  await db.insertInto('users').values({ id, username: id }).execute();
}

async function isThere(db: Db, id: string): Promise<boolean> {
  return (await db.selectFrom('users').select('id').where('id', '=', id).execute()).length === 1;
}

async function raise(db: Db, state: string): Promise<void> {
  await sql.raw(`do $$ begin raise exception using errcode = '${state}'; end $$`).execute(db);
}

function identity(error: unknown): unknown {
  return error;
}
