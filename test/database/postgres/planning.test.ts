import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { sql } from 'kysely';
import { type Db, inTransaction, type OpenDatabase, openDatabase, rawQuery } from '../../../src/database/database.ts';
import { createTestDatabase } from '../../support/databases.ts';

const serverUrl = process.env.NK_TEST_POSTGRES;
const SETTINGS = ['enable_seqscan', 'jit'];

describe('how PostgreSQL plans', { skip: !serverUrl }, () => {
  let server: Awaited<ReturnType<typeof createTestDatabase>>;
  let database: OpenDatabase;

  before(async () => {
    server = await createTestDatabase(serverUrl ?? '');
    database = await openDatabase({ url: server.url });
  });

  after(async () => {
    await database.stop();
    await server.drop();
  });

  const settingsOf = async (db: Db, first: string) =>
    (
      await sql<{
        value: string;
      }>`${sql.raw(first)} current_setting(name) as value from unnest(${SETTINGS}::text[]) as name`.execute(db)
    ).rows;
  const off = [{ value: 'off' }, { value: 'off' }];

  it('our own statements: by indexes, and without compiling', async () => {
    assert.deepEqual(await settingsOf(database.db, 'select'), off);
    assert.deepEqual(await settingsOf(database.db, 'with nothing as (select) select'), off);
    assert.deepEqual(await inTransaction(database.db, (transaction) => settingsOf(transaction, 'select')), off);
  });

  it("modules' SQL: as the server is set, also after a transaction", async () => {
    for (const name of SETTINGS) {
      await inTransaction(database.db, (transaction) => sql`select 1`.execute(transaction));
      const { rows } = await rawQuery(
        database.db,
        'select setting, boot_val, reset_val from pg_settings where name = $1',
        [name],
      );
      assert.equal(rows[0]?.setting, rows[0]?.reset_val);
    }
  });

  it('a sign-in on a new database: by the index, though there is only one user', async () => {
    const { rows } = await rawQuery(database.db, `explain select id from users where username = 'x'`, []);
    assert.doesNotMatch(JSON.stringify(rows), /Seq Scan/);
  });
});
