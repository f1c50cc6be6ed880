import type { Kysely } from 'kysely';
import { type ClientQueryResult, rawCompiledQuery } from './client-connection.ts';
import type { Schema } from './schema.ts';

/** int8 within ±2^53 is a number; bytea, json and jsonb are their bytes; types not named here are PostgreSQL's text. */
export type RawValue = string | number | bigint | boolean | null | Date | Buffer;

export interface RawResult {
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, RawValue>>[];
  /** Rows inserted, updated or deleted; 0 for a query. */
  readonly rowsAffected: number;
}

/**
 * Runs one statement of a module's own SQL (`nk.sqlQuery`, `nk.sqlExec`) outside any transaction. Parameters are `$1…`.
 *
 * @param deadlineMs when it must have ended, by `performance.now()`: it is cancelled then, or not begun any more
 * @throws StatementTooLongError
 * @throws Error when the text holds several statements, or leaves a transaction open (which is rolled back)
 */
export async function rawQuery(
  db: Kysely<Schema>,
  sql: string,
  parameters: readonly unknown[],
  deadlineMs = Number.POSITIVE_INFINITY,
): Promise<RawResult> {
  if (db.isTransaction) throw new Error('rawQuery runs outside transactions');
  const result = (await db.executeQuery<Record<string, RawValue>>(
    rawCompiledQuery(sql, parameters, deadlineMs),
  )) as ClientQueryResult<Record<string, RawValue>>;
  return { columns: result.columns, rows: result.rows, rowsAffected: Number(result.numAffectedRows ?? 0n) };
}
