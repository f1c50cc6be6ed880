import { setTimeout as pause } from 'node:timers/promises';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
  type TransactionSettings,
} from 'kysely';
import type { Client, Pool, PoolClient } from 'pg';
import {
  ClientConnection,
  type ClientQueryResult,
  isRawQuery,
  isText,
  type RawCompiledQuery,
} from '../client-connection.ts';
import { lostOr } from '../errors.ts';
import { mayChangeSession } from '../session-state.ts';
import { untilDeadline } from '../statement-limit.ts';
import type { StatementNames } from '../statement-names.ts';
import type { GroupingClients } from './grouping-clients.ts';

/** How long a server may take to end a statement that it was asked to cancel. */
const CANCEL_GRACE_MS = 2_000;

/** The connections that there are. */
export interface PostgresConnections {
  /** For transactions, and for SQL of modules: each has one to itself. */
  readonly pool: Pool;
  /** For single queries: so they do not wait for the commits of writes. */
  readonly readers: GroupingClients;
  /** For everything else that is a single statement; perhaps the same as the readers. */
  readonly writers: GroupingClients;
  readonly names: StatementNames;
  /** What follows the beginning of a transaction, in the same text. */
  readonly transactionPrologue: string;
}

/** Gives each statement the kind of connection that it needs. */
export class PostgresDriver implements Driver {
  readonly #connections: PostgresConnections;

  constructor(connections: PostgresConnections) {
    this.#connections = connections;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<PostgresConnection> {
    return new PostgresConnection(this.#connections);
  }

  async beginTransaction(connection: PostgresConnection, settings: TransactionSettings): Promise<void> {
    await connection.begin(settings);
  }

  async commitTransaction(connection: PostgresConnection): Promise<void> {
    await connection.commit();
  }

  async rollbackTransaction(connection: PostgresConnection): Promise<void> {
    await connection.rollback();
  }

  async releaseConnection(connection: PostgresConnection): Promise<void> {
    connection.release();
  }

  /** What was begun before is finished first. */
  async destroy(): Promise<void> {
    const { pool, readers, writers } = this.#connections;
    await Promise.all([readers.end(), writers.end(), pool.end()]);
  }
}

/** What one query or transaction sees of the database. */
class PostgresConnection implements DatabaseConnection {
  readonly #connections: PostgresConnections;
  #own: { readonly client: PoolClient; readonly connection: ClientConnection } | undefined;
  /** True when nobody else may have the connection. */
  #isSpoilt = false;

  constructor(connections: PostgresConnections) {
    this.#connections = connections;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<ClientQueryResult<R>> {
    if (isRawQuery(query)) return this.#executeRaw(query);
    if (this.#own) return this.#own.connection.executeQuery<R>(query);
    if (isText(query)) return (await this.#takeOwn()).connection.executeQuery<R>(query);
    return executeSingle<R>(this.#connections, query);
  }

  async #executeRaw<R>(query: RawCompiledQuery): Promise<ClientQueryResult<R>> {
    const { client, connection } = await this.#takeOwn();
    // Its next user must not find what the statement leaves behind.
    this.#isSpoilt ||= mayChangeSession(query.sql);
    const ended = new AbortController();
    const cancel = () => {
      // The request may arrive when the statement has ended: what came next on this connection would be hit.
      this.#isSpoilt = true;
      void this.#cancel(client, ended.signal);
    };
    try {
      return await untilDeadline(query.deadlineMs, () => connection.executeQuery<R>(query), cancel);
    } finally {
      ended.abort();
    }
  }

  /**
   * Has the server end what runs on a connection. A statement may catch that and go on; then the server is to end the
   * connection, or the statement would keep a process of it for ever. Where that does not help either it is cut.
   */
  async #cancel(client: PoolClient, ended: AbortSignal): Promise<void> {
    const steps = [
      () => this.#askServer('pg_cancel_backend', client),
      () => this.#askServer('pg_terminate_backend', client),
      () => void (client as unknown as Client).end(),
    ];
    for (const step of steps) {
      await step();
      await pause(CANCEL_GRACE_MS, undefined, { signal: ended }).catch(() => {});
      if (ended.aborted) return;
    }
  }

  async #askServer(command: 'pg_cancel_backend' | 'pg_terminate_backend', client: PoolClient): Promise<void> {
    const { processID } = client as unknown as { readonly processID: number };
    const request = CompiledQuery.raw(`select ${command}($1::int4)`, [processID]);
    await this.#connections.readers.executeQuery(request).catch(() => {});
  }

  // biome-ignore lint/correctness/useYield: the interface wants a generator, and there is nothing to give
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('streaming is not supported: page through the rows by key');
  }

  async begin({ isolationLevel, accessMode }: TransactionSettings): Promise<void> {
    const { connection } = await this.#takeOwn();
    await connection.begin(isolationLevel, accessMode, this.#connections.transactionPrologue);
  }

  async commit(): Promise<void> {
    await this.#own!.connection.commit();
  }

  async rollback(): Promise<void> {
    try {
      await this.#own!.connection.rollback();
    } catch (error) {
      this.#isSpoilt = true;
      throw error;
    }
  }

  release(): void {
    this.#own?.client.release(this.#isSpoilt);
    this.#own = undefined;
  }

  async #takeOwn() {
    if (!this.#own) {
      const { pool, names } = this.#connections;
      const client = await pool.connect().catch((error: unknown) => {
        throw lostOr(error);
      });
      this.#own = { client, connection: new ClientConnection(client, names) };
    }
    return this.#own;
  }
}

/** Runs a statement that is a transaction of its own. */
export function executeSingle<R>(
  { readers, writers }: Pick<PostgresConnections, 'readers' | 'writers'>,
  query: CompiledQuery,
): Promise<ClientQueryResult<R>> {
  return (isSelect(query) ? readers : writers).executeQuery<R>(query);
}

/** What begins with another word, `with` among them, may write. */
function isSelect({ sql }: CompiledQuery): boolean {
  return /^\s*select\b/i.test(sql);
}
