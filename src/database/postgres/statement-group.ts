import { DatabaseError, type Submittable } from 'pg';
import type { ClientQueryResult } from '../client-connection.ts';
import { isRetryable } from '../errors.ts';
import { noColumns, type PreparedStatements, type RowShape, rowShape } from './prepared-statements.ts';

/** A statement, and who waits for it. */
export interface GroupedStatement {
  readonly text: string;
  /** As they go to the database. */
  readonly values: readonly (string | Buffer | null)[];
  /** The name under which it is prepared, if it is. */
  readonly name: string | undefined;
  readonly resolve: (result: ClientQueryResult<never>) => void;
  readonly reject: (error: Error) => void;
}

/** What a group sends: the messages of the extended query protocol (PostgreSQL manual, "Message Flow"). */
interface Messages {
  close(message: { type: 'S'; name: string }): void;
  parse(message: { text: string; name: string | undefined }): void;
  bind(message: { statement: string | undefined; values: readonly (string | Buffer | null)[] }): void;
  describe(message: { type: 'P' }): void;
  execute(message: object): void;
  sync(): void;
}

/** A column, as the database describes it. */
interface Column {
  readonly name: string;
  readonly dataTypeID: number;
}

/** An answer while it arrives. */
interface OpenAnswer {
  shape: RowShape | undefined;
  readonly rows: Record<string, unknown>[];
  affected: bigint | undefined;
  /** A value of it could not be read. */
  failure: Error | undefined;
}

/** After these words the database says how many rows were changed. */
const WRITING_COMMAND = /^(?:INSERT \d+|UPDATE|DELETE|MERGE) (\d+)$/;

/**
 * Statements that go to the database together and are answered together: one Sync ends them, so they are one
 * transaction there, with one commit, and their answers come in one piece. (With a Sync each, every answer woke this
 * process.)
 *
 * Whoever asks sees nothing of that. When a statement fails, the database undoes those before it and skips those after
 * it: the one that failed gets its error, the others run again, in their order.
 *
 * A client of `pg` runs it as it runs a query: one that was not opened with `pipeline`.
 */
export class StatementGroup implements Submittable {
  readonly #statements: readonly GroupedStatement[];
  readonly #prepared: PreparedStatements;
  readonly #ended: (again: readonly (readonly GroupedStatement[])[]) => void;
  readonly #lost: () => void;
  readonly #answers: OpenAnswer[] = [];
  /** Which statement is being answered. */
  #at = 0;

  /**
   * @param prepared what the connection has prepared
   * @param ended called when no more answers come, with what must run again: groups, in their order
   * @param lost called instead when the connection is of no use any more
   */
  constructor(
    statements: readonly GroupedStatement[],
    prepared: PreparedStatements,
    ended: (again: readonly (readonly GroupedStatement[])[]) => void,
    lost: () => void,
  ) {
    this.#statements = statements;
    this.#prepared = prepared;
    this.#ended = ended;
    this.#lost = lost;
  }

  submit(connection: unknown): void {
    const messages = connection as Messages;
    for (const { text, values, name } of this.#statements) {
      const isKnown = name !== undefined && this.#prepared.has(name);
      if (!isKnown) {
        if (name !== undefined && this.#prepared.mayExist(name)) messages.close({ type: 'S', name });
        messages.parse({ text, name });
        if (name !== undefined) this.#prepared.sent(name);
      }
      messages.bind({ statement: name, values });
      if (!isKnown) messages.describe({ type: 'P' });
      messages.execute({});
      this.#answers.push({ shape: undefined, rows: [], affected: undefined, failure: undefined });
    }
    messages.sync();
  }

  handleRowDescription({ fields }: { fields: readonly Column[] }): void {
    const shape = rowShape(fields);
    this.#answers[this.#at]!.shape = shape;
    const { name } = this.#statements[this.#at]!;
    if (name !== undefined) this.#prepared.described(name, shape);
  }

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    const answer = this.#answers[this.#at]!;
    answer.shape ??= this.#prepared.shapeOf(this.#statements[this.#at]!.name!);
    try {
      answer.rows.push(answer.shape.read(fields));
    } catch (error) {
      answer.failure = error as Error;
    }
  }

  handleCommandComplete({ text }: { text: string }): void {
    const written = WRITING_COMMAND.exec(text);
    if (written) this.#answers[this.#at]!.affected = BigInt(written[1]!);
    this.#at++;
  }

  handleEmptyQuery(): void {
    this.#at++;
  }

  handleReadyForQuery(): void {
    this.#statements.forEach(({ name, resolve, reject }, index) => {
      const { shape, rows, affected, failure } = this.#answers[index]!;
      const { columns } = shape ?? (name === undefined ? noColumns : this.#prepared.shapeOf(name));
      if (failure) reject(failure);
      else
        resolve({ rows: rows as never[], columns, ...(affected === undefined ? {} : { numAffectedRows: affected }) });
    });
    this.#ended([]);
  }

  /** The database refused one of them, or was lost. */
  handleError(error: Error): void {
    const statements = this.#statements;
    // What comes after a failure is skipped, so it may not have been prepared.
    for (const { name } of statements.slice(this.#at)) if (name !== undefined) this.#prepared.forget(name);
    if (!isOfStatement(error)) {
      for (const { reject } of statements) reject(error);
      this.#lost();
    } else if (statements.length === 1) {
      statements[0]!.reject(error);
      this.#ended([]);
    } else if (this.#at === statements.length) {
      // All passed, and the commit did not: whose fault it was shows when each is committed by itself.
      this.#ended(statements.map((statement) => [statement]));
    } else {
      const failed = statements[this.#at]!;
      // Alone it may well pass, where what was in its way was in this group.
      const mayPass = isRetryable(error);
      if (!mayPass) failed.reject(error);
      const again = [statements.slice(0, this.#at), mayPass ? [failed] : [], statements.slice(this.#at + 1)];
      this.#ended(again.filter(({ length }) => length > 0));
    }
  }
}

/** The database's answer to a statement, and not the end of the connection. */
function isOfStatement(error: Error): boolean {
  return error instanceof DatabaseError && error.severity === 'ERROR';
}
