import type { Writable } from 'node:stream';
import type { CompiledQuery } from 'kysely';
import { Client, type ClientConfig } from 'pg';
import { ClientConnection, type ClientQueryResult } from '../client-connection.ts';
import { lostOr } from '../errors.ts';
import type { StatementNames } from '../statement-names.ts';

export interface PipelinedClientsOptions {
  readonly config: ClientConfig;
  readonly names: StatementNames;
  /** Connections at most. */
  readonly max: number;
  /** Statements under way on every connection before one more is opened. */
  readonly busyStatements: number;
  readonly onLost: (error: Error) => void;
}

/** The part of a client of `pg` that its types do not show. */
interface WithStream {
  readonly connection: { readonly stream: Writable };
}

/**
 * A few connections that take single statements as they come, without waiting for the answers to those before: what
 * all requests of an event-loop turn ask goes to the database in one write. With a connection for each statement, 35 %
 * of a sign-in's CPU profile was writes to the database, each of which woke a process; so it is 8 %.
 *
 * Statements of one connection are answered in order, so only short ones belong here.
 */
export class PipelinedClients {
  readonly #options: PipelinedClientsOptions;
  readonly #clients: PipelinedClient[] = [];

  constructor(options: PipelinedClientsOptions) {
    this.#options = options;
  }

  executeQuery<R>(query: CompiledQuery): Promise<ClientQueryResult<R>> {
    return this.#idlest().executeQuery(query);
  }

  /** Finishes what was begun, then closes. */
  async end(): Promise<void> {
    await Promise.all(this.#clients.splice(0).map((client) => client.end()));
  }

  #idlest(): PipelinedClient {
    let best: PipelinedClient | undefined;
    for (const client of this.#clients) if (!best || client.pending < best.pending) best = client;
    const { busyStatements, max } = this.#options;
    if (best && (best.pending < busyStatements || this.#clients.length >= max)) return best;
    return this.#open();
  }

  #open(): PipelinedClient {
    const { config, names, onLost } = this.#options;
    const client = new PipelinedClient(config, names, (error) => {
      const at = this.#clients.indexOf(client);
      if (at < 0) return;
      this.#clients.splice(at, 1);
      onLost(error);
    });
    this.#clients.push(client);
    return client;
  }
}

/** One connection of {@link PipelinedClients}. */
class PipelinedClient {
  readonly #client: Client;
  readonly #connection: ClientConnection;
  readonly #ready: Promise<void>;
  #isConnected = false;
  #isCorked = false;
  /** Statements that are not answered. */
  pending = 0;

  constructor(config: ClientConfig, names: StatementNames, onLost: (error: Error) => void) {
    this.#client = new Client({ ...config, pipeline: true });
    this.#client.on('error', onLost);
    this.#client.on('end', () => onLost(new Error('the connection was closed by the database')));
    this.#connection = new ClientConnection(this.#client, names);
    this.#ready = this.#client.connect().then(
      () => {
        this.#isConnected = true;
      },
      (error: unknown) => {
        throw lostOr(error);
      },
    );
    this.#ready.catch(onLost);
  }

  async executeQuery<R>(query: CompiledQuery): Promise<ClientQueryResult<R>> {
    this.pending++;
    try {
      if (!this.#isConnected) await this.#ready;
      this.#holdWrites();
      return await this.#connection.executeQuery<R>(query);
    } finally {
      this.pending--;
    }
  }

  async end(): Promise<void> {
    this.#client.removeAllListeners('end');
    await this.#ready.catch(() => {});
    // Answers come in order, so this one is the last; a client that is lost has none to wait for.
    await this.#client.query('select').catch(() => {});
    await this.#client.end();
  }

  /** Everything of this turn leaves in one write. */
  #holdWrites(): void {
    if (this.#isCorked) return;
    this.#isCorked = true;
    const { stream } = (this.#client as unknown as WithStream).connection;
    stream.cork();
    setImmediate(() => {
      this.#isCorked = false;
      stream.uncork();
    });
  }
}
