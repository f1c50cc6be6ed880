import { createHash } from 'node:crypto';
import { CompiledQuery, type Transaction } from 'kysely';
import type { Db } from '../database.ts';
import type { Schema } from '../schema.ts';
import { quoted, type TransferTable } from './transfer-table.ts';

/**
 * Rows travel as text of a JSON array, one text or null a column, as PostgreSQL itself writes the values: so every
 * number keeps its digits and every time its microseconds, on the way out and in.
 */
export type RowText = string;

/** Rows of a table from one key on. */
export interface Batch {
  readonly rows: readonly RowText[];
  /** The key of the last row, to go on from; null when there was none. */
  readonly lastKey: Key | null;
}

/** Values of a table's primary key, as text. */
export type Key = readonly string[];

/** What a table holds: equal for two tables with the same rows, in whatever order. */
export interface TableSummary {
  readonly rows: number;
  readonly checksum: string;
}

/** Rows that are read at once. */
export const BATCH_ROWS = 500;
/** Characters of rows that are written with one statement, beyond the first row. */
const MAX_INSERT_CHARACTERS = 8 * 1024 * 1024;
/** Hex digits of a row's MD5 that go into the checksum: what an int8 holds. */
const CHECKSUM_DIGITS = 15;

/** A transaction in which times and bytes have one spelling, whatever the server's settings. */
export function withExactText<T>(
  db: Db,
  work: (transaction: Transaction<Schema>) => Promise<T>,
  isSnapshot = false,
): Promise<T> {
  const transaction = db.transaction();
  return (isSnapshot ? transaction.setIsolationLevel('repeatable read') : transaction).execute(async (begun) => {
    await query(
      begun,
      `select set_config('timezone', 'UTC', true), set_config('datestyle', 'ISO, MDY', true),
        set_config('bytea_output', 'hex', true), set_config('extra_float_digits', '1', true)`,
    );
    return work(begun);
  });
}

/** The rows that follow a key, in key order. Call it within {@link withExactText}. */
export async function readBatch(db: Db, table: TransferTable, after: Key | null): Promise<Batch> {
  const keyNames = table.key.map(({ name }) => quoted(name)).join(', ');
  const keyParameters = table.key.map(({ type }, i) => `$${i + 1}::text::${type}`).join(', ');
  const rows = await query<{ row: string; key: string }>(
    db,
    `select ${rowExpression(table)} as row, ${arrayOf(table.key)} as key from ${quoted(table.name)}
      ${after ? `where (${keyNames}) > (${keyParameters})` : ''} order by ${keyNames} limit ${BATCH_ROWS}`,
    after ?? [],
  );
  const last = rows.at(-1);
  return { rows: rows.map(({ row }) => row), lastKey: last ? (JSON.parse(last.key) as Key) : null };
}

/** Adds rows; those that break a constraint make it throw. Call it within {@link withExactText}. */
export async function insertRows(db: Db, table: TransferTable, rows: readonly RowText[]): Promise<void> {
  const names = table.columns.map(({ name }) => quoted(name)).join(', ');
  const values = table.columns.map(({ type }, i) => `(item ->> ${i})::${type}`).join(', ');
  const statement = `insert into ${quoted(table.name)} (${names})
    select ${values} from jsonb_array_elements($1::text::jsonb) with ordinality as items (item, position)
    order by position`;
  for (const part of inParts(rows)) await query(db, statement, [`[${part.join(',')}]`]);
}

/** Counts and sums up a table in the database. Call it within {@link withExactText}. */
export async function summarize(db: Db, table: TransferTable): Promise<TableSummary> {
  const [summary] = await query<{ rows: number; checksum: string }>(
    db,
    `select count(*)::float8 as rows,
      coalesce(sum(('x' || left(md5(${rowExpression(table)}), ${CHECKSUM_DIGITS}))::bit(60)::int8), 0)::text as checksum
      from ${quoted(table.name)}`,
  );
  return summary!;
}

/** Sums up rows as {@link summarize} does, while they pass by. */
export class RowSummary {
  #rows = 0;
  #sum = 0n;

  add(row: RowText): void {
    this.#rows++;
    this.#sum += BigInt(`0x${createHash('md5').update(row).digest('hex').slice(0, CHECKSUM_DIGITS)}`);
  }

  get summary(): TableSummary {
    return { rows: this.#rows, checksum: this.#sum.toString() };
  }
}

/** Runs a statement as it stands. */
export async function query<R>(db: Db, text: string, parameters: readonly unknown[] = []): Promise<readonly R[]> {
  return (await db.executeQuery<R>(CompiledQuery.raw(text, [...parameters]))).rows;
}

function rowExpression(table: TransferTable): string {
  return arrayOf(table.columns);
}

function arrayOf(columns: TransferTable['columns']): string {
  return `jsonb_build_array(${columns.map(({ name }) => `${quoted(name)}::text`).join(', ')})::text`;
}

function* inParts(rows: readonly RowText[]): Generator<readonly RowText[]> {
  let part: RowText[] = [];
  let characters = 0;
  for (const row of rows) {
    if (part.length > 0 && characters + row.length > MAX_INSERT_CHARACTERS) {
      yield part;
      part = [];
      characters = 0;
    }
    part.push(row);
    characters += row.length;
  }
  if (part.length > 0) yield part;
}
