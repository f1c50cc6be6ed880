import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import {
  type DatabaseError,
  DatabaseLostError,
  inTransaction,
  type OpenDatabase,
  openDatabase,
  rawQuery,
} from '../../../src/database/database.ts';
import { StatementTooLongError } from '../../../src/database/errors.ts';

const userId = 'a4a1b7c2-8f0b-4c55-9a5e-0d6ef0e5b1f4';
/** Goes on when it is asked to end, so that only ending the engine ends it. */
const disobedient = `do $$ begin loop
  begin loop end loop; exception when query_canceled then null; end;
end loop; end $$`;

/** Uses up the thread's stack, past PostgreSQL's own measure: the engine's code traps. */
async function trap(database: OpenDatabase): Promise<void> {
  const deep = `repeat('[', 2000000) || repeat(']', 2000000)`;
  const sql = `do $$ begin set max_stack_depth = '7MB'; perform (${deep})::jsonb; end $$`;
  await rawQuery(database.db, sql, []);
}

const namesOf = async ({ db }: OpenDatabase) =>
  (await db.selectFrom('users').select('username').where('id', '=', userId).execute()).map((row) => row.username);

describe('an embedded database whose engine fails', () => {
  let parent = '';
  before(async () => {
    parent = await mkdtemp(join(tmpdir(), 'nk-engine-'));
  });
  after(() => rm(parent, { recursive: true }));

  for (const [how, fail] of [
    ['traps', trap],
    ['is ended', (database: OpenDatabase) => rawQuery(database.db, disobedient, [], performance.now() + 200)],
  ] as const) {
    it(`that ${how} runs again on its folder; what waited goes on, what was acknowledged is there`, async () => {
      const lines: string[] = [];
      const reasons: unknown[] = [];
      const log = {
        info: (_: object, text: string) => lines.push(text),
        error: (fields: object, text: string) => {
          lines.push(text);
          reasons.push((fields as { err: unknown }).err);
        },
      };
      const database = await openDatabase({ url: `pglite:${join(parent, how.replace(' ', '-'))}`, log });
      await database.db.insertInto('users').values({ id: userId, username: 'kept' }).execute();
      const failing = fail(database);
      const waiting = [
        namesOf(database),
        inTransaction(database.db, (transaction) => transaction.selectFrom('users').select('id').execute()),
      ];
      await assert.rejects(failing, how === 'traps' ? DatabaseLostError : StatementTooLongError);
      assert.deepEqual(
        (await Promise.all(waiting)).map((rows) => rows.length),
        [1, 2],
      );
      assert.deepEqual(await namesOf(database), ['kept']);
      assert.deepEqual(lines.slice(-2), [
        'the embedded database has failed and is started again',
        'the embedded database runs again',
      ]);
      assert.match(String(reasons[0]), how === 'traps' ? /has stopped: / : /a statement went on when it was cancelled/);
      await database.stop();
    });
  }

  it('in memory by a statement that goes on when it is cancelled: the loss is told with its reason', async () => {
    const { promise, resolve } = Promise.withResolvers<DatabaseError>();
    const database = await openDatabase({ url: 'memory', onFatal: resolve });
    await assert.rejects(rawQuery(database.db, disobedient, [], performance.now() + 200), StatementTooLongError);
    assert.match((await promise).message, /its data is lost: [^\n]*a statement went on when it was cancelled[^\n]*$/);
    await database.stop();
  });

  it('fails a transaction that was under way, which has had no effect', async () => {
    const database = await openDatabase({ url: `pglite:${join(parent, 'transaction')}` });
    const isLost = database.db.transaction().execute(async (transaction) => {
      await transaction.insertInto('users').values({ id: userId, username: 'lost' }).execute();
      await transaction.executeQuery({
        ...transaction.selectFrom('users').selectAll().compile(),
        sql: 'set max_stack_depth = 7000',
      });
      const deep = `${'['.repeat(2_000_000)}${']'.repeat(2_000_000)}`;
      await transaction.insertInto('users').values({ id: userId, username: 'x', metadata: deep }).execute();
    });
    await assert.rejects(isLost, DatabaseLostError);
    assert.deepEqual(await namesOf(database), []);
    await database.stop();
  });

  it('in memory cannot be started again: that is told once, and every query fails at once', async () => {
    const fatal: string[] = [];
    const database = await openDatabase({
      url: 'memory',
      onFatal: (error: DatabaseError) => fatal.push(error.message),
    });
    await assert.rejects(trap(database), DatabaseLostError);
    await assert.rejects(namesOf(database), DatabaseLostError);
    await assert.rejects(rawQuery(database.db, 'select 1', []), DatabaseLostError);
    assert.equal(fatal.length, 1);
    assert.match(fatal[0]!, /^the database in memory has failed, and its data is lost: [^\n]*$/);
    await database.stop();
  });

  it('in a folder that cannot be opened again says so', async () => {
    const folder = join(parent, 'gone');
    const { promise, resolve } = Promise.withResolvers<DatabaseError>();
    const database = await openDatabase({ url: `pglite:${folder}`, onFatal: resolve });
    await rm(join(folder, 'data', 'global'), { recursive: true });
    await assert.rejects(trap(database), DatabaseLostError);
    assert.match(
      (await promise).message,
      /^the database in .*gone.data has failed, and cannot be opened again: [^\n]*$/,
    );
    await assert.rejects(namesOf(database), DatabaseLostError);
    await database.stop();
  });
});

describe('statements that nest without end', () => {
  it('are refused, and the engine goes on', async () => {
    const { db, stop } = await openDatabase({ url: 'memory' });
    const deep = (depth: number, open: string, inner: string, close: string) =>
      open.repeat(depth) + inner + close.repeat(depth);
    const run = (sql: string, ...args: string[]) => rawQuery(db, sql, args);
    for (const [what, running] of [
      ['lists', run('select length($1::jsonb::text)', deep(300_000, '[', '', ']'))],
      ['objects', run('select length($1::jsonb::text)', deep(300_000, '{"a":', '1', '}'))],
      ['sums', run(`select ${'1+'.repeat(100_000)}1`)],
      ['parentheses', run(`select ${deep(100_000, '(', '1', ')')}`)],
    ] as const) {
      await assert.rejects(running, { code: what === 'parentheses' ? '42601' : '54001' }, what);
    }
    await run('create function f(n int) returns int language sql as $$ select 1 $$');
    await run('create or replace function f(n int) returns int language sql as $$ select f(n + 1) + 1 $$');
    await assert.rejects(run('select f(1)'), { code: '54001' });
    // Not refused, but it takes the most of the thread's stack.
    assert.deepEqual((await run(`select 'a' ~ $1 as m`, deep(20_000, '(', 'a', ')'))).rows, [{ m: true }]);
    await stop();
  });
});
