import { invalidArgument } from '../../protocol/status.ts';
import type { ListPosition, ObjectRow } from './queries.ts';

/** A cursor after this object. */
export function encodePosition({ read, key, user_id }: Pick<ObjectRow, 'read' | 'key' | 'user_id'>): string {
  return Buffer.from(JSON.stringify([read, key, user_id])).toString('base64url');
}

/** @throws StatusError INVALID_ARGUMENT for text that is no cursor */
export function decodePosition(cursor: string): ListPosition {
  try {
    const [read, key, userId] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    if (
      Number.isInteger(read) &&
      typeof key === 'string' &&
      typeof userId === 'string' &&
      /^[0-9a-f-]{36}$/.test(userId)
    ) {
      return { read: read as number, key, userId };
    }
  } catch {
    // Not JSON: answered below like any other text that is no cursor.
  }
  throw invalidArgument('the cursor is invalid');
}
