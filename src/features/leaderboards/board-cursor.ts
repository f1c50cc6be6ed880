import type { BoardPosition } from './board-queries.ts';

/** A cursor after this board. */
export function encodeCursor({ createMicros, id }: BoardPosition): string {
  return Buffer.from(JSON.stringify([String(createMicros), id])).toString('base64url');
}

/** The place of a cursor; undefined when the text is none. */
export function decodeCursor(cursor: string): BoardPosition | undefined {
  try {
    const [micros, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    if (typeof micros === 'string' && /^\d{1,17}$/.test(micros) && typeof id === 'string') {
      return { createMicros: BigInt(micros), id };
    }
  } catch {
    // Not of ours: no cursor, like the rest.
  }
  return undefined;
}
