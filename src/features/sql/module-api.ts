import type { Kysely } from 'kysely';
import { DatabaseLostError, StatementTooLongError } from '../../database/errors.ts';
import { type RawResult, type RawValue, rawQuery } from '../../database/raw-query.ts';
import type { Schema } from '../../database/schema.ts';
import { AuthorsError, type FunctionCall, type ModuleFunction, moduleFunction } from '../../runtime/module-function.ts';
import { json, list, optional, text } from '../../runtime/parameters.ts';

/** Most rows that one query may give to a module. */
export const MAX_ROWS = 100_000;

const statement = [
  ['sqlQuery', text()],
  ['args', optional(list(json()))],
] as const;

/** All that a client is told when a module leaves it to the client. */
const REFUSED = 'the database refused the statement';

/** A point in time as it crosses to the module, which makes a Date of it: no column has another object as its value. */
export interface CrossingTime {
  readonly epochMs: number;
}

type CrossingValue = string | number | boolean | null | readonly number[] | CrossingTime;

/**
 * The modules' own SQL on the server's database. The texts of the database's errors are the module author's to read, and no
 * client's. A statement ends with the time of the call that it belongs to.
 */
export function sqlFunctions(db: Kysely<Schema>): readonly ModuleFunction[] {
  return [
    moduleFunction('sqlQuery', statement, async (call, sql, args) => {
      const { rows } = await run(db, call, sql, args);
      if (rows.length > MAX_ROWS) throw new Error(`the query gave ${rows.length} rows, at most ${MAX_ROWS} may be`);
      return rows.map(crossingRow);
    }),
    moduleFunction('sqlExec', statement, async (call, sql, args) => {
      return { rowsAffected: (await run(db, call, sql, args)).rowsAffected };
    }),
  ];
}

async function run(
  db: Kysely<Schema>,
  call: FunctionCall,
  sql: string,
  args: readonly unknown[] = [],
): Promise<RawResult> {
  try {
    return await rawQuery(db, sql, args, call.deadlineMs);
  } catch (error) {
    if (error instanceof StatementTooLongError) {
      throw new Error('the statement was ended: the time of the call was over (limit callTimeMs)', { cause: error });
    }
    if (error instanceof DatabaseLostError) throw error;
    throw new AuthorsError(`${REFUSED}: ${(error as Error).message}`, REFUSED, { cause: error });
  }
}

function crossingRow(row: Readonly<Record<string, RawValue>>): Record<string, CrossingValue> {
  return Object.fromEntries(Object.entries(row).map(([column, value]) => [column, crossingValue(value)]));
}

function crossingValue(value: RawValue): CrossingValue {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return { epochMs: value.getTime() };
  return Buffer.isBuffer(value) ? [...value] : value;
}
