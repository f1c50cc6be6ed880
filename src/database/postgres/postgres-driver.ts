import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
  type TransactionSettings,
} from 'kysely';
import type { Client, Pool, PoolClient } from 'pg';
import { ClientConnection, type ClientQueryResult, isRawQuery, type RawCompiledQuery } from '../client-connection.ts';
import { lostOr } from '../errors.ts';
import { untilDeadline } from '../statement-limit.ts';
import type { StatementNames } from '../statement-names.ts';
import type { PipelinedClients } from './pipelined-clients.ts';

/** How long a server may take to end a statement that it was asked to cancel. */
const CANCEL_GRACE_MS = 2_000;

/**
 * Single statements share a few pipelined connections; a transaction, and SQL of modules, has one of the pool to
 * itself.
 */
export class PostgresDriver implements Driver {
  readonly #pool: Pool;
  readonly #pipelined: PipelinedClients;
  readonly #names: StatementNames;

  constructor(pool: Pool, pipelined: PipelinedClients, names: StatementNames) {
    this.#pool = pool;
    this.#pipelined = pipelined;
    this.#names = names;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<PostgresConnection> {
    return new PostgresConnection(this.#pool, this.#pipelined, this.#names);
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
    await Promise.all([this.#pipelined.end(), this.#pool.end()]);
  }
}

/** What one query or transaction sees of the database. */
class PostgresConnection implements DatabaseConnection {
  readonly #pool: Pool;
  readonly #pipelined: PipelinedClients;
  readonly #names: StatementNames;
  #own: { readonly client: PoolClient; readonly connection: ClientConnection } | undefined;
  #isBroken = false;

  constructor(pool: Pool, pipelined: PipelinedClients, names: StatementNames) {
    this.#pool = pool;
    this.#pipelined = pipelined;
    this.#names = names;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<ClientQueryResult<R>> {
    if (isRawQuery(query)) return this.#executeRaw(query);
    if (!this.#own) return this.#pipelined.executeQuery<R>(query);
    return this.#own.connection.executeQuery<R>(query);
  }

  async #executeRaw<R>(query: RawCompiledQuery): Promise<ClientQueryResult<R>> {
    const { client, connection } = await this.#takeOwn();
    const ended = new AbortController();
    const cancel = () => {
      // The request may arrive when the statement has ended: what came next on this connection would be hit.
      this.#isBroken = true;
      void this.#cancel(client, ended.signal);
    };
    try {
      return await untilDeadline(query.deadlineMs, () => connection.executeQuery<R>(query), cancel);
    } finally {
      ended.abort();
    }
  }

  /** Has the server end what runs on a connection; where that does not help, the connection is cut. */
  async #cancel(client: PoolClient, ended: AbortSignal): Promise<void> {
    const { processID } = client as unknown as { readonly processID: number };
    const request = CompiledQuery.raw('select pg_cancel_backend($1::int4)', [processID]);
    await this.#pipelined.executeQuery(request).catch(() => {});
    if (ended.aborted) return;
    const cut = setTimeout(() => (client as unknown as Client).end(), CANCEL_GRACE_MS);
    ended.addEventListener('abort', () => clearTimeout(cut));
  }

  // biome-ignore lint/correctness/useYield: the interface wants a generator, and there is nothing to give
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('streaming is not supported: page through the rows by key');
  }

  async begin({ isolationLevel, accessMode }: TransactionSettings): Promise<void> {
    const { connection } = await this.#takeOwn();
    await connection.begin(isolationLevel, accessMode);
  }

  async commit(): Promise<void> {
    await this.#own!.connection.commit();
  }

  async rollback(): Promise<void> {
    try {
      await this.#own!.connection.rollback();
    } catch (error) {
      this.#isBroken = true;
      throw error;
    }
  }

  release(): void {
    this.#own?.client.release(this.#isBroken);
    this.#own = undefined;
  }

  async #takeOwn() {
    if (!this.#own) {
      const client = await this.#pool.connect().catch((error: unknown) => {
        throw lostOr(error);
      });
      this.#own = { client, connection: new ClientConnection(client, this.#names) };
    }
    return this.#own;
  }
}
