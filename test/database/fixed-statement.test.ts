import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import { sql } from 'kysely';
import { type Db, fixedStatement, inTransaction } from '../../src/database/database.ts';
import { forEachDatabase } from '../support/databases.ts';
import { countStatements } from '../support/statements.ts';

forEachDatabase((name, open) => {
  let db: Db;

  const share = fixedStatement(
    (whole: number, part: number | null) =>
      sql<{ text: string }>`select ${part}::int || ' of ' || ${whole}::int || ', never ' || ${whole}::int as text`,
  );

  before(async () => {
    ({ db } = await open());
  });

  it('takes its parameters by their order, wherever and however often they stand in it', async () => {
    assert.deepEqual(await share(db, 7, 3), [{ text: '3 of 7, never 7' }]);
    assert.deepEqual(await share(db, 8, 4), [{ text: '4 of 8, never 8' }]);
    assert.deepEqual(await share(db, 8, null), [{ text: null }]);
  });

  it('belongs to the transaction that it is given', async () => {
    const insert = fixedStatement((text: string) => sql`insert into noted values (${text})`);
    const all = fixedStatement(() => sql<{ text: string }>`select text from noted`);
    await sql`create table noted (text text)`.execute(db);
    const undone = new Error('undone');
    await assert.rejects(
      inTransaction(db, async (transaction) => {
        await insert(transaction, 'within');
        assert.deepEqual(await all(transaction), [{ text: 'within' }]);
        throw undone;
      }),
      undone,
    );
    assert.deepEqual(await all(db), []);
    await insert(db, 'alone');
    assert.deepEqual(await all(db), [{ text: 'alone' }]);
  });

  it('is counted as every other statement is', async () => {
    const counted = countStatements(db);
    await share(counted.db, 2, 1);
    assert.deepEqual(counted.taken(), ['select']);
  });

  it('tells of what the database refuses', async () => {
    const divide = fixedStatement((by: number) => sql`select 1 / ${by}::int`);
    await assert.rejects(divide(db, 0), /division by zero/);
    assert.equal((await divide(db, 1)).length, 1);
  });

  it('has no values of its own, where its text is made only once', { skip: name === 'PGlite' }, async () => {
    const seven = 7;
    const mixed = fixedStatement((by: number) => sql`select ${seven}::int / ${by}::int`);
    await assert.rejects(mixed(db, 1), /a value that is none of its parameters/);
  });
});
