import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { it } from 'node:test';
import { rawQuery } from '../../src/database/database.ts';
import { StatementTooLongError } from '../../src/database/errors.ts';
import { forEachDatabase } from '../support/databases.ts';

forEachDatabase((name, open) => {
  it(`${name}: values come back as a module gets them`, async () => {
    const { db } = await open();
    const { rows, columns } = await rawQuery(
      db,
      `select 1::int2 as a, 2::int4 as b, 3::int8 as c, 9223372036854775807::int8 as d, 1.5::float8 as e,
        1.50::numeric as f, true as g, 'x'::text as h, array[1,2] as i, interval '1 day' as j,
        timestamptz '2026-01-02 03:04:05.678Z' as k, timestamp '2026-01-02 03:04:05' as l, date '2026-01-02' as m,
        '{"a":1}'::jsonb as n, '\\x00ff'::bytea as o, null::text as p`,
      [],
    );
    assert.deepEqual(columns.join(''), 'abcdefghijklmnop');
    assert.deepEqual(rows, [
      {
        a: 1,
        b: 2,
        c: 3,
        d: 9223372036854775807n,
        e: 1.5,
        f: '1.50',
        g: true,
        h: 'x',
        i: '{1,2}',
        j: '1 day',
        k: new Date('2026-01-02T03:04:05.678Z'),
        l: new Date('2026-01-02T03:04:05Z'),
        m: new Date('2026-01-02T00:00:00Z'),
        n: Buffer.from('{"a": 1}'),
        o: Buffer.from([0, 255]),
        p: null,
      },
    ]);
  });

  it(`${name}: parameters go in by number, rows written are counted`, async () => {
    const { db } = await open();
    const ids = [randomUUID(), randomUUID()];
    const insert = await rawQuery(db, 'insert into users (id, username) select u, u::text from unnest($1::uuid[]) u', [
      ids,
    ]);
    assert.deepEqual({ ...insert }, { columns: [], rows: [], rowsAffected: 2 });
    const found = await rawQuery(db, 'select username from users where id = $1', [ids[0]]);
    assert.deepEqual({ ...found }, { columns: ['username'], rows: [{ username: ids[0] }], rowsAffected: 0 });
    await assert.rejects(rawQuery(db, 'select $1::text', []));
  });

  it(`${name}: several statements in one text are refused`, async () => {
    const { db } = await open();
    await assert.rejects(rawQuery(db, 'select 1; select 2', []), /multiple commands/);
  });

  it(`${name}: a transaction that a module opens is ended, and takes nothing of others with it`, async () => {
    const { db } = await open();
    const id = randomUUID();
    const outcomes = await Promise.allSettled([
      rawQuery(db, 'begin', []),
      db.insertInto('users').values({ id, username: id }).execute(),
      rawQuery(db, '/* sly */ start transaction', []),
    ]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['rejected', 'fulfilled', 'rejected'],
    );
    const { rows } = await rawQuery(db, 'select id from users where id = $1', [id]);
    assert.deepEqual(rows, [{ id }]);
    // Nothing is left open, on no connection.
    const [first, second] = await Promise.all([
      rawQuery(db, 'select now() as t', []),
      rawQuery(db, 'select now() as t', []),
    ]);
    assert.ok(first && second);
  });

  it(`${name}: what a statement leaves on its connection is gone before anybody else has it`, async () => {
    const { db } = await open();
    await rawQuery(db, 'create table kept (n int)', []);
    const lasting = [
      `set application_name = 'spoilt'`,
      `/* a */ -- b\n set session characteristics as transaction read only`,
      `select set_config('lock_timeout', '1', false)`,
      `do $$ begin perform set_config('work_mem', '1MB', false); end $$`,
      `create role spoilt`,
      'set role spoilt',
      'create temporary table kept (n text)',
      'select 1 as n into temp users',
      'select pg_advisory_lock(7)',
      'listen spoilt',
      'prepare spoilt as select 1',
    ];
    for (const sql of lasting) await rawQuery(db, sql, []);
    const state = `select current_setting('application_name') = 'spoilt' or current_setting('lock_timeout') = '1ms'
      or current_setting('work_mem') = '1MB' or current_setting('default_transaction_read_only') = 'on'
      or current_user = 'spoilt' or to_regclass('kept')::text <> 'kept' or to_regclass('users')::text <> 'users'
      or exists (select from pg_locks where locktype = 'advisory' and pid = pg_backend_pid())
      or exists (select from pg_listening_channels()) or exists (select from pg_prepared_statements where name = 'spoilt')
      as spoilt`;
    const found = await Promise.all(Array.from({ length: 5 }, () => rawQuery(db, state, [])));
    assert.deepEqual(
      found.map(({ rows }) => rows[0]),
      Array(5).fill({ spoilt: false }),
    );
    await rawQuery(db, 'drop role spoilt', []);
  });

  it(`${name}: our own prepared statements outlive a module's taking them away`, async () => {
    const { db } = await open();
    const users = () => db.selectFrom('users').select('id').where('id', '=', randomUUID()).execute();
    for (const sql of ['deallocate all', 'discard all']) {
      for (let times = 0; times < 3; times++) await users();
      await rawQuery(db, sql, []);
      assert.deepEqual(await users(), []);
    }
  });

  it(`${name}: a statement that goes on when it is cancelled costs others nothing`, async () => {
    const { db } = await open();
    // In memory the engine would be lost with its data: see the tests of its failures.
    if (name === 'PGlite') return;
    const disobedient = `do $$ begin loop /* disobedient */
      begin loop end loop; exception when query_canceled then null; end;
    end loop; end $$`;
    const attempts = Array.from({ length: 3 }, () => rawQuery(db, disobedient, [], performance.now() + 100));
    await Promise.all(attempts.map((attempt) => assert.rejects(attempt, StatementTooLongError)));
    const running = `select from pg_stat_activity where state = 'active' and query like 'do%disobedient%'
      and datname = current_database()`;
    while ((await rawQuery(db, running, [])).rows.length > 0);
    await Promise.all(Array.from({ length: 5 }, () => rawQuery(db, 'select 1', [])));
  });
});
