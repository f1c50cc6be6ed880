import { type ClientBase, type ClientConfig, Pool } from 'pg';
import { DatabaseError } from '../errors.ts';
import { StatementNames } from '../statement-names.ts';
import { schemaTypes } from '../type-parsers.ts';
import { PipelinedClients } from './pipelined-clients.ts';
import { PostgresDialect } from './postgres-dialect.ts';

const DEFAULT_POOL_SIZE = 20;
/** Connections of those that single queries share: they are short, so few will do, and the batches stay large. */
const READERS_MAX = 2;
/**
 * Connections of those that single writes share. A write waits for the commits of those before it on its connection,
 * while the database makes the commits of several connections together; more than these would split the batches.
 */
const WRITERS_MAX = 6;
/** Queries under way on a connection before there is a second one. */
const BUSY_QUERIES = 16;
/** With fewer connections than this queries and writes share theirs. */
const APART_FROM = 6;
/** Connections beyond this age of idleness are closed, so that an idle server holds next to none. */
const IDLE_TIMEOUT_MS = 10_000;
/** How long a query waits for a connection, be it a new one or one that is in use. */
const CONNECT_TIMEOUT_MS = 10_000;

export interface PostgresDatabase {
  readonly dialect: PostgresDialect;
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
  client.release();
  const names = new StatementNames();
  const shared = { config, names, onLost: (error: Error) => options.onConnectionLost?.(error) };
  const writers = new PipelinedClients({ ...shared, max: writersMax, busyStatements: 1 });
  const readers =
    readersMax === 0 ? writers : new PipelinedClients({ ...shared, max: readersMax, busyStatements: BUSY_QUERIES });
  return { dialect: new PostgresDialect({ pool, readers, writers, names }), description };
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
