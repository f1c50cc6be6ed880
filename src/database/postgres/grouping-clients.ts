import type { CompiledQuery } from 'kysely';
import { Client, type ClientConfig } from 'pg';
import utils from 'pg/lib/utils.js';
import { type ClientQueryResult, nameFor, sendRenewed } from '../client-connection.ts';
import { DatabaseLostError, lostOr } from '../errors.ts';
import type { StatementNames } from '../statement-names.ts';
import { PreparedStatements } from './prepared-statements.ts';
import { type GroupedStatement, StatementGroup } from './statement-group.ts';

/** Statements of a group at most: the first one's answer waits for the last. */
const GROUP_MAX = 64;
/** So many waiting are worth one more connection. */
const MANY_WAITING = 64;
/** A group that takes longer has something slow in it; others do not wait for that. */
const SLOW_GROUP_MS = 20;

export interface GroupingClientsOptions {
  readonly config: ClientConfig;
  readonly names: StatementNames;
  /** Connections at most. */
  readonly max: number;
  /** What every connection is told first. */
  readonly prologue: string;
  readonly onLost: (error: Error) => void;
}

/**
 * A few connections for single statements, each of which is a transaction of its own. What is asked in one event-loop
 * turn, and while a connection is busy, goes to the database as one {@link StatementGroup}: so the groups are the larger
 * the more there is to do, and a lone statement waits for nothing.
 *
 * Statements of a group wait for each other, so only short ones belong here.
 */
export class GroupingClients {
  readonly #options: GroupingClientsOptions;
  readonly #clients: GroupingClient[] = [];
  #waiting: GroupedStatement[] = [];
  #isScheduled = false;
  #isEnded = false;
  #whenIdle: (() => void) | undefined;

  constructor(options: GroupingClientsOptions) {
    this.#options = options;
  }

  executeQuery<R>(query: CompiledQuery): Promise<ClientQueryResult<R>> {
    const { names } = this.#options;
    return sendRenewed(
      query,
      names,
      () => this.#send<R>(query, nameFor(query, names)),
      () => true,
    );
  }

  /** Finishes what was begun, then closes; takes nothing more. */
  async end(): Promise<void> {
    this.#isEnded = true;
    while (this.#waiting.length > 0 || this.#clients.some(({ isBusy }) => isBusy)) {
      await new Promise<void>((resolve) => {
        this.#whenIdle = resolve;
      });
    }
    await Promise.all(this.#clients.splice(0).map((client) => client.end()));
  }

  #send<R>(query: CompiledQuery, name: string | undefined): Promise<ClientQueryResult<R>> {
    if (this.#isEnded) return Promise.reject(new DatabaseLostError('the database is being closed'));
    return new Promise((resolve, reject) => {
      const values = query.parameters.map(utils.prepareValue);
      this.#waiting.push({ text: query.sql, values, name, resolve, reject });
      this.#schedule();
    });
  }

  /** At the end of this turn, so that what is asked in it goes together. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#dispatch();
    });
  }

  #dispatch(): void {
    while (this.#waiting.length > 0) {
      const client = this.#clients.find(({ isBusy }) => !isBusy) ?? this.#openIfWorthIt();
      if (!client || client.isBusy) return;
      client.run(this.#waiting.splice(0, GROUP_MAX));
    }
    if (!this.#clients.some(({ isBusy }) => isBusy)) this.#whenIdle?.();
  }

  #openIfWorthIt(): GroupingClient | undefined {
    if (this.#clients.length >= this.#options.max) return undefined;
    const now = performance.now();
    const isWorthIt =
      this.#waiting.length >= MANY_WAITING || this.#clients.every(({ sinceMs }) => now - sinceMs > SLOW_GROUP_MS);
    return isWorthIt ? this.#open() : undefined;
  }

  #open(): GroupingClient {
    const { config, prologue, onLost } = this.#options;
    const client = new GroupingClient(
      config,
      prologue,
      () => this.#schedule(),
      (error) => {
        const at = this.#clients.indexOf(client);
        if (at < 0) return;
        this.#clients.splice(at, 1);
        // Those that wait for another connection may get it; without one they are told.
        if (this.#clients.length === 0) for (const { reject } of this.#waiting.splice(0)) reject(error);
        this.#schedule();
        onLost(error);
      },
    );
    this.#clients.push(client);
    return client;
  }
}

/** One connection of {@link GroupingClients}. */
class GroupingClient {
  readonly #client: Client;
  readonly #prepared = new PreparedStatements();
  readonly #onIdle: () => void;
  readonly #connected: Promise<void>;
  /** What is left to run of a group in which a statement failed. */
  #parts: (readonly GroupedStatement[])[] = [];
  isBusy = true;
  /** Since when it is busy, by `performance.now()`. */
  sinceMs = performance.now();

  constructor(config: ClientConfig, prologue: string, onIdle: () => void, onLost: (error: Error) => void) {
    this.#onIdle = onIdle;
    this.#client = new Client(config);
    this.#client.on('error', onLost);
    this.#client.on('end', () => onLost(new Error('the connection was closed by the database')));
    this.#connected = this.#connect(prologue);
    this.#connected.catch(onLost);
  }

  /** Only when it is not busy. */
  run(statements: readonly GroupedStatement[]): void {
    this.isBusy = true;
    this.sinceMs = performance.now();
    this.#query(statements);
  }

  async end(): Promise<void> {
    this.#client.removeAllListeners('end');
    await this.#connected.catch(() => {});
    await this.#client.end();
  }

  async #connect(prologue: string): Promise<void> {
    try {
      await this.#client.connect();
      if (prologue !== '') await this.#client.query(prologue);
    } catch (error) {
      throw lostOr(error);
    }
    this.#free();
  }

  #query(statements: readonly GroupedStatement[]): void {
    const { stream } = this.#client.connection;
    // A group is one write.
    stream.cork();
    this.#client.query(
      new StatementGroup(
        statements,
        this.#prepared,
        (again) => this.#ended(again),
        // It stays busy until the client tells its end.
        () => this.#failRest(),
      ),
    );
    stream.uncork();
  }

  #ended(again: readonly (readonly GroupedStatement[])[]): void {
    this.#parts.unshift(...again);
    const next = this.#parts.shift();
    if (next) this.#query(next);
    else this.#free();
  }

  #failRest(): void {
    const error = new DatabaseLostError('the connection to the database was lost');
    for (const { reject } of this.#parts.flat()) reject(error);
    this.#parts = [];
  }

  #free(): void {
    this.isBusy = false;
    this.#onIdle();
  }
}
