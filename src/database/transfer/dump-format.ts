import type { TableSummary } from './row-text.ts';

/**
 * A dump is gzip of lines of JSON (UTF-8, each ended by a line feed):
 *
 * 1. a {@link DumpHeader}
 * 2. for each table of the header, in its order, `rows` lines: arrays of texts and nulls, one for each of its columns
 *    in their order, as PostgreSQL writes the values with `timezone` UTC, `datestyle` ISO and `bytea_output` hex
 * 3. `{"end":"nk-dump"}`
 *
 * A table's checksum is the sum, over its rows, of the first 15 hex digits of the MD5 of the row's line (without its
 * line feed), in decimal.
 */
export interface DumpHeader {
  readonly format: typeof DUMP_FORMAT;
  readonly version: typeof DUMP_VERSION;
  /** The migrations that the database had; a server that does not know one of them cannot load the dump. */
  readonly migrations: readonly string[];
  /** Parents before children. */
  readonly tables: readonly DumpTable[];
}

export interface DumpTable extends TableSummary {
  readonly name: string;
  readonly columns: readonly string[];
}

export const DUMP_FORMAT = 'nk-dump';
export const DUMP_VERSION = 1;
export const DUMP_END = '{"end":"nk-dump"}';

/** Longest line that is read: far beyond what a row of ours holds. */
const MAX_LINE_BYTES = 256 * 1024 * 1024;
const LINE_FEED = 0x0a;

/** The lines of a stream. Only a line feed ends one: rows may hold any other character. */
export async function* linesOf(stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  for await (const chunk of stream) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      yield Buffer.concat([...rest, chunk.subarray(start, end)]).toString();
      rest = [];
      restBytes = 0;
      start = end + 1;
    }
    rest.push(chunk.subarray(start));
    restBytes += chunk.length - start;
    if (restBytes > MAX_LINE_BYTES) throw new RangeError(`a line is longer than ${MAX_LINE_BYTES} bytes`);
  }
  if (restBytes > 0) yield Buffer.concat(rest).toString();
}

/** Reads the first line. @returns null when it is no header of a dump */
export function parseHeader(line: string | undefined): (Omit<DumpHeader, 'version'> & { version: number }) | null {
  try {
    const header = JSON.parse(line ?? '') as DumpHeader;
    const isDump = header?.format === DUMP_FORMAT && Array.isArray(header.tables) && Array.isArray(header.migrations);
    return isDump ? header : null;
  } catch {
    return null;
  }
}
