import { encodeRecordCursor, type RecordPlace } from './record-cursor.ts';
import type { Direction, Period, RecordRow } from './record-queries.ts';

/** A record with its rank; 0 where there is none, or it is not known. */
export interface RankedRecord {
  readonly row: RecordRow;
  readonly rank: number;
}

/** Part of a board's records, in the board's order. */
export interface RecordPage {
  readonly records: readonly RankedRecord[];
  /** null where nothing follows. */
  readonly nextCursor: string | null;
  /** null where nothing precedes, and on pages that begin at the top. */
  readonly prevCursor: string | null;
}

/** An answer to a listing. */
export interface RecordList extends RecordPage {
  /** Those of the owners that were asked for. */
  readonly ownerRecords: readonly RankedRecord[];
  /** How many records the period has; 0 where ranks are off. */
  readonly rankCount: number;
}

export const NO_PAGE: RecordPage = { records: [], nextCursor: null, prevCursor: null };
export const NO_RECORDS: RecordList = { ...NO_PAGE, ownerRecords: [], rankCount: 0 };

/**
 * The page that begins at a place, or at the top without one. Ranks go on from that of the place.
 * @param found up to `limit + 1` rows, the nearest to the place first
 */
export function pageFrom(
  period: Period,
  place: RecordPlace | undefined,
  found: readonly RecordRow[],
  limit: number,
): RecordPage {
  const rows = found.slice(0, limit);
  if (rows.length === 0) return NO_PAGE;
  const hasMore = found.length > limit;
  const isBackwards = place?.direction === 'backwards';
  const rankOf = (i: number): number => {
    if (!place) return i + 1;
    if (place.rank === 0) return 0;
    // What has come in above since the cursor was given cannot push a rank below the first.
    return isBackwards ? Math.max(place.rank - 1 - i, 1) : place.rank + 1 + i;
  };
  const ranked = rows.map((row, i) => ({ row, rank: rankOf(i) }));
  const records = isBackwards ? ranked.reverse() : ranked;
  return {
    records,
    nextCursor: hasMore || isBackwards ? cursorAt(period, records.at(-1)!, 'onwards') : null,
    prevCursor: place && (hasMore || !isBackwards) ? cursorAt(period, records[0]!, 'backwards') : null,
  };
}

/** How many of the records before and after an owner's make a window of `limit` with it. */
export function windowSizes(limit: number, countBefore: number, countAfter: number): { before: number; after: number } {
  // Half of the window is for what follows; what one side has not, the other fills.
  const after = Math.min(countAfter, Math.max(Math.floor(limit / 2), limit - 1 - countBefore));
  return { before: Math.min(countBefore, limit - 1 - after), after };
}

/**
 * The window of `limit` records around an owner's.
 * @param before up to `limit` rows that precede, the nearest first
 * @param after up to `limit` rows that follow
 */
export function pageAround(
  period: Period,
  own: RankedRecord,
  before: readonly RecordRow[],
  after: readonly RecordRow[],
  limit: number,
): RecordPage {
  const sizes = windowSizes(limit, before.length, after.length);
  const rows = [...before.slice(0, sizes.before).reverse(), own.row, ...after.slice(0, sizes.after)];
  const rankOf = (i: number) => (own.rank === 0 ? 0 : Math.max(own.rank - sizes.before + i, 1));
  const records = rows.map((row, i) => ({ row, rank: rankOf(i) }));
  return {
    records,
    nextCursor: after.length > sizes.after ? cursorAt(period, records.at(-1)!, 'onwards') : null,
    prevCursor: before.length > sizes.before ? cursorAt(period, records[0]!, 'backwards') : null,
  };
}

/** Puts records into the board's order: by score, subscore and owner, all in its direction. */
export function inOrder(rows: readonly RecordRow[], { board }: Period): RecordRow[] {
  const sign = board.settings.isDescending ? -1 : 1;
  return rows.toSorted((a, b) => sign * compare(a, b));
}

function compare(a: RecordRow, b: RecordRow): number {
  if (a.score !== b.score) return a.score < b.score ? -1 : 1;
  if (a.subscore !== b.subscore) return a.subscore < b.subscore ? -1 : 1;
  if (a.owner_id === b.owner_id) return 0;
  return a.owner_id < b.owner_id ? -1 : 1;
}

function cursorAt(period: Period, { row, rank }: RankedRecord, direction: Direction): string {
  const { score, subscore, owner_id: ownerId } = row;
  return encodeRecordCursor(period, { score, subscore, ownerId, rank, direction });
}
