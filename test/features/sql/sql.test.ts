import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { DatabaseLostError, type Db } from '../../../src/database/database.ts';
import { createSqlFeature } from '../../../src/features/sql/index.ts';
import { forEachDatabase } from '../../support/databases.ts';
import { moduleCalls } from '../../support/module-calls.ts';

forEachDatabase((_name, open) => {
  let nk: ReturnType<typeof moduleCalls>;
  before(async () => {
    nk = moduleCalls(createSqlFeature({ db: (await open()).db }));
  });
  const row = async (sql: string, ...args: unknown[]) => ((await nk('sqlQuery', sql, args)) as object[])[0];

  test('rows are objects by column', async () => {
    assert.deepEqual(await nk('sqlQuery', 'SELECT n, n * n AS square FROM generate_series(1, 2) AS n ORDER BY n'), [
      { n: 1, square: 1 },
      { n: 2, square: 4 },
    ]);
    assert.deepEqual(await nk('sqlQuery', 'SELECT 1 WHERE false'), []);
  });
  test('numbers are numbers, numeric is text, even where a number cannot be exact', async () => {
    assert.deepEqual(
      await row(
        'SELECT 1::smallint AS small, 3000000000::bigint AS big, 9007199254740993::bigint AS vast, 1.5::float8 AS half, 2.50::numeric AS exact',
      ),
      { small: 1, big: 3000000000, vast: 9007199254740992, half: 1.5, exact: '2.50' },
    );
  });
  test('text, truth, nothing, ids and lists', async () => {
    assert.deepEqual(
      await row(
        "SELECT 'x'::text AS word, true AS flag, NULL::text AS nothing, '5e1f0a5e-0000-4000-8000-000000000001'::uuid AS id, '{1,2}'::int[] AS list",
      ),
      { word: 'x', flag: true, nothing: null, id: '5e1f0a5e-0000-4000-8000-000000000001', list: '{1,2}' },
    );
  });
  test('bytes and JSON are lists of bytes', async () => {
    assert.deepEqual(await row("SELECT '\\x01ff'::bytea AS bytes, '{}'::jsonb AS doc"), {
      bytes: [1, 255],
      doc: [123, 125],
    });
  });
  test('points in time cross as such', async () => {
    assert.deepEqual(await row("SELECT '2024-02-29T12:00:00+02'::timestamptz AS at, '2024-02-29'::date AS day"), {
      at: { epochMs: Date.UTC(2024, 1, 29, 10) },
      day: { epochMs: Date.UTC(2024, 1, 29) },
    });
  });
  test('parameters of several types', async () => {
    assert.deepEqual(
      await row(
        'SELECT $1::text AS a, $2::int AS b, $3::bool AS c, $4::float8 AS d, $5::text AS e',
        'x',
        5,
        true,
        2.5,
        null,
      ),
      {
        a: 'x',
        b: 5,
        c: true,
        d: 2.5,
        e: null,
      },
    );
    assert.deepEqual(
      await row('SELECT sum(n)::int AS sum FROM generate_series(1, 9) AS n WHERE n = ANY($1::int[])', [2, 4, 40]),
      { sum: 6 },
    );
  });
  test('sqlExec counts the rows it changed; sqlQuery may change some, too', async () => {
    await nk('sqlExec', 'CREATE TABLE berths (n int)');
    assert.deepEqual(await nk('sqlExec', 'INSERT INTO berths VALUES (1), (2)'), { rowsAffected: 2 });
    assert.deepEqual(await nk('sqlExec', 'DELETE FROM berths WHERE n > $1', [5]), { rowsAffected: 0 });
    assert.deepEqual(await nk('sqlQuery', 'UPDATE berths SET n = n + 1 WHERE n = 1 RETURNING n'), [{ n: 2 }]);
  });
  test('what the database refuses fails with its text', async () => {
    for (const [sql, args, text] of [
      ['PLEASE GIVE ME ROWS', [], /syntax error/],
      ['DELETE FROM dragons', [], /dragons/],
      ['SELECT $1::text AS a, $2::text AS b', ['x'], /./],
      ['SELECT $1::uuid AS a', ['not an id'], /uuid/],
    ] as const) {
      await assert.rejects(
        nk('sqlQuery', sql, args),
        (error: Error) => !(error instanceof TypeError) && text.test(error.message),
        sql,
      );
    }
  });
  test('parameters that are no list, and no query, are TypeErrors', async () => {
    await assert.rejects(nk('sqlQuery', 'SELECT 1', 'x'), TypeError);
    await assert.rejects(nk('sqlQuery', 'SELECT 1', null), TypeError);
    await assert.rejects(nk('sqlExec'), TypeError);
  });
});

test('a database that went away is told as such', async () => {
  const lost = new DatabaseLostError('gone');
  const db = { isTransaction: false, executeQuery: () => Promise.reject(lost) } as unknown as Db;
  await assert.rejects(moduleCalls(createSqlFeature({ db }))('sqlQuery', 'SELECT 1'), lost);
});
