import { type ClientBase, type ClientConfig, Pool } from 'pg';
import { DatabaseError } from '../errors.ts';
import type { Execute } from '../fixed-statement.ts';
import { StatementNames } from '../statement-names.ts';
import { schemaTypes } from '../type-parsers.ts';
import { GroupingClients } from './grouping-clients.ts';
import { PostgresDialect } from './postgres-dialect.ts';
import { executeSingle } from './postgres-driver.ts';

const DEFAULT_POOL_SIZE = 20;
/** Connections for single queries, so that they do not wait for the commits of writes. */
const READERS_MAX = 4;
/** Connections for single writes. */
const WRITERS_MAX = 4;
/** With fewer connections than this queries and writes share theirs. */
const APART_FROM = 6;
/** Connections beyond this age of idleness are closed, so that an idle server holds next to none. */
const IDLE_TIMEOUT_MS = 10_000;
/** How long a query waits for a connection, be it a new one or one that is in use. */
const CONNECT_TIMEOUT_MS = 10_000;

export interface PostgresDatabase {
  readonly dialect: PostgresDialect;
  /** Runs a statement that is a transaction of its own. */
  readonly execute: Execute;
  /** The URL without its password. */
  readonly description: string;
}

/**
 * Connects to PostgreSQL, once, to see that it can be reached.
 *
 * @throws DatabaseError in one line that says what to do
 */
export async function openPostgres(
  url: string,
  options: { poolSize?: number | undefined; onConnectionLost?: ((error: Error) => void) | undefined },
): Promise<PostgresDatabase> {
  const description = withoutPassword(url);
  const size = options.poolSize ?? DEFAULT_POOL_SIZE;
  const writersMax = Math.min(WRITERS_MAX, Math.ceil(size / 3));
  const readersMax = size < APART_FROM ? 0 : READERS_MAX;
  const config: ClientConfig = {
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'nk',
    types: schemaTypes,
  };
  const pool = new Pool({
    ...config,
    max: Math.max(1, size - writersMax - readersMax),
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
  });
  // An idle connection that breaks is replaced at the next query; without a listener it would end the process.
  pool.on('error', (error: Error) => options.onConnectionLost?.(error));
  let client: ClientBase & { release(): void };
  try {
    client = await pool.connect();
  } catch (error) {
    await pool.end();
    throw unreachable(description, error);
  }
  const planning = await planningOf(client);
  client.release();
  const names = new StatementNames();
  const prologue = planning.map((setting) => `set ${setting}`).join(';');
  const transactionPrologue = planning.map((setting) => `;set local ${setting}`).join('');
  const shared = { config, names, prologue, onLost: (error: Error) => options.onConnectionLost?.(error) };
  const writers = new GroupingClients({ ...shared, max: writersMax });
  const readers = readersMax === 0 ? writers : new GroupingClients({ ...shared, max: readersMax });
  const dialect = new PostgresDialect({ pool, readers, writers, names, transactionPrologue });
  return { dialect, execute: (query) => executeSingle({ readers, writers }, query), description };
}

/**
 * Settings for our own statements, all of which have their indexes. Without them the plans that are made while a new
 * server's tables are small read those tables whole, and are kept while they grow, until the database looks again after
 * a minute or so: 1,300 to 1,900 sign-ins a second then, instead of 4,500. (And a plan that must read a table whole
 * after all would seem dear enough to be compiled.)
 */
async function planningOf(client: ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select name from pg_settings where name in ('enable_seqscan', 'jit')`,
  );
  return rows.map(({ name }) => `${name} to off`);
}

function withoutPassword(url: string): string {
  try {
    const parsed = new URL(url);
    parsed.password = '';
    return parsed.toString();
  } catch {
    throw new DatabaseError(
      `the database URL cannot be read: it should look like postgres://user:password@host:5432/name`,
    );
  }
}

function unreachable(description: string, error: unknown): DatabaseError {
  const { code, message } = error as { code?: string; message: string };
  return new DatabaseError(`cannot connect to ${description}: ${message || code}. ${adviceFor(code)}`, {
    cause: error,
  });
}

function adviceFor(code: string | undefined): string {
  switch (code) {
    case '3D000':
      return 'Create that database, or name another.';
    case '28000':
    case '28P01':
      return 'Check user and password in the URL.';
    case 'ENOTFOUND':
      return 'Check the host in the URL.';
    default:
      return 'Is the server running, and does the URL name its host and port?';
  }
}
