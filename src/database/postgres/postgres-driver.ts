import type { Driver, TransactionSettings } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { ClientConnection } from '../client-connection.ts';
import { StatementNames } from '../statement-names.ts';

/** Takes connections from a pool; statement names are one set for all of them, each connection prepares its own. */
export class PostgresDriver implements Driver {
  readonly #pool: Pool;
  readonly #names = new StatementNames();
  readonly #connections = new WeakMap<PoolClient, ClientConnection>();
  readonly #broken = new WeakSet<ClientConnection>();
  /** Connections that are in use or waited for. */
  #inUse = 0;
  #onIdle: (() => void) | null = null;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<ClientConnection> {
    const client = await this.#connect();
    let connection = this.#connections.get(client);
    if (!connection) {
      connection = new ClientConnection(client, this.#names);
      this.#connections.set(client, connection);
    }
    return connection;
  }

  async beginTransaction(connection: ClientConnection, settings: TransactionSettings): Promise<void> {
    await connection.begin(settings.isolationLevel, settings.accessMode);
  }

  async commitTransaction(connection: ClientConnection): Promise<void> {
    await connection.commit();
  }

  async rollbackTransaction(connection: ClientConnection): Promise<void> {
    try {
      await connection.rollback();
    } catch (error) {
      this.#broken.add(connection);
      throw error;
    }
  }

  async releaseConnection(connection: ClientConnection): Promise<void> {
    (connection.client as PoolClient).release(this.#broken.has(connection));
    this.#leave();
  }

  /** What was begun before is finished first; the pool itself would let those down that wait for a connection. */
  async destroy(): Promise<void> {
    if (this.#inUse > 0) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
    }
    await this.#pool.end();
  }

  async #connect(): Promise<PoolClient> {
    this.#inUse++;
    try {
      return await this.#pool.connect();
    } catch (error) {
      this.#leave();
      throw error;
    }
  }

  #leave(): void {
    this.#inUse--;
    if (this.#inUse === 0) this.#onIdle?.();
  }
}
