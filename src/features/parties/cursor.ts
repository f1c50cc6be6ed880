import { createHash } from 'node:crypto';

/** What a listing asks for; a cursor is good for nothing else. */
export interface PartySearch {
  /** Over `label.…`; `''` and `*` for all. */
  readonly query: string;
  /** Only open or only closed ones; both where absent. */
  readonly open?: boolean | undefined;
  readonly limit: number;
}

/** A place in a listing: the best fit comes first, of equal ones the oldest. */
export interface ListPosition {
  readonly score: number;
  readonly sequence: number;
}

export function encodeCursor(search: PartySearch, { score, sequence }: ListPosition): string {
  return Buffer.from(JSON.stringify([fingerprint(search), score, sequence])).toString('base64url');
}

/** Undefined for text that is no cursor of this listing. */
export function decodeCursor(search: PartySearch, cursor: string): ListPosition | undefined {
  const [known, score, sequence] = partsOf(cursor);
  const isPosition = typeof score === 'number' && typeof sequence === 'number';
  return isPosition && known === fingerprint(search) ? { score, sequence } : undefined;
}

function partsOf(cursor: string): unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}

function fingerprint({ query, open, limit }: PartySearch): string {
  const text = JSON.stringify([query === '' ? '*' : query, open ?? null, limit]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}
