import { invalidArgument } from '../../protocol/status.ts';
import type { EdgeState } from './transitions.ts';

/** A place in a list of friends: the entry that a page begins with. */
export interface FriendPlace {
  readonly state: EdgeState;
  readonly position: bigint;
}

/** A place in a list of friends of friends: what a page goes on after. */
export interface FriendOfFriendPlace {
  readonly referrerId: string;
  readonly userId: string;
}

const friendForm = /^([0-3])\.(\d{1,19})$/;
const friendOfFriendForm =
  /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
const MAX_POSITION = 2n ** 63n - 1n;

export function encodeFriendPlace({ state, position }: FriendPlace): string {
  return encode(`${state}.${position}`);
}

/** @throws StatusError INVALID_ARGUMENT for text that is no cursor, or that is one of another state */
export function decodeFriendPlace(cursor: string, state: number | undefined): FriendPlace {
  const parts = friendForm.exec(decode(cursor));
  const place = parts && { state: Number(parts[1]) as EdgeState, position: BigInt(parts[2]!) };
  if (!place || place.position > MAX_POSITION) throw invalidArgument('the cursor is invalid');
  if (state !== undefined && state !== place.state) throw invalidArgument('the cursor is one of another state');
  return place;
}

export function encodeFriendOfFriendPlace({ referrerId, userId }: FriendOfFriendPlace): string {
  return encode(`${referrerId}.${userId}`);
}

/** @throws StatusError INVALID_ARGUMENT for text that is no cursor */
export function decodeFriendOfFriendPlace(cursor: string): FriendOfFriendPlace {
  const parts = friendOfFriendForm.exec(decode(cursor));
  if (!parts) throw invalidArgument('the cursor is invalid');
  return { referrerId: parts[1]!, userId: parts[2]! };
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64url');
}

function decode(cursor: string): string {
  return Buffer.from(cursor, 'base64url').toString('latin1');
}
