import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import { sql } from 'kysely';
import { type Db, type OpenDatabase, openDatabase } from '../../src/database/database.ts';
import { migrate, migrationStates } from '../../src/database/migrate.ts';
import { migrations, referenceMigrationIds } from '../../src/database/migrations/migrations.ts';
import { referenceTables } from '../../src/database/tables.ts';
import { nk } from '../cli/run-nk.ts';
import { makeReferenceTables } from '../fixtures/reference-database.ts';
import { createTestDatabase, forEachDatabase } from '../support/databases.ts';

const nilUuid = '00000000-0000-0000-0000-000000000000';

forEachDatabase((name, open) => {
  it(`${name}: a new database has the tables and columns of the reference, and the system user`, async () => {
    const { db } = await open();
    const tables = await db.introspection.getTables();
    const columnsOf = new Map(tables.map((table) => [table.name, table.columns.map((column) => column.name)]));
    for (const [table, columns] of Object.entries(referenceTables)) {
      const present = (columnsOf.get(table) ?? []).filter((column) => !column.startsWith('nk_'));
      assert.deepEqual(present.sort(), [...columns].sort(), table);
    }
    const system = await db.selectFrom('users').select('username').where('id', '=', nilUuid).execute();
    assert.deepEqual(system, [{ username: '' }]);
  });

  it(`${name}: our own columns in its tables may be left empty, so that the reference can write there`, async () => {
    const { db } = await open();
    const tables = await db.introspection.getTables();
    const ours = tables.filter(({ name }) => !name.startsWith('nk_')).flatMap(({ columns }) => columns);
    const own = ours.filter((column) => column.name.startsWith('nk_'));
    assert.ok(own.length > 0);
    for (const column of own) assert.equal(column.isNullable, true, column.name);
  });

  it(`${name}: migrating a current database does nothing`, async () => {
    const { db } = await open();
    assert.deepEqual(await migrate(db, 'test'), []);
    const states = await migrationStates(db);
    assert.deepEqual(
      states.map(({ id }) => id),
      migrations.map(({ id }) => id),
    );
    assert.ok(states.every(({ appliedAt }) => appliedAt instanceof Date));
  });
});

describe('a database that has tables already', () => {
  let database: OpenDatabase;
  let db: Db;
  before(async () => {
    database = await openDatabase({ url: 'memory', isMigrated: false });
    db = database.db;
  });
  beforeEach(() => makeReferenceTables(db));
  after(() => database.stop());

  it('made by Nakama 3.40, is taken as it is, with our additions beside', async () => {
    const applied = await migrate(db, 'test');
    assert.deepEqual(
      applied,
      migrations.map(({ id }) => id),
    );
    const notification = await db.selectFrom('notification').select('nk_vars').execute();
    assert.deepEqual(notification, []);
    const { rows } = await sql`select id from migration_info`.execute(db);
    assert.equal(rows.length, referenceMigrationIds.length);
    assert.deepEqual(await migrate(db, 'test'), []);
  });

  it('made by an older Nakama, is refused, with the way out', async () => {
    await sql`delete from migration_info where id like '2026%'`.execute(db);
    await assert.rejects(migrate(db, 'game'), {
      name: 'DatabaseError',
      message:
        /^database game is of an unknown version: it lacks Nakama's migration 20260319\S+; .*nakama migrate up"$/,
    });
    await assert.rejects(db.selectFrom('nk_migration').selectAll().execute(), 'nothing was changed');
  });

  it('made by a newer Nakama, is refused, also when it was ours before', async () => {
    await sql`insert into migration_info (id) values ('20990101-new.sql')`.execute(db);
    const refusal = /unknown version: a Nakama newer than 3\.40 has applied the migration 20990101-new\.sql$/;
    await assert.rejects(migrate(db, 'test'), refusal);
    await sql`delete from migration_info where id like '2099%'`.execute(db);
    await migrate(db, 'test');
    await sql`insert into migration_info (id) values ('20990101-new.sql')`.execute(db);
    await assert.rejects(migrate(db, 'test'), refusal);
  });

  it('lacking a column, is refused by its name', async () => {
    await sql`alter table users drop column apple_id`.execute(db);
    await assert.rejects(migrate(db, 'test'), /unknown version: the column users\.apple_id is missing$/);
  });

  it('of something else altogether, is refused', async () => {
    await sql`drop table migration_info`.execute(db);
    await assert.rejects(
      migrate(db, 'test'),
      /unknown version: it has a table "users" that neither nk nor Nakama made/,
    );
  });

  it('made by a newer nk, is refused', async () => {
    await migrate(db, 'test');
    await db.insertInto('nk_migration').values({ id: '9999-from-the-future' }).execute();
    await assert.rejects(
      migrate(db, 'test'),
      /unknown version: a newer nk has applied the migration 9999-from-the-future/,
    );
  });
});

describe('servers that start together on one PostgreSQL', { skip: !process.env.NK_TEST_POSTGRES }, () => {
  it('migrate it once', async (t) => {
    const { url, drop } = await createTestDatabase(process.env.NK_TEST_POSTGRES ?? '');
    t.after(drop);
    const servers = await Promise.all(Array.from({ length: 4 }, () => openDatabase({ url })));
    const rows = await servers[0]?.db.selectFrom('nk_migration').select('id').execute();
    assert.equal(rows?.length, migrations.length);
    await Promise.all(servers.map((server) => server.stop()));
  });
});

it('a user without rights on the database is told what to do', { skip: !process.env.NK_TEST_POSTGRES }, async (t) => {
  const { url, drop } = await createTestDatabase(process.env.NK_TEST_POSTGRES ?? '');
  const role = `nk_test_${randomUUID().replaceAll('-', '')}`;
  const owner = await openDatabase({ url });
  await sql.raw(`create role ${role} login password 'x'`).execute(owner.db);
  t.after(async () => {
    await sql.raw(`drop role ${role}`).execute(owner.db);
    await owner.stop();
    await drop();
  });
  const guest = new URL(url);
  guest.username = role;
  guest.password = 'x';
  await assert.rejects(openDatabase({ url: guest.toString() }), {
    name: 'DatabaseError',
    message: /permission denied for table nk_migration\. Make this user the owner/,
  });
  const { code, stderr } = await nk('db', 'dump', '/nowhere.gz', '--database', guest.toString());
  assert.equal(code, 1);
  assert.match(
    stderr,
    /^nk: postgres:\S+: permission denied for table nk_migration\. Make this user the owner [^\n]+\n$/,
  );
});
