import { Kysely, sql } from 'kysely';
import { DatabaseError, isForbidden } from './errors.ts';
import { giveShortWay } from './fixed-statement.ts';
import { migrate } from './migrate.ts';
import { startMaintenance } from './pglite/maintenance.ts';
import { openPglite } from './pglite/open-pglite.ts';
import { openPostgres } from './postgres/open-postgres.ts';
import type { Schema } from './schema.ts';

export {
  DatabaseError,
  DatabaseLostError,
  isCheckViolation,
  isForeignKeyViolation,
  isUniqueViolation,
  isUnstorable,
} from './errors.ts';
export { fixedStatement } from './fixed-statement.ts';
export { type RawResult, type RawValue, rawQuery } from './raw-query.ts';
export type { JsonText, NewRow, Row, RowChange, Schema } from './schema.ts';
export { afterCommit, inTransaction } from './transactions.ts';

/** The database as features see it: typed queries on either engine. A transaction is one too. */
export type Db = Kysely<Schema>;

export interface DatabaseOptions {
  /** `memory` (gone at the end), `pglite:DIR` (embedded, kept in a folder) or `postgres://…`. */
  readonly url: string;
  /** How many connections to PostgreSQL there may be; the embedded database has one. Default 20. */
  readonly poolSize?: number;
  /** False leaves the tables as they are. Default true: they are brought to this version's. */
  readonly isMigrated?: boolean;
  readonly log?: DatabaseLog;
  /** Told when the embedded database has failed and cannot be started again: from then on every query fails. */
  readonly onFatal?: (error: DatabaseError) => void;
}

/** The part of the server's log that is needed here. */
export interface DatabaseLog {
  info(fields: object, text: string): void;
  error(fields: object, text: string): void;
}

export type DatabaseKind = 'memory' | 'pglite' | 'postgres';

export interface OpenDatabase {
  readonly db: Db;
  readonly kind: DatabaseKind;
  /** For the banner and for messages; without a password. */
  describe(): string;
  /** Waits for what is under way, then closes. */
  stop(): Promise<void>;
}

/**
 * Opens the database and brings its tables to this version's.
 *
 * @throws DatabaseError in one line for who starts the server: unreachable, in use, of an unknown version
 */
export async function openDatabase(options: DatabaseOptions): Promise<OpenDatabase> {
  const opened = await openByUrl(options);
  if (options.isMigrated === false) return opened;
  try {
    const applied = await migrate(opened.db, opened.describe());
    if (applied.length > 0) options.log?.info({ migrations: applied }, 'database migrated');
    return opened;
  } catch (error) {
    await opened.stop();
    throw asForbidden(error, opened);
  }
}

/** What a person is told when the database's user lacks a right; other errors as they are. */
export function asForbidden(error: unknown, database: Pick<OpenDatabase, 'describe'>): unknown {
  if (!isForbidden(error)) return error;
  return new DatabaseError(
    `${database.describe()}: ${(error as Error).message}. Make this user the owner of the database and its tables, or name another user.`,
    { cause: error },
  );
}

async function openByUrl({ url, poolSize, log, onFatal }: DatabaseOptions): Promise<OpenDatabase> {
  if (url === 'memory') return openEmbedded(null, log, onFatal);
  if (url.startsWith('pglite:') && url.length > 'pglite:'.length)
    return openEmbedded(url.slice('pglite:'.length), log, onFatal);
  if (/^postgres(ql)?:\/\//.test(url)) {
    const { dialect, execute, description } = await openPostgres(url, {
      poolSize,
      onConnectionLost: (error) => log?.error({ err: error }, 'an idle database connection was lost'),
    });
    const db = new Kysely<Schema>({ dialect });
    giveShortWay(db, execute);
    return { db, kind: 'postgres', describe: () => description, stop: () => db.destroy() };
  }
  throw new DatabaseError(`the database "${url}" is none of: memory, pglite:FOLDER, postgres://user@host:5432/name`);
}

async function openEmbedded(
  folder: string | null,
  log: DatabaseLog | undefined,
  onFatal: ((error: DatabaseError) => void) | undefined,
): Promise<OpenDatabase> {
  const { dialect, close } = await openPglite(folder, {
    onLost: (error) => log?.error({ err: error }, 'the embedded database has failed and is started again'),
    onRestarted: (tookMs) => log?.info({ tookMs }, 'the embedded database runs again'),
    onFatal: (error) => onFatal?.(error),
  });
  let statements = 0;
  const db = new Kysely<Schema>({
    dialect,
    log: () => {
      statements++;
    },
  });
  const endMaintenance = startMaintenance(
    (statement) => sql.raw(statement).execute(db),
    () => statements,
    (error) => log?.error({ err: error }, 'maintenance of the database failed'),
  );
  return {
    db,
    kind: folder === null ? 'memory' : 'pglite',
    describe: () => (folder === null ? 'memory' : `pglite:${folder}`),
    stop: async () => {
      endMaintenance();
      await db.destroy();
      await close();
    },
  };
}
