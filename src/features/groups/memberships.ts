import { type Db, inTransaction } from '../../database/database.ts';
import type { Log } from '../../observability/log.ts';
import { invalidArgument, Status, StatusError } from '../../protocol/status.ts';
import type { MicrosecondClock } from '../../realtime/microsecond-clock.ts';
import { type GroupEvents, MessageCode } from '../chat/index.ts';
import { NotificationCode, type NotificationRequest, type Notifications } from '../notifications/index.ts';
import type { Act } from './acts.ts';
import { type GroupCaller, GroupState } from './group.ts';
import {
  banMembers,
  countSuperadmins,
  deleteMembers,
  findAdmins,
  findStates,
  insertMembers,
  lockUsers,
  otherRank,
  updateStates,
} from './member-queries.ts';
import { positionAt } from './position.ts';
import { changeEdgeCount, deleteGroups, type LockedGroup, lockGroup, OPEN } from './queries.ts';

export interface MembershipsDependencies {
  readonly db: Db;
  readonly clock: MicrosecondClock;
  readonly events: GroupEvents;
  readonly notifications: Notifications;
  readonly log: Log;
}

type StoredEvents = Awaited<ReturnType<GroupEvents['store']>>;

/**
 * Who comes into a group, what they are in it, and how they leave. Each change is one transaction that holds the group:
 * changes of one group happen one after another, so that its last place is given once. What they tell is sent when they
 * are done.
 */
export class Memberships {
  readonly #db: Db;
  readonly #clock: MicrosecondClock;
  readonly #events: GroupEvents;
  readonly #notifications: Notifications;
  readonly #log: Log;

  constructor({ db, clock, events, notifications, log }: MembershipsDependencies) {
    this.#db = db;
    this.#clock = clock;
    this.#events = events;
    this.#notifications = notifications;
    this.#log = log;
  }

  /**
   * Joins an open group, or asks to be let in to a closed one, which its admins are told. Nothing happens when the user
   * is something in the group already.
   * @throws StatusError NOT_FOUND for an unknown group or user, INVALID_ARGUMENT when the group is full
   */
  async join(groupId: string, userId: string, username: string): Promise<void> {
    const { messages, admins } = await inTransaction(this.#db, async (transaction) => {
      const { group } = await this.#lock(transaction, groupId, [userId], [userId]);
      const done = { messages: [] as StoredEvents, admins: [] as string[] };
      if ((await findStates(transaction, groupId, [userId])).has(userId)) return done;
      checkPlaces(group, 1);
      const edge = { userId, position: positionAt(this.#clock) };
      if (group.state !== OPEN) {
        await insertMembers(transaction, groupId, [edge], GroupState.JOIN_REQUEST);
        return { ...done, admins: await findAdmins(transaction, groupId) };
      }
      await insertMembers(transaction, groupId, [edge], GroupState.MEMBER);
      await changeEdgeCount(transaction, [groupId], 1);
      const author = { userId, username };
      return { ...done, messages: await this.#events.store(transaction, groupId, MessageCode.GROUP_JOIN, [author]) };
    });
    this.#events.push(messages);
    await this.#notify(
      admins.map((adminId) => ({
        userId: adminId,
        subject: `User ${username} wants to join your group`,
        content: { group_id: groupId, username },
        code: NotificationCode.GROUP_JOIN_REQUEST,
        senderId: userId,
        persistent: true,
      })),
    );
  }

  /**
   * Leaves a group or withdraws a request; a ban stays. The last member takes the group along.
   * @throws StatusError INVALID_ARGUMENT for the only superadmin while others are members
   */
  async leave(groupId: string, userId: string, username: string): Promise<void> {
    const outcome = await inTransaction(this.#db, async (transaction) => {
      await lockUsers(transaction, [userId]);
      const group = await lockGroup(transaction, groupId);
      const state = group && (await findStates(transaction, groupId, [userId])).get(userId);
      if (state === undefined || state === GroupState.BANNED) return undefined;
      if (state === GroupState.SUPERADMIN) {
        const rank = await otherRank(transaction, groupId, userId);
        if (rank === undefined) {
          await deleteGroups(transaction, [groupId]);
          return 'deleted';
        }
        if (rank !== GroupState.SUPERADMIN) throw invalidArgument('the only superadmin cannot leave others behind');
      }
      await deleteMembers(transaction, groupId, [userId]);
      if (!isMember(state)) return undefined;
      await changeEdgeCount(transaction, [groupId], -1);
      return this.#events.store(transaction, groupId, MessageCode.GROUP_LEAVE, [{ userId, username }]);
    });
    if (outcome === undefined) return;
    if (outcome === 'deleted') {
      this.#events.close(groupId);
      return;
    }
    this.#events.push(outcome);
    this.#events.removeUser(groupId, userId);
  }

  /**
   * Makes users members, those who have asked and those who have not, and tells them. Members and the banned stay what
   * they are. A player must be an admin or above.
   * @throws StatusError NOT_FOUND when there is no such group that the caller may add to; INVALID_ARGUMENT when a user is
   * unknown or the group has too few places: then nobody is added
   */
  async add(groupId: string, userIds: readonly string[], caller: GroupCaller): Promise<void> {
    const targets = othersThan(caller, userIds);
    const { group, added, messages } = await inTransaction(this.#db, async (transaction) => {
      const { group, usernames, states } = await this.#enter(transaction, groupId, targets, caller);
      if (targets.some((userId) => !usernames.has(userId))) throw invalidArgument('there is no such user');
      const outsiders = targets.filter((userId) => !states.has(userId));
      const waiting = targets.filter((userId) => states.get(userId) === GroupState.JOIN_REQUEST);
      const added = [...outsiders, ...waiting];
      checkPlaces(group, added.length);
      if (outsiders.length > 0) {
        const edges = outsiders.map((userId) => ({ userId, position: positionAt(this.#clock) }));
        await insertMembers(transaction, groupId, edges, GroupState.MEMBER);
      }
      if (waiting.length > 0) {
        await updateStates(transaction, groupId, new Map(waiting.map((userId) => [userId, GroupState.MEMBER])));
      }
      if (added.length > 0) await changeEdgeCount(transaction, [groupId], added.length);
      const authors = added.map((userId) => ({ userId, username: usernames.get(userId)! }));
      const messages = await this.#events.store(transaction, groupId, MessageCode.GROUP_ADD, authors);
      return { group, added, messages };
    });
    this.#events.push(messages);
    await this.#notify(
      added.map((userId) => ({
        userId,
        subject: `You've been added to group ${group.name}`,
        content: { group_id: groupId, name: group.name },
        code: NotificationCode.GROUP_ADDED,
        senderId: caller === 'server' ? undefined : caller.userId,
        persistent: true,
      })),
    );
  }

  /**
   * Kicks, bans, promotes or demotes. A player must be an admin or above; whom the caller may not touch, the caller,
   * outsiders and the only superadmin are passed over.
   * @throws StatusError NOT_FOUND when there is no such group in which the caller may do this
   */
  async apply(act: Act, groupId: string, userIds: readonly string[], caller: GroupCaller): Promise<void> {
    const targets = othersThan(caller, userIds);
    const { messages, left } = await inTransaction(this.#db, async (transaction) => {
      const { usernames, states, rank } = await this.#enter(transaction, groupId, targets, caller);
      const outcomes = await outcomesOf(transaction, groupId, act, states, rank);
      const ids = [...outcomes.keys()];
      const out = ids.filter((userId) => outcomes.get(userId) === 'out');
      const banned = ids.filter((userId) => outcomes.get(userId) === GroupState.BANNED);
      const others = [...outcomes].filter((entry): entry is [string, number] => isMember(entry[1]));
      if (out.length > 0) await deleteMembers(transaction, groupId, out);
      if (banned.length > 0) {
        const edges = banned.map((userId) => ({ userId, position: positionAt(this.#clock) }));
        await banMembers(transaction, groupId, edges);
      }
      if (others.length > 0) await updateStates(transaction, groupId, new Map(others));

      const left = [...out, ...banned].filter((userId) => isMember(states.get(userId)));
      if (left.length > 0) await changeEdgeCount(transaction, [groupId], -left.length);
      const authors = [...left, ...others.map(([userId]) => userId)].flatMap((userId) => {
        const username = usernames.get(userId);
        return username === undefined ? [] : [{ userId, username }];
      });
      return { left, messages: await this.#events.store(transaction, groupId, act.messageCode, authors) };
    });
    this.#events.push(messages);
    for (const userId of left) this.#events.removeUser(groupId, userId);
  }

  /** Locks the users and the group, and finds what the users are in it and what rank the caller has. */
  async #enter(transaction: Db, groupId: string, targets: readonly string[], caller: GroupCaller) {
    const { group, usernames } = await this.#lock(transaction, groupId, targets, []);
    const asked = caller === 'server' ? targets : [...targets, caller.userId];
    const states = await findStates(transaction, groupId, asked);
    if (caller === 'server') return { group, usernames, states, rank: GroupState.SUPERADMIN };
    const rank = states.get(caller.userId);
    states.delete(caller.userId);
    if (rank === undefined || rank > GroupState.ADMIN) throw notFound();
    return { group, usernames, states, rank };
  }

  async #lock(transaction: Db, groupId: string, userIds: readonly string[], required: readonly string[]) {
    const usernames = await lockUsers(transaction, userIds);
    if (required.some((userId) => !usernames.has(userId))) {
      throw new StatusError(Status.NOT_FOUND, 'there is no such user');
    }
    const group = await lockGroup(transaction, groupId);
    if (!group) throw notFound();
    return { group, usernames };
  }

  /** The change is made already: when its news cannot be stored, it is logged and no error of the caller's. */
  async #notify(requests: readonly NotificationRequest[]): Promise<void> {
    try {
      await this.#notifications.sendMany(requests);
    } catch (error) {
      this.#log.error({ err: error }, 'notifications of a group could not be stored');
    }
  }
}

/** What becomes of whom; of the superadmins one is left. */
async function outcomesOf(
  transaction: Db,
  groupId: string,
  act: Act,
  states: ReadonlyMap<string, number>,
  rank: number,
): Promise<Map<string, number | 'out'>> {
  const outcomes = new Map<string, number | 'out'>();
  for (const [userId, state] of states) {
    const outcome = act.outcome(state, rank);
    if (outcome !== undefined) outcomes.set(userId, outcome);
  }
  const falling = [...outcomes.keys()].filter((userId) => states.get(userId) === GroupState.SUPERADMIN);
  if (falling.length === 0) return outcomes;
  const count = await countSuperadmins(transaction, groupId, falling.length + 1);
  if (count <= falling.length) outcomes.delete(falling.at(-1)!);
  return outcomes;
}

function othersThan(caller: GroupCaller, userIds: readonly string[]): string[] {
  const others = new Set(userIds);
  if (caller !== 'server') others.delete(caller.userId);
  return [...others];
}

function isMember(state: unknown): boolean {
  return typeof state === 'number' && state <= GroupState.MEMBER;
}

function checkPlaces({ edge_count, max_count }: LockedGroup, needed: number): void {
  if (edge_count + needed > max_count) throw invalidArgument('the group is full');
}

function notFound(): StatusError {
  return new StatusError(Status.NOT_FOUND, 'there is no such group in which the caller may do this');
}
