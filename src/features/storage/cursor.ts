import { isId } from '../../protocol/ids.ts';
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
    const isPermission = read === 0 || read === 1 || read === 2;
    const isKey = typeof key === 'string' && !key.includes('\0');
    if (isPermission && isKey && typeof userId === 'string' && isId(userId)) return { read, key, userId };
  } catch {
    // Not JSON: answered below like any other text that is no cursor.
  }
  throw invalidArgument('the cursor is invalid');
}
