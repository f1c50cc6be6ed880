import { isId } from '../../protocol/ids.ts';
import { invalidArgument } from '../../protocol/status.ts';
import type { LedgerPosition } from './queries.ts';

const microsForm = /^\d{1,17}$/;

/** A cursor after this entry of a user's ledger. */
export function encodeCursor(userId: string, { createMicros, id }: LedgerPosition): string {
  return Buffer.from(JSON.stringify([userId, String(createMicros), id])).toString('base64url');
}

/** @throws StatusError INVALID_ARGUMENT for text that is no cursor, or is one of another user's ledger */
export function decodeCursor(cursor: string, userId: string): LedgerPosition {
  try {
    const [owner, micros, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    const isTime = typeof micros === 'string' && microsForm.test(micros);
    if (owner === userId && isTime && typeof id === 'string' && isId(id)) return { createMicros: BigInt(micros), id };
  } catch {
    // Not of ours: answered below like the cursor of another user.
  }
  throw invalidArgument('the cursor is invalid');
}
