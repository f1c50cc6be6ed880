import { randomUUID } from 'node:crypto';
import { type Db, inTransaction } from '../../database/database.ts';
import { sqlStateOf } from '../../database/errors.ts';
import { invalidArgument, Status, StatusError } from '../../protocol/status.ts';
import type { MicrosecondClock } from '../../realtime/microsecond-clock.ts';
import type { GroupEvents } from '../chat/index.ts';
import { decodeEdgeCursor, encodeEdgeCursor } from './cursor.ts';
import { checkFields, type GroupCaller, type GroupChange, type GroupDraft, GroupState } from './group.ts';
import { type GroupFilter, type GroupPage, listGroups } from './listing.ts';
import {
  type EdgePlace,
  type EdgeRange,
  findStates,
  insertMembers,
  listGroupsOf,
  listMembers,
  lockUsers,
  type MemberRow,
  type UserGroupRow,
} from './member-queries.ts';
import { positionAt } from './position.ts';
import {
  deleteGroups,
  findGroups,
  findRandomGroups,
  type GroupRow,
  insertGroup,
  lockGroup,
  updateGroup,
} from './queries.ts';

export interface GroupsDependencies {
  readonly db: Db;
  readonly clock: MicrosecondClock;
  readonly events: Pick<GroupEvents, 'close'>;
}

/** PostgreSQL's codes for JSON that it cannot hold: U+0000, half a surrogate pair. */
const UNSTORABLE = new Set(['22P02', '22P05']);

/** A page of a listing; the cursor is null when nothing follows. */
export interface EdgePage<T> {
  readonly rows: readonly T[];
  readonly cursor: string | null;
}

/** Groups: how they come, change, are found, and end. */
export class Groups {
  readonly #db: Db;
  readonly #clock: MicrosecondClock;
  readonly #events: Pick<GroupEvents, 'close'>;

  constructor({ db, clock, events }: GroupsDependencies) {
    this.#db = db;
    this.#clock = clock;
    this.#events = events;
  }

  /**
   * Creates a group with a user as its superadmin.
   * @throws StatusError INVALID_ARGUMENT, NOT_FOUND for an unknown user, ALREADY_EXISTS for a name that is taken
   */
  async create(ownerId: string, draft: GroupDraft): Promise<GroupRow> {
    checkFields(draft);
    const creating = inTransaction(this.#db, async (transaction) => {
      if (!(await lockUsers(transaction, [ownerId])).has(ownerId)) throw notFound('there is no such user');
      const group = await insertGroup(transaction, randomUUID(), draft);
      if (!group) throw new StatusError(Status.ALREADY_EXISTS, 'this name is taken');
      const edge = { userId: ownerId, position: positionAt(this.#clock) };
      await insertMembers(transaction, group.id, [edge], GroupState.SUPERADMIN);
      return group;
    });
    return storable(creating);
  }

  /**
   * Changes a group; a player must be an admin of it or above.
   * @throws StatusError NOT_FOUND when there is no such group that the caller may change; INVALID_ARGUMENT for what
   * cannot be, for a name that is taken, for fewer places than members, and when nothing is to be changed
   */
  async update(groupId: string, change: GroupChange, caller: GroupCaller): Promise<void> {
    checkFields(change);
    const callerId = caller === 'server' ? undefined : caller.userId;
    if (Object.values(change).every((value) => value === undefined)) {
      if (callerId !== undefined) await this.#checkRank(groupId, callerId, GroupState.ADMIN);
      throw invalidArgument('there is nothing to change');
    }
    switch (await storable(updateGroup(this.#db, groupId, change, callerId))) {
      case 'notFound':
        throw notFound('there is no such group that the caller may change');
      case 'nameTaken':
        throw invalidArgument('this name is taken');
      case 'tooFewPlaces':
        throw invalidArgument('the group has more members than this');
    }
  }

  /**
   * Deletes a group with its members, and closes its channel. A player must be a superadmin of it; for the server an
   * unknown group is no error.
   * @throws StatusError INVALID_ARGUMENT when there is no such group that the caller may delete
   */
  async delete(groupId: string, caller: GroupCaller): Promise<void> {
    await inTransaction(this.#db, async (transaction) => {
      const group = await lockGroup(transaction, groupId);
      if (caller !== 'server') {
        const rank = group && (await findStates(transaction, groupId, [caller.userId])).get(caller.userId);
        if (rank !== GroupState.SUPERADMIN) throw invalidArgument('there is no such group that the caller may delete');
      }
      if (group) await deleteGroups(transaction, [groupId]);
    });
    this.#events.close(groupId);
  }

  /** Unknown ones are left out, repeated ones come once. */
  async byIds(ids: readonly string[]): Promise<GroupRow[]> {
    return ids.length === 0 ? [] : findGroups(this.#db, ids);
  }

  async random(count: number): Promise<GroupRow[]> {
    return count === 0 ? [] : findRandomGroups(this.#db, randomUUID(), count);
  }

  /** A page of the groups that pass a filter. @throws StatusError INVALID_ARGUMENT */
  find(filter: GroupFilter, limit: number, cursor: string): Promise<GroupPage> {
    return listGroups(this.#db, filter, limit, cursor);
  }

  /**
   * A page of a group's members, by state and by when they came; without a state all but the banned.
   * @throws StatusError INVALID_ARGUMENT for a cursor that is none, or of another state
   */
  members(groupId: string, state: number | undefined, limit: number, cursor: string): Promise<EdgePage<MemberRow>> {
    return pageOf((range) => listMembers(this.#db, groupId, range), state, limit, cursor);
  }

  /** A page of a user's groups, ordered as {@link members}; bans are not among them. @throws StatusError likewise */
  ofUser(userId: string, state: number | undefined, limit: number, cursor: string): Promise<EdgePage<UserGroupRow>> {
    return pageOf((range) => listGroupsOf(this.#db, userId, range), state, limit, cursor);
  }

  async #checkRank(groupId: string, userId: string, lowest: number): Promise<void> {
    const rank = (await findStates(this.#db, groupId, [userId])).get(userId);
    if (rank === undefined || rank > lowest) throw notFound('there is no such group that the caller may change');
  }
}

async function pageOf<T extends { readonly edge_state: number; readonly position: bigint }>(
  list: (range: EdgeRange) => Promise<T[]>,
  state: number | undefined,
  limit: number,
  cursor: string,
): Promise<EdgePage<T>> {
  let after: EdgePlace | undefined;
  if (cursor !== '') {
    after = decodeEdgeCursor(cursor, state);
    if (!after) throw invalidArgument('the cursor is not one of this listing');
  }
  const found = await list({ state, after, limit: limit + 1 });
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  const hasMore = last !== undefined && found.length > limit;
  return { rows, cursor: hasMore ? encodeEdgeCursor({ state: last.edge_state, position: last.position }) : null };
}

/** Metadata may be JSON that the database cannot hold. @throws StatusError INVALID_ARGUMENT then */
async function storable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (UNSTORABLE.has(sqlStateOf(error) ?? '')) throw invalidArgument('metadata holds text that cannot be stored');
    throw error;
  }
}

function notFound(text: string): StatusError {
  return new StatusError(Status.NOT_FOUND, text);
}
