import type { Client } from 'pg';
import { DatabaseError, DatabaseLostError } from '../errors.ts';
import { connectPglite, type PgliteConnection } from './connect-pglite.ts';
import type { WorkerStart } from './worker-messages.ts';

/** What who opens the embedded database hears of its failures. */
export interface EngineEvents {
  /** It has failed: what ran was answered with this error, and it is started again. */
  onLost(error: Error): void;
  onRestarted(tookMs: number): void;
  /** It cannot be started again: every further query fails. */
  onFatal(error: DatabaseError): void;
}

/**
 * The embedded engine, started again on its folder whenever it has failed. Nothing that was acknowledged is lost then,
 * as when the process is killed. Each restart takes a statement that brings the engine down, so they need no limit.
 */
export class EmbeddedEngine {
  readonly #start: WorkerStart;
  readonly #events: EngineEvents;
  #connection: PgliteConnection;
  /** While it is started again; it stays, rejected, when that has failed. */
  #restarting: Promise<void> | undefined;
  #isClosing = false;

  private constructor(start: WorkerStart, events: EngineEvents, connection: PgliteConnection) {
    this.#start = start;
    this.#events = events;
    this.#connection = connection;
  }

  /** @throws Error when the data cannot be opened */
  static async open(start: WorkerStart, events: EngineEvents): Promise<EmbeddedEngine> {
    let engine: EmbeddedEngine | undefined;
    let early: Error | undefined;
    const connection = await connectPglite(start, (error) => {
      if (engine) engine.#lost(error);
      else early = error;
    });
    if (early) throw early;
    engine = new EmbeddedEngine(start, events, connection);
    return engine;
  }

  /** The client of the engine that runs, or of the last one that did. */
  get client(): Client {
    return this.#connection.client;
  }

  /**
   * Undefined while the engine runs; else resolves when it runs again.
   * @throws DatabaseLostError when it will not
   */
  restarted(): Promise<void> | undefined {
    return this.#restarting;
  }

  /** Ends the statement that runs, which is the only one. */
  cancel(): Promise<void> {
    return this.#connection.stream.cancel();
  }

  /** Resolves when everything that was sent has been answered. */
  allAnswered(): Promise<void> {
    return this.#connection.stream.allAnswered();
  }

  /** A compressed archive of the data. */
  dump(): Promise<Uint8Array> {
    return this.#connection.stream.dump();
  }

  /** Lets the client finish what was begun; the engine is then only to be closed. */
  async disconnect(): Promise<void> {
    await this.#restarting?.catch(() => {});
    this.#isClosing = true;
    // Answers come in order, so this one is the last; a client that is lost has none to wait for.
    await this.client.query('select').catch(() => {});
    await this.client.end();
  }

  /** Shuts the engine down; the folder is then free. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#connection.stream.shutDown();
  }

  #lost(error: Error): void {
    if (this.#isClosing || this.#restarting) return;
    this.#restarting = this.#restart(error);
    this.#restarting.catch(() => {});
  }

  async #restart(cause: Error): Promise<void> {
    const { dataFolder } = this.#start;
    const startedMs = performance.now();
    // Two engines on one folder would destroy it.
    await this.#connection.stream.terminate();
    if (dataFolder === null) {
      throw this.#fatal('the database in memory has failed, and its data is lost', cause);
    }
    this.#events.onLost(cause);
    try {
      const start = { dataFolder, snapshotPath: null };
      this.#connection = await connectPglite(start, (error) => this.#lost(error));
    } catch (error) {
      throw this.#fatal(`the database in ${dataFolder} has failed, and cannot be opened again`, error as Error);
    }
    this.#restarting = undefined;
    this.#events.onRestarted(Math.round(performance.now() - startedMs));
  }

  #fatal(text: string, cause: Error): DatabaseLostError {
    this.#events.onFatal(new DatabaseError(`${text}: ${cause.message}`, { cause }));
    return new DatabaseLostError('the embedded database cannot be used any more', { cause });
  }
}
