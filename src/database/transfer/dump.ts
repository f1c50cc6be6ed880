import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Db, OpenDatabase } from '../database.ts';
import { DatabaseError } from '../errors.ts';
import { migrationStates } from '../migrate.ts';
import { DUMP_END, DUMP_FORMAT, DUMP_VERSION, type DumpHeader } from './dump-format.ts';
import { Progress, type Report } from './progress.ts';
import { type Key, readBatch, summarize, withExactText } from './row-text.ts';
import { type TransferTable, transferTables } from './transfer-table.ts';

/**
 * Writes all that a database holds, as it is at one moment, to a file (see {@link DumpHeader} for its format). The
 * database may be in use. The file has its name only when it is whole.
 *
 * @throws DatabaseError when the database has no tables of this server
 */
export async function dump(source: OpenDatabase, file: string, report: Report): Promise<void> {
  const unfinished = `${file}.part`;
  const write = async (db: Db): Promise<void> => {
    const tables = await transferTables(db);
    if (!tables.some(({ name }) => name === 'users')) {
      throw new DatabaseError(`database ${source.describe()} has no tables of nk: there is nothing to dump`);
    }
    const lines = Readable.from(dumpLines(db, tables, await headerOf(db, tables), report));
    await pipeline(lines, createGzip(), createWriteStream(unfinished, { flush: true }));
  };
  try {
    await withExactText(source.db, write, true);
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw isOfFile(error) ? new DatabaseError(`${file} cannot be written: ${error.message}`, { cause: error }) : error;
  }
}

/** An error of the operating system about a file; one about a connection is the database's. */
function isOfFile(error: unknown): error is Error {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return code !== undefined && /^(open|write|fsync|close|rename)$/.test(syscall ?? '');
}

async function headerOf(db: Db, tables: readonly TransferTable[]): Promise<DumpHeader> {
  const states = await migrationStates(db);
  const described: DumpHeader['tables'][number][] = [];
  for (const table of tables) {
    const columns = table.columns.map(({ name }) => name);
    described.push({ name: table.name, columns, ...(await summarize(db, table)) });
  }
  const migrations = states.filter(({ appliedAt }) => appliedAt !== null).map(({ id }) => id);
  return { format: DUMP_FORMAT, version: DUMP_VERSION, migrations, tables: described };
}

async function* dumpLines(
  db: Db,
  tables: readonly TransferTable[],
  header: DumpHeader,
  report: Report,
): AsyncGenerator<string> {
  yield `${JSON.stringify(header)}\n`;
  for (const table of tables) {
    const progress = new Progress(table.name, report);
    let after: Key | null = null;
    do {
      const batch = await readBatch(db, table, after);
      if (batch.rows.length > 0) yield `${batch.rows.join('\n')}\n`;
      progress.add(batch.rows.length);
      after = batch.lastKey;
    } while (after !== null);
    progress.finish();
  }
  yield `${DUMP_END}\n`;
}
