import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { DatabaseError, type Db, type OpenDatabase } from '../database.ts';
import { migrate } from '../migrate.ts';
import { migrations } from '../migrations/migrations.ts';
import { DUMP_END, DUMP_VERSION, type DumpHeader, type DumpTable, linesOf, parseHeader } from './dump-format.ts';
import { refuseUnlessEmpty, removeMigrationRows } from './empty-target.ts';
import { Progress, type Report } from './progress.ts';
import { BATCH_ROWS, insertRows, RowSummary, summarize, type TableSummary, withExactText } from './row-text.ts';
import { type TransferTable, transferTables } from './transfer-table.ts';

/**
 * Fills an empty database from a dump, in one transaction: when the file turns out to be damaged, or what has arrived
 * is not what was written, nothing stays.
 *
 * @throws DatabaseError that says what is wrong with the file or the database
 */
export async function load(target: OpenDatabase, file: string, report: Report): Promise<void> {
  await refuseUnlessEmpty(target.db, target.describe());
  await migrate(target.db, target.describe());
  await withExactText(target.db, async (transaction) => {
    await removeMigrationRows(transaction);
    try {
      await pipeline(createReadStream(file), createGunzip(), (chunks) =>
        loadLines(transaction, linesOf(chunks as AsyncIterable<Buffer>), file, report),
      );
    } catch (error) {
      if (isGzipError(error)) throw damaged(file, 'it is no gzip file, or is cut off');
      throw error;
    }
  });
}

async function loadLines(db: Db, lines: AsyncGenerator<string>, file: string, report: Report): Promise<void> {
  const header = await readHeader(lines, file);
  const present = new Map((await transferTables(db)).map((table) => [table.name, table]));
  for (const described of header.tables) {
    const table = tableFor(described, present, file);
    const read = await loadTable(db, table, described, lines, new Progress(table.name, report), file);
    if (!isEqual(read, described))
      throw damaged(file, `the rows of ${table.name} do not have the checksum in its header`);
    if (!isEqual(await summarize(db, table), described)) {
      throw new DatabaseError(`the table ${table.name} does not hold what ${file} has: nothing was loaded`);
    }
  }
  if ((await lines.next()).value !== DUMP_END) throw damaged(file, 'it does not end where it should');
  if (!(await lines.next()).done) throw damaged(file, 'it goes on after its end');
  report(`verified  ${header.tables.length} tables: row counts and checksums are equal`);
}

async function readHeader(lines: AsyncGenerator<string>, file: string): Promise<Pick<DumpHeader, 'tables'>> {
  const header = parseHeader((await lines.next()).value as string | undefined);
  if (!header) throw new DatabaseError(`${file} is no dump of nk`);
  const known = new Set(migrations.map(({ id }) => id));
  if (header.version !== DUMP_VERSION || !header.migrations.every((id) => known.has(id))) {
    throw new DatabaseError(`${file} was made by a newer nk: load it with that version`);
  }
  return header;
}

/** The table in the database with the columns that the dump has, in its order. */
function tableFor(described: DumpTable, present: ReadonlyMap<string, TransferTable>, file: string): TransferTable {
  const table = present.get(described.name);
  const columns = described.columns.map((name) => table?.columns.find((column) => column.name === name));
  if (!table || columns.includes(undefined))
    throw damaged(file, `this version has no such table as its ${described.name}`);
  return { ...table, columns: columns.filter((column) => column !== undefined) };
}

async function loadTable(
  db: Db,
  table: TransferTable,
  described: DumpTable,
  lines: AsyncGenerator<string>,
  progress: Progress,
  file: string,
): Promise<TableSummary> {
  const read = new RowSummary();
  while (read.summary.rows < described.rows) {
    const rows: string[] = [];
    while (rows.length < BATCH_ROWS && read.summary.rows < described.rows) {
      const { value, done } = await lines.next();
      if (done || !isRow(value, table.columns.length))
        throw damaged(file, `rows of ${table.name} are missing or damaged`);
      rows.push(value);
      read.add(value);
    }
    await insertRows(db, table, rows).catch((error: Error) => {
      throw damaged(file, `rows of ${table.name} cannot be stored (${error.message})`);
    });
    progress.add(rows.length);
  }
  progress.finish();
  return read.summary;
}

function isRow(line: string, columnCount: number): boolean {
  try {
    const row: unknown = JSON.parse(line);
    return Array.isArray(row) && row.length === columnCount;
  } catch {
    return false;
  }
}

function isEqual(one: TableSummary, other: TableSummary): boolean {
  return one.rows === other.rows && one.checksum === other.checksum;
}

function isGzipError(error: unknown): boolean {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  return typeof code === 'string' && code.startsWith('Z_');
}

function damaged(file: string, how: string): DatabaseError {
  return new DatabaseError(`${file} is damaged: ${how}; nothing was loaded`);
}
