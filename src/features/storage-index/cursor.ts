import { createHash } from 'node:crypto';
import { invalidArgument } from '../../protocol/status.ts';
import type { Position } from './order.ts';

/** What a listing asks for; a cursor is good for nothing else. */
export interface Listing {
  readonly index: string;
  readonly query: string;
  readonly limit: number;
  readonly order: readonly string[];
}

export function encodeCursor(listing: Listing, { values, key, userId }: Position): string {
  return Buffer.from(JSON.stringify([fingerprint(listing), values, key, userId])).toString('base64url');
}

/** @throws StatusError INVALID_ARGUMENT for text that is no cursor of this listing */
export function decodeCursor(listing: Listing, cursor: string): Position {
  const [known, values, key, userId] = partsOf(cursor);
  if (!Array.isArray(values) || !values.every(isPlain) || typeof key !== 'string' || typeof userId !== 'string') {
    throw invalidArgument('the cursor is invalid');
  }
  if (known !== fingerprint(listing)) {
    throw invalidArgument('the cursor is of a listing with another query, limit or order');
  }
  return { values, key, userId };
}

function partsOf(cursor: string): unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}

function isPlain(value: unknown): value is string | number | null {
  return value === null || typeof value === 'string' || typeof value === 'number';
}

function fingerprint({ index, query, limit, order }: Listing): string {
  const text = JSON.stringify([index, query === '' ? '*' : query, limit, order]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}
