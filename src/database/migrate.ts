import { type Kysely, sql } from 'kysely';
import { DatabaseError, isUndefinedTable } from './errors.ts';
import { type Migration, migrations, referenceMigrationIds } from './migrations/migrations.ts';
import type { Schema } from './schema.ts';
import { referenceTables } from './tables.ts';
import { inTransaction } from './transactions.ts';

/** Any number, but the same in all versions of nk: the advisory lock that lets one of several servers migrate. */
const MIGRATION_LOCK_KEY = 6_551_230_411;

export interface MigrationState {
  readonly id: string;
  /** When it was applied; null while it is not. */
  readonly appliedAt: Date | null;
}

/**
 * Brings the tables to this version's, and answers with what was done; one round trip when that is nothing. A database
 * made by Nakama is taken as it is, our additions beside it. Servers that start together wait for each other.
 *
 * @param description the database as error messages name it
 * @throws DatabaseError when the tables are of a version that is not known, or a promotion to them was interrupted
 */
export async function migrate(db: Kysely<Schema>, description: string): Promise<readonly string[]> {
  if (await isCurrent(db, description)) return [];
  return inTransaction(db, async (transaction) => {
    // CockroachDB takes the statement but does not lock: migrate it with one server running.
    await sql`select pg_advisory_xact_lock(${MIGRATION_LOCK_KEY}::int8)`.execute(transaction);
    const pending = await pendingMigrations(transaction, description);
    for (const { migration, isThereAlready } of pending) {
      if (!isThereAlready) await sql.raw(migration.sql).execute(transaction);
      await transaction.insertInto('nk_migration').values({ id: migration.id }).execute();
    }
    return pending.map(({ migration }) => migration.id);
  });
}

/** Every migration of this version and whether it has been applied. Changes nothing. */
export async function migrationStates(db: Kysely<Schema>): Promise<readonly MigrationState[]> {
  const applied = (await readApplied(db))?.rows ?? [];
  const times = new Map(applied.map(({ id, applied_time }) => [id, applied_time]));
  return migrations.map(({ id }) => ({ id, appliedAt: times.get(id) ?? null }));
}

async function isCurrent(db: Kysely<Schema>, description: string): Promise<boolean> {
  const applied = await readApplied(db);
  if (!applied) return false;
  const ids = new Set(applied.rows.map(({ id }) => id));
  refuseUnknown(ids, description);
  if (applied.isHalfFilled) await refuseHalfFilled(db, description);
  if (applied.hasReferenceTable) refuseUnknownReference(await readReferenceIds(db), description);
  return migrations.every(({ id }) => ids.has(id));
}

interface Applied {
  readonly rows: readonly { id: string; applied_time: Date }[];
  readonly hasReferenceTable: boolean;
  /** A promotion to this database has begun and not ended. */
  readonly isHalfFilled: boolean;
}

async function readApplied(db: Kysely<Schema>): Promise<Applied | null> {
  try {
    const rows = await db
      .selectFrom('nk_migration')
      .select([
        'id',
        'applied_time',
        sql<boolean>`to_regclass('migration_info') is not null`.as('has_reference'),
        sql<boolean>`to_regclass('nk_promotion') is not null`.as('has_promotion'),
      ])
      .execute();
    return {
      rows,
      hasReferenceTable: rows.some((row) => row.has_reference),
      isHalfFilled: rows.some((row) => row.has_promotion),
    };
  } catch (error) {
    if (isUndefinedTable(error)) return null;
    throw error;
  }
}

async function pendingMigrations(
  db: Kysely<Schema>,
  description: string,
): Promise<readonly { migration: Migration; isThereAlready: boolean }[]> {
  const isAdoption = !(await hasTable(db, 'nk_migration'));
  if (isAdoption) {
    await sql`create table nk_migration (
      id text not null primary key,
      applied_time timestamptz not null default now()
    )`.execute(db);
  }
  const isReferenceDatabase = isAdoption && (await hasTable(db, 'users'));
  if (isReferenceDatabase) await refuseUnlessReference(db, description);
  const rows = await db.selectFrom('nk_migration').select('id').execute();
  const applied = new Set(rows.map(({ id }) => id));
  refuseUnknown(applied, description);
  return migrations
    .filter(({ id }) => !applied.has(id))
    .map((migration) => ({ migration, isThereAlready: isReferenceDatabase && migration.isReference === true }));
}

async function refuseUnlessReference(db: Kysely<Schema>, description: string): Promise<void> {
  if (!(await hasTable(db, 'migration_info'))) {
    throw unknownVersion(description, 'it has a table "users" that neither nk nor Nakama made; use an empty database');
  }
  const ids = await readReferenceIds(db);
  refuseUnknownReference(ids, description);
  const missing = referenceMigrationIds.find((id) => !ids.has(id));
  if (missing !== undefined) {
    throw unknownVersion(
      description,
      `it lacks Nakama's migration ${missing}; bring it to Nakama 3.40 first with "nakama migrate up"`,
    );
  }
  await refuseMissingColumns(db, description);
}

async function refuseMissingColumns(db: Kysely<Schema>, description: string): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select c.table_name || '.' || c.column_name as name from information_schema.columns c
    where c.table_schema = any(current_schemas(false))`.execute(db);
  const present = new Set(rows.map(({ name }) => name));
  for (const [table, columns] of Object.entries(referenceTables)) {
    const missing = columns.find((column) => !present.has(`${table}.${column}`));
    if (missing !== undefined) throw unknownVersion(description, `the column ${table}.${missing} is missing`);
  }
}

function refuseUnknown(applied: ReadonlySet<string>, description: string): void {
  const known = new Set(migrations.map(({ id }) => id));
  const unknown = [...applied].find((id) => !known.has(id));
  if (unknown !== undefined) {
    throw unknownVersion(
      description,
      `a newer nk has applied the migration ${unknown}; use that version or a newer one`,
    );
  }
}

function refuseUnknownReference(ids: ReadonlySet<string>, description: string): void {
  const known = new Set(referenceMigrationIds);
  const unknown = [...ids].find((id) => !known.has(id));
  if (unknown !== undefined) {
    throw unknownVersion(description, `a Nakama newer than 3.40 has applied the migration ${unknown}`);
  }
}

function unknownVersion(description: string, reason: string): DatabaseError {
  return new DatabaseError(`database ${description} is of an unknown version: ${reason}`);
}

async function refuseHalfFilled(db: Kysely<Schema>, description: string): Promise<void> {
  const { rows } = await sql<{ source: string }>`select source from nk_promotion where table_name = ''`.execute(db);
  const source = rows[0]?.source ?? 'another database';
  throw new DatabaseError(
    `database ${description} is half-filled: copying ${source} to it was interrupted. ` +
      `Go on with "nk db promote ${description} --database ${source}", or use an empty database`,
  );
}

async function readReferenceIds(db: Kysely<Schema>): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ id: string }>`select id from migration_info`.execute(db);
  return new Set(rows.map(({ id }) => id));
}

async function hasTable(db: Kysely<Schema>, name: string): Promise<boolean> {
  const { rows } = await sql<{ is_there: boolean }>`select to_regclass(${name}) is not null as is_there`.execute(db);
  return rows[0]?.is_there === true;
}
