import type { CompiledQuery, DatabaseConnection, Driver, QueryResult, TransactionSettings } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { ClientConnection, type ClientQueryResult, isRawQuery } from '../client-connection.ts';
import type { StatementNames } from '../statement-names.ts';
import type { PipelinedClients } from './pipelined-clients.ts';

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
    if (!this.#own && !isRawQuery(query)) return this.#pipelined.executeQuery<R>(query);
    const { connection } = await this.#takeOwn();
    return connection.executeQuery<R>(query);
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
      const client = await this.#pool.connect();
      this.#own = { client, connection: new ClientConnection(client, this.#names) };
    }
    return this.#own;
  }
}
