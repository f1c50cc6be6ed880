import type { CompiledQuery, Driver, TransactionSettings } from 'kysely';
import { ClientConnection, type ClientQueryResult, isRawQuery, type RawCompiledQuery } from '../client-connection.ts';
import { DatabaseLostError } from '../errors.ts';
import { mayChangeSession } from '../session-state.ts';
import { untilDeadline } from '../statement-limit.ts';
import { StatementNames } from '../statement-names.ts';
import type { EmbeddedEngine } from './embedded-engine.ts';
import { Turnstile } from './turnstile.ts';

/**
 * One client for all: its pipeline takes single statements as they come, in order, without waiting for the answers to
 * the ones before; a transaction keeps the others out.
 */
export class PgliteDriver implements Driver {
  readonly #engine: EmbeddedEngine;
  readonly #names = new StatementNames();
  readonly #turnstile = new Turnstile();

  constructor(engine: EmbeddedEngine) {
    this.#engine = engine;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<PgliteConnection> {
    return new PgliteConnection(this.#engine, this.#names, this.#turnstile);
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
    await this.#engine.disconnect();
  }
}

/**
 * What one query or transaction sees: the shared client, and its place at the turnstile. What waits when the engine
 * fails runs on the next one; a transaction fails with its engine.
 */
class PgliteConnection extends ClientConnection {
  readonly #engine: EmbeddedEngine;
  readonly #turnstile: Turnstile;
  #hasTurn = false;

  constructor(engine: EmbeddedEngine, names: StatementNames, turnstile: Turnstile) {
    super(engine.client, names);
    this.#engine = engine;
    this.#turnstile = turnstile;
  }

  override async executeQuery<R>(query: CompiledQuery): Promise<ClientQueryResult<R>> {
    if (this.#hasTurn) return super.executeQuery(query);
    // A module's `begin` would draw in whatever others send behind it.
    if (isRawQuery(query)) return this.#alone(() => this.#limited(query));
    const turn = this.#turnstile.pass();
    if (turn) await turn;
    while (this.#engine.restarted()) {
      await this.#engine.restarted();
      // Meanwhile somebody may have taken the connection.
      await this.#turnstile.pass();
    }
    this.client = this.#engine.client;
    return super.executeQuery(query);
  }

  /** Runs a statement that is alone, and for no longer than it may. */
  async #limited<R>(query: RawCompiledQuery): Promise<ClientQueryResult<R>> {
    // What was sent before must not share its fate.
    await this.#engine.allAnswered();
    const run = () => super.executeQuery<R>(query);
    try {
      return await untilDeadline(query.deadlineMs, run, () => void this.#engine.cancel());
    } finally {
      if (mayChangeSession(query.sql)) await this.#reset();
    }
  }

  /** All share the connection. One that was lost had its state with it. */
  async #reset(): Promise<void> {
    try {
      await this.resetSession();
    } catch (error) {
      if (!(error instanceof DatabaseLostError)) throw error;
    }
  }

  override async begin(isolationLevel: string | undefined, accessMode: string | undefined): Promise<void> {
    await this.#turnstile.hold();
    this.#hasTurn = true;
    try {
      await this.#takeClient();
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
      await this.#takeClient();
      return await work();
    } finally {
      this.#turnstile.release();
    }
  }

  /** For who has the connection alone. */
  async #takeClient(): Promise<void> {
    const restarted = this.#engine.restarted();
    if (restarted) await restarted;
    this.client = this.#engine.client;
  }

  #leave(): void {
    this.#hasTurn = false;
    this.#turnstile.release();
  }
}
