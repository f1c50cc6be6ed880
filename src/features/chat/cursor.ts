import type { Stream } from '../../realtime/stream.ts';

/** A place in a channel's history, and which way to go from it. */
export interface HistoryCursor {
  /** The message it stands at. */
  readonly createTimeMicros: bigint;
  readonly id: string;
  /** The order of the listing that it continues: oldest first or newest first. */
  readonly forward: boolean;
  /** True for the page after it in that order, false for the one before it. */
  readonly isNext: boolean;
}

/** The text of a cursor; it is good for this channel alone. */
export function encodeCursor(stream: Stream, cursor: HistoryCursor): string {
  const { createTimeMicros, id, forward, isNext } = cursor;
  return Buffer.from(JSON.stringify([channelKey(stream), String(createTimeMicros), id, forward, isNext])).toString(
    'base64url',
  );
}

/** The cursor of a text; null when it is none, or is for another channel or another order. */
export function decodeCursor(text: string, stream: Stream, forward: boolean): HistoryCursor | null {
  const parts = parse(text);
  if (!Array.isArray(parts) || parts.length !== 5) return null;
  const [key, micros, id, direction, isNext] = parts as unknown[];
  if (key !== channelKey(stream) || direction !== forward || typeof isNext !== 'boolean') return null;
  if (typeof micros !== 'string' || !/^\d{1,17}$/.test(micros)) return null;
  if (typeof id !== 'string' || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return null;
  return { createTimeMicros: BigInt(micros), id, forward, isNext };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return null;
  }
}

function channelKey({ mode, subject, subcontext, label }: Stream): string {
  return `${mode}.${subject}.${subcontext}.${label}`;
}
