import { sql } from 'kysely';
import type { Db } from '../database.ts';
import { referenceTables } from '../tables.ts';

/** A table as it is copied: what is read, what is written, and in which order. */
export interface TransferTable {
  readonly name: string;
  readonly columns: readonly TransferColumn[];
  /** The columns of the primary key, in its order. */
  readonly key: readonly TransferColumn[];
}

export interface TransferColumn {
  readonly name: string;
  /** As a cast takes it, without length: a cast to `varchar(4)` would cut, an insert refuses. */
  readonly type: string;
}

/** What copying itself keeps, and what every database has of its own. */
const ownTables: readonly string[] = ['nk_migration', 'nk_promotion'];

interface CatalogueRow {
  readonly table_name: string;
  readonly column_name: string;
  readonly type: string;
  readonly key_position: number | null;
}

/** The tables of this server that a database has, parents before children; our own (`nk_…`) last. */
export async function transferTables(db: Db): Promise<readonly TransferTable[]> {
  const known = Object.keys(referenceTables);
  const found = await catalogue(db);
  const ours = [...found.keys()].filter((name) => name.startsWith('nk_') && !ownTables.includes(name)).sort();
  return [...known.filter((name) => found.has(name)), ...ours].map((name) => tableOf(name, found.get(name)!));
}

/** Tables that are in the database but are none of this server's: modules' own SQL may have made them. */
export async function otherTables(db: Db): Promise<readonly string[]> {
  const known = new Set<string>([...Object.keys(referenceTables), 'migration_info']);
  return [...(await catalogue(db)).keys()].filter((name) => !known.has(name) && !name.startsWith('nk_')).sort();
}

/** An identifier as SQL takes it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

async function catalogue(db: Db): Promise<ReadonlyMap<string, readonly CatalogueRow[]>> {
  const { rows } = await sql<CatalogueRow>`
    select c.relname::text as table_name, a.attname::text as column_name, format_type(a.atttypid, null) as type,
      array_position(i.indkey::int2[], a.attnum)::int4 as key_position
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    left join pg_index i on i.indrelid = c.oid and i.indisprimary
    where c.relkind in ('r', 'p') and c.relnamespace = current_schema()::regnamespace
    order by c.relname, a.attnum`.execute(db);
  return Map.groupBy(rows, (row) => row.table_name);
}

function tableOf(name: string, rows: readonly CatalogueRow[]): TransferTable {
  const columnOf = ({ column_name, type }: CatalogueRow): TransferColumn => ({ name: column_name, type });
  const key = rows.filter((row) => row.key_position !== null).sort((a, b) => a.key_position! - b.key_position!);
  if (key.length === 0) throw new Error(`the table ${name} has no primary key to copy it by`);
  return { name, columns: rows.map(columnOf), key: key.map(columnOf) };
}
