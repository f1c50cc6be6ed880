import type { CompiledQuery, Driver, TransactionSettings } from 'kysely';
import type { Client } from 'pg';
import { ClientConnection, type ClientQueryResult, isRawQuery } from '../client-connection.ts';
import { StatementNames } from '../statement-names.ts';
import { Turnstile } from './turnstile.ts';

/**
 * One client for all: its pipeline takes single statements as they come, in order, without waiting for the answers to
 * the ones before; a transaction keeps the others out.
 */
export class PgliteDriver implements Driver {
  readonly #client: Client;
  readonly #names = new StatementNames();
  readonly #turnstile = new Turnstile();

  constructor(client: Client) {
    this.#client = client;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<PgliteConnection> {
    return new PgliteConnection(this.#client, this.#names, this.#turnstile);
  }

  async beginTransaction(connection: PgliteConnection, settings: TransactionSettings): Promise<void> {
    await connection.begin(settings.isolationLevel, settings.accessMode);
  }

  async commitTransaction(connection: PgliteConnection): Promise<void> {
    await connection.commit();
  }

  async rollbackTransaction(connection: PgliteConnection): Promise<void> {
    await connection.rollback();
  }

  async releaseConnection(): Promise<void> {}

  /** What was begun before is finished first. */
  async destroy(): Promise<void> {
    await this.#turnstile.hold();
    // Answers come in order, so this one is the last; a client that is lost has none to wait for.
    await this.#client.query('select').catch(() => {});
    await this.#client.end();
  }
}

/** What one query or transaction sees: the shared client, and its place at the turnstile. */
class PgliteConnection extends ClientConnection {
  readonly #turnstile: Turnstile;
  #hasTurn = false;

  constructor(client: Client, names: StatementNames, turnstile: Turnstile) {
    super(client, names);
    this.#turnstile = turnstile;
  }

  override async executeQuery<R>(query: CompiledQuery): Promise<ClientQueryResult<R>> {
    if (this.#hasTurn) return super.executeQuery(query);
    // A module's `begin` would draw in whatever others send behind it.
    if (isRawQuery(query)) return this.#alone(() => super.executeQuery(query));
    const turn = this.#turnstile.pass();
    if (turn) await turn;
    return super.executeQuery(query);
  }

  override async begin(isolationLevel: string | undefined, accessMode: string | undefined): Promise<void> {
    await this.#turnstile.hold();
    this.#hasTurn = true;
    try {
      await super.begin(isolationLevel, accessMode);
    } catch (error) {
      this.#leave();
      throw error;
    }
  }

  override async commit(): Promise<void> {
    try {
      await super.commit();
    } finally {
      this.#leave();
    }
  }

  override async rollback(): Promise<void> {
    // kysely also rolls back after a commit that failed.
    if (!this.#hasTurn) return;
    try {
      await super.rollback();
    } finally {
      this.#leave();
    }
  }

  async #alone<T>(work: () => Promise<T>): Promise<T> {
    await this.#turnstile.hold();
    try {
      return await work();
    } finally {
      this.#turnstile.release();
    }
  }

  #leave(): void {
    this.#hasTurn = false;
    this.#turnstile.release();
  }
}
