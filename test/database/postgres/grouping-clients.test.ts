import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { CompiledQuery } from 'kysely';
import { Client } from 'pg';
import { DatabaseLostError, sqlStateOf } from '../../../src/database/errors.ts';
import { GroupingClients } from '../../../src/database/postgres/grouping-clients.ts';
import { StatementNames } from '../../../src/database/statement-names.ts';
import { createTestDatabase } from '../../support/databases.ts';

const serverUrl = process.env.NK_TEST_POSTGRES;
const UNIQUE_VIOLATION = '23505';

describe('single statements on PostgreSQL', { skip: !serverUrl }, () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let admin: Client;
  let clients: GroupingClients;
  let lost: Error[] = [];

  const open = () =>
    new GroupingClients({
      config: { connectionString: database.url, application_name: 'grouped' },
      names: new StatementNames(),
      max: 2,
      prologue: 'set enable_seqscan to off',
      onLost: (error) => lost.push(error),
    });
  const run = <R>(sql: string, ...values: unknown[]) => clients.executeQuery<R>(CompiledQuery.raw(sql, values));
  const insert = (id: number, value = 0) => run('insert into item values ($1, $2)', id, value);
  const items = async () => (await admin.query('select id, value from item order by id')).rows;

  before(async () => {
    database = await createTestDatabase(serverUrl ?? '');
    admin = new Client({ connectionString: database.url });
    await admin.connect();
    await admin.query(`
      create table item (id int primary key, value int);
      create table part (item int references item deferrable initially deferred);
    `);
    clients = open();
    await run('select $1::int', 1);
  });

  after(async () => {
    await clients.end();
    await admin.end();
    await database.drop();
  });

  it('go together when they are asked in one turn, as one transaction', async () => {
    const ask = (n: number) => run<{ n: number; id: string }>('select $1::int as n, txid_current()::text as id', n);
    const together = await Promise.all([ask(1), ask(2), ask(3)]);
    assert.deepEqual(
      together.map(({ rows }) => rows[0]?.n),
      [1, 2, 3],
    );
    assert.equal(new Set(together.map(({ rows }) => rows[0]?.id)).size, 1);
    const later = await ask(4);
    assert.notEqual(later.rows[0]?.id, together[0]?.rows[0]?.id);
  });

  it('tell columns and counts of rows, prepared or not', async () => {
    for (let round = 0; round < 4; round++) {
      const [read, none, written] = await Promise.all([
        run('select $1::int as a, $2::text as b', round, 'x'),
        run('select $1::int as a, $2::text as b where false', round, 'x'),
        run('update item set value = value where $1::int is null', round),
      ]);
      assert.deepEqual(read, { rows: [{ a: round, b: 'x' }], columns: ['a', 'b'] });
      assert.deepEqual(none, { rows: [], columns: ['a', 'b'] });
      assert.deepEqual(written, { rows: [], columns: [], numAffectedRows: 0n });
    }
  });

  it('are refused once the connections are being closed, which waits for those that were asked before', async () => {
    const closing = open();
    const asked = closing.executeQuery(CompiledQuery.raw('select pg_sleep(0.05), $1::int as n', [1]));
    const ended = closing.end();
    await assert.rejects(closing.executeQuery(CompiledQuery.raw('select $1::int', [1])), DatabaseLostError);
    await ended;
    assert.equal((await asked).rows.length, 1);
  });

  it('fail alone: the others of their group are done, in their order', async () => {
    await admin.query('delete from item');
    const outcomes = await Promise.allSettled([
      insert(1),
      insert(2),
      insert(1),
      run('update item set value = value + 1 where id = $1', 2),
      run('insert into nowhere values ($1)', 1),
      run('update item set value = value * 10 where id = $1', 2),
      insert(3),
    ]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
    );
    assert.equal(sqlStateOf((outcomes[2] as PromiseRejectedResult).reason), UNIQUE_VIOLATION);
    assert.deepEqual(await items(), [
      { id: 1, value: 0 },
      { id: 2, value: 10 },
      { id: 3, value: 0 },
    ]);
  });

  it('fail alone when only the commit shows it', async () => {
    await admin.query('delete from item');
    const outcomes = await Promise.allSettled([insert(1), run('insert into part values ($1)', 99), insert(2)]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
    assert.equal((await items()).length, 2);
  });

  it('can be prepared after they stood behind one that failed', async () => {
    const ask = (n: number) => run<{ double: number }>('select $1::int * 2 as double', n);
    const fails = () => run('select 1 / $1::int', 0);
    for (let round = 0; round < 3; round++) {
      const [failed, answer] = await Promise.allSettled([fails(), ask(round), ask(round)]);
      assert.equal(failed.status, 'rejected');
      assert.deepEqual((answer as PromiseFulfilledResult<{ rows: unknown[] }>).value.rows, [{ double: round * 2 }]);
    }
  });

  it('go on when a table has got another shape', async () => {
    await admin.query('create table changing as select 1 as a');
    for (let i = 0; i < 3; i++) await run('select *, $1::int as n from changing', i);
    await admin.query('alter table changing add column b int default 2');
    const [{ rows }, other] = await Promise.all([
      run('select *, $1::int as n from changing', 7),
      run('select $1', 'y'),
    ]);
    assert.deepEqual(rows, [{ a: 1, b: 2, n: 7 }]);
    assert.equal(other.rows.length, 1);
  });

  it('do not wait for a slow one', async () => {
    let isSlowDone = false;
    const slow = run('select pg_sleep($1::float8)', 0.5).then(() => {
      isSlowDone = true;
    });
    await delay(100);
    await run('select $1::int', 1);
    assert.equal(isSlowDone, false);
    await slow;
  });

  it('of an ended connection are told so, and later ones get another', async () => {
    lost = [];
    const outcomes = Promise.allSettled([run('select pg_sleep($1::float8)', 5), run('select $1::int', 1)]);
    await delay(50);
    const { rowCount } = await admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'grouped'`,
    );
    for (const outcome of await outcomes) {
      assert.ok(outcome.status === 'rejected' && outcome.reason instanceof DatabaseLostError);
    }
    // Idle connections were ended with it: until their end is heard of, one may be given a statement.
    while (lost.length < rowCount!) await delay(1);
    assert.equal((await run('select $1::int as a', 5)).rows.length, 1);
    assert.ok(lost.length > 0);
  });

  it('are finished before the connections are closed', async () => {
    await admin.query('delete from item');
    const own = open();
    const begun = Array.from({ length: 300 }, (_, id) =>
      own.executeQuery(CompiledQuery.raw('insert into item values ($1, 0)', [id])),
    );
    await own.end();
    await Promise.all(begun);
    assert.equal((await items()).length, 300);
  });
});
