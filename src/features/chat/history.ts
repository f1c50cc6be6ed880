import type { Db } from '../../database/database.ts';
import { invalidArgument } from '../../protocol/status.ts';
import type { Stream } from '../../realtime/stream.ts';
import { decodeCursor, encodeCursor, type HistoryCursor } from './cursor.ts';
import { listMessages, type StoredMessage } from './queries.ts';

/** A page of a channel's history, in the order asked for; a cursor that there is none of is ''. */
export interface HistoryPage {
  readonly messages: readonly StoredMessage[];
  readonly nextCursor: string;
  readonly prevCursor: string;
  /** After the last message of the page: lists forward what has come since. */
  readonly cacheableCursor: string;
}

/**
 * Lists a channel's messages by time and id. It does not ask who wants to know.
 * @throws StatusError INVALID_ARGUMENT when the cursor is none, or is for another channel or another order
 */
export async function listHistory(
  db: Db,
  stream: Stream,
  limit: number,
  forward: boolean,
  cursor: string,
): Promise<HistoryPage> {
  const from = cursor === '' ? null : decodeCursor(cursor, stream, forward);
  if (cursor !== '' && !from) throw invalidArgument('the cursor is not one of this channel and direction');
  const isBack = from?.isNext === false;
  const rows = await listMessages(db, stream, forward !== isBack ? 'asc' : 'desc', from, limit + 1);
  const hasMore = rows.length > limit;
  const messages = rows.slice(0, limit);
  if (isBack) messages.reverse();

  const first = messages[0];
  const last = messages.at(-1);
  const hasNext = isBack || hasMore;
  const hasPrevious = isBack ? hasMore : from !== null;
  const at = (message: StoredMessage, isNext: boolean) =>
    encodeCursor(stream, { ...placeOf(message), forward, isNext });
  return {
    messages,
    nextCursor: last && hasNext ? at(last, true) : '',
    prevCursor: first && hasPrevious ? at(first, false) : '',
    cacheableCursor: cacheableCursor(stream, last ?? from),
  };
}

function cacheableCursor(stream: Stream, last: StoredMessage | HistoryCursor | null): string {
  return last ? encodeCursor(stream, { ...placeOf(last), forward: true, isNext: true }) : '';
}

function placeOf({ id, createTimeMicros }: StoredMessage | HistoryCursor) {
  return { id, createTimeMicros };
}
