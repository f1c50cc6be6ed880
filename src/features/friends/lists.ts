import type { Db } from '../../database/database.ts';
import type { WireJson } from '../../protocol/json-codec.ts';
import type { OnlineCheck } from '../accounts/index.ts';
import {
  decodeFriendOfFriendPlace,
  decodeFriendPlace,
  encodeFriendOfFriendPlace,
  encodeFriendPlace,
} from './cursor.ts';
import { listFriendsAnswer } from './list-answer.ts';
import {
  type FriendOfFriendRow,
  type FriendRow,
  findFriends,
  listFriends,
  listFriendsOfFriends,
} from './list-queries.ts';

/** Part of a list. */
export interface Page<T> {
  readonly rows: readonly T[];
  /** For what follows; '' when nothing does. */
  readonly cursor: string;
}

/** Reads how users stand to each other. */
export class FriendLists {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /**
   * A user's entries by state, then by the time at which the relationship began.
   * @param cursor may be used with another limit, and without the state that it came from
   * @throws StatusError INVALID_ARGUMENT for a cursor that is none, or is one of another state
   */
  async friends(userId: string, state: number | undefined, limit: number, cursor: string): Promise<Page<FriendRow>> {
    const from = cursor === '' ? undefined : decodeFriendPlace(cursor, state);
    const rows = await listFriends(this.#db, userId, state, from, limit + 1);
    return pageOf(rows, limit, (next) => encodeFriendPlace({ state: next.edge_state, position: next.edge_position }));
  }

  /** As {@link friends}, for a client. */
  async friendsAnswer(
    userId: string,
    state: number | undefined,
    limit: number,
    cursor: string,
    isOnline: OnlineCheck,
  ): Promise<WireJson> {
    const from = cursor === '' ? undefined : decodeFriendPlace(cursor, state);
    return listFriendsAnswer(this.#db, userId, state, from, limit, isOnline);
  }

  /**
   * Friends of a user's friends, without the user and the user's own friends; one that is reached through two friends
   * is there twice.
   * @throws StatusError INVALID_ARGUMENT for a cursor that is none
   */
  async friendsOfFriends(userId: string, limit: number, cursor: string): Promise<Page<FriendOfFriendRow>> {
    const after = cursor === '' ? undefined : decodeFriendOfFriendPlace(cursor);
    const rows = await listFriendsOfFriends(this.#db, userId, after, limit + 1);
    return pageOf(rows, limit, (_next, last) =>
      encodeFriendOfFriendPlace({ referrerId: last.referrer_id, userId: last.id }),
    );
  }

  /** A user's entries about these others; there is none for who has none. */
  async with(userId: string, otherIds: readonly string[]): Promise<readonly FriendRow[]> {
    return otherIds.length === 0 ? [] : findFriends(this.#db, userId, otherIds);
  }
}

/** One row more than the limit was asked for: if there is one, the next page begins with it, after the last of this. */
function pageOf<T>(rows: T[], limit: number, cursorOf: (next: T, last: T) => string): Page<T> {
  const next = rows[limit];
  if (next === undefined) return { rows, cursor: '' };
  return { rows: rows.slice(0, limit), cursor: cursorOf(next, rows[limit - 1]!) };
}
