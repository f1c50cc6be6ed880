import { AbortedTransactionError, CompiledQuery, type DatabaseConnection, type QueryResult } from 'kysely';
import { type ClientBase, type QueryResult as PgResult, Query, type QueryConfig } from 'pg';
import { isStalePlan, lostOr } from './errors.ts';
import type { StatementNames } from './statement-names.ts';
import { rawTypes } from './type-parsers.ts';

/** A query result that also names its columns; what connections of both dialects give. */
export interface ClientQueryResult<R> extends QueryResult<R> {
  readonly columns: readonly string[];
}

/** SQL of a module: values by other rules than our own queries', and it must not leave a transaction open. */
export interface RawCompiledQuery extends CompiledQuery {
  readonly isRaw: true;
  /** When it must have ended, by `performance.now()`; it is cancelled then. */
  readonly deadlineMs: number;
}

export function isRawQuery(query: CompiledQuery): query is RawCompiledQuery {
  return (query as Partial<RawCompiledQuery>).isRaw === true;
}

// pg knows these, its types do not. `queryMode`: no multiple statements in one text, parameters or not.
type ExtendedQueryConfig = QueryConfig & { queryMode?: 'extended' };
type OpenQuery<R extends object> = Query<R> & {
  name?: string;
  callback: (error: Error | null, result: PgResult<R>) => void;
};

const writingCommands = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

/** Executes kysely's queries on a client of `pg`; both dialects do, the embedded one with a worker behind the client. */
export class ClientConnection implements DatabaseConnection {
  protected client: ClientBase;
  readonly #names: StatementNames;
  protected isInTransaction = false;

  constructor(client: ClientBase, names: StatementNames) {
    this.client = client;
    this.#names = names;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<ClientQueryResult<R>> {
    const result = await sendRenewed(
      query,
      this.#names,
      () => this.#sendOnce<R & object>(query),
      // A transaction has failed as a whole; who began it runs it again.
      () => !this.isInTransaction,
    );
    if (isRawQuery(query)) await this.#endOpenTransaction();
    const { command, fields, rowCount, rows } = result;
    if (command === 'COMMIT' || command === 'ROLLBACK') return { rows: [{ command } as R], columns: [] };
    return {
      rows: rows ?? [],
      columns: fields?.map((field) => field.name) ?? [],
      ...(writingCommands.has(command) ? { numAffectedRows: BigInt(rowCount ?? 0) } : {}),
    };
  }

  // biome-ignore lint/correctness/useYield: the interface wants a generator, and there is nothing to give
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('streaming is not supported: page through the rows by key');
  }

  /** @param prologue further statements, each after a semicolon, that go with the beginning */
  async begin(isolationLevel: string | undefined, accessMode: string | undefined, prologue = ''): Promise<void> {
    const isolation = isolationLevel ? ` isolation level ${isolationLevel}` : '';
    const access = accessMode ? ` ${accessMode}` : '';
    await this.#query(`start transaction${isolation}${access}${prologue}`);
    this.isInTransaction = true;
  }

  /** @throws AbortedTransactionError when an earlier statement had failed, so that the transaction was rolled back */
  async commit(): Promise<void> {
    this.isInTransaction = false;
    const { command } = await this.#query('commit');
    if (command === 'ROLLBACK') throw new AbortedTransactionError();
  }

  async rollback(): Promise<void> {
    this.isInTransaction = false;
    await this.#query('rollback');
  }

  /** Takes back whatever a module's statement may have made of the connection. */
  protected async resetSession(): Promise<void> {
    await this.#query('discard all');
    this.#names.renewAll();
  }

  async #query(statement: string): Promise<PgResult> {
    try {
      return await this.client.query(statement);
    } catch (error) {
      throw lostOr(error);
    }
  }

  /**
   * Our own queries go as objects of `pg` instead of as settings for one: it would copy the settings property by
   * property, and wrap its promise in another one, 3 µs a statement.
   */
  #sendOnce<R extends object>(query: CompiledQuery): Promise<PgResult<R>> {
    const { sql, parameters } = query;
    if (isRawQuery(query)) {
      const raw: ExtendedQueryConfig = { text: sql, values: [...parameters], types: rawTypes, queryMode: 'extended' };
      return this.client.query<R>(raw);
    }
    const open = new Query<R>(sql, parameters as unknown[]) as OpenQuery<R>;
    const name = nameFor(query, this.#names);
    if (name !== undefined) open.name = name;
    return new Promise((resolve, reject) => {
      open.callback = (error, result) => (error ? reject(error) : resolve(result));
      this.client.query(open);
    });
  }

  async #endOpenTransaction(): Promise<void> {
    if (this.client.getTransactionStatus() === 'I') return;
    await this.#query('rollback');
    throw new Error('a statement must not open a transaction: every call may use another connection');
  }
}

/**
 * Sends a query by `send`; a second time, and prepared anew, when what was prepared is stale and `mayRepeat` says so.
 *
 * @throws DatabaseLostError, or what the database said
 */
export async function sendRenewed<T>(
  query: CompiledQuery,
  names: StatementNames,
  send: () => Promise<T>,
  mayRepeat: () => boolean,
): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (!isStalePlan(error)) throw withStackFromHere(lostOr(error));
    names.renew(query.sql);
    if (!mayRepeat()) throw error;
    return send();
  }
}

/**
 * The name under which a query is prepared, if it is. Statements without parameters that are no query of kysely's
 * (`begin`, DDL in one text) are not.
 */
export function nameFor(query: CompiledQuery, names: StatementNames): string | undefined {
  return isText(query) ? undefined : names.nameOf(query.sql);
}

/** Whether this may be several statements in one text. */
export function isText({ parameters, query }: CompiledQuery): boolean {
  return parameters.length === 0 && query.kind === 'RawNode';
}

/** An error of the database, with the way to who asked instead of that from the socket it came by. */
function withStackFromHere(error: unknown): unknown {
  if (error instanceof Error) Error.captureStackTrace(error);
  return error;
}

/** A query as it stands, for {@link ClientConnection}, with the rules for modules' SQL. */
export function rawCompiledQuery(sql: string, parameters: readonly unknown[], deadlineMs: number): RawCompiledQuery {
  return { ...CompiledQuery.raw(sql, [...parameters]), isRaw: true, deadlineMs };
}
