import { isId } from '../../protocol/ids.ts';
import type { Direction, Period, ScorePlace } from './record-queries.ts';

/** Where a page of records begins. */
export interface RecordPlace extends ScorePlace {
  /** Of the record at the place, which is not in the page; 0 when it is not known. */
  readonly rank: number;
  readonly direction: Direction;
}

/** The cursor of a place in a period of a board. */
export function encodeRecordCursor({ board, endSec }: Period, place: RecordPlace): string {
  const { score, subscore, ownerId, rank, direction } = place;
  const parts = [board.id, endSec, String(score), String(subscore), ownerId, rank, direction];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** The place of a cursor; undefined when the text is none, or is one of another board or period. */
export function decodeRecordCursor({ board, endSec }: Period, cursor: string): RecordPlace | undefined {
  const [boardId, end, score, subscore, ownerId, rank, direction] = partsOf(cursor);
  const isOfPeriod = boardId === board.id && end === endSec;
  if (!isOfPeriod || !isScore(score) || !isScore(subscore) || !isOwner(ownerId) || !isRank(rank)) return undefined;
  if (direction !== 'onwards' && direction !== 'backwards') return undefined;
  return { score: BigInt(score), subscore: BigInt(subscore), ownerId, rank, direction };
}

const MAX_INT8 = 2n ** 63n - 1n;

function isScore(value: unknown): value is string {
  return typeof value === 'string' && /^\d{1,19}$/.test(value) && BigInt(value) <= MAX_INT8;
}

function isOwner(value: unknown): value is string {
  return typeof value === 'string' && isId(value);
}

function isRank(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function partsOf(cursor: string): unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}
