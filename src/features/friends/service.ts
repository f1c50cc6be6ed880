import { type Db, inTransaction } from '../../database/database.ts';
import type { Log } from '../../observability/log.ts';
import { NIL_ID } from '../../protocol/ids.ts';
import { invalidArgument, Status, StatusError } from '../../protocol/status.ts';
import type { MicrosecondClock } from '../../realtime/microsecond-clock.ts';
import type { PresenceTracker } from '../../realtime/presence-tracker.ts';
import { directStream } from '../chat/index.ts';
import type { Notifications } from '../notifications/index.ts';
import { type News, RelationshipChanges, type SideMetadata } from './changes.ts';
import {
  deleteEdgesAround,
  findNeighbourIds,
  findUserIdsOn,
  type LockedUser,
  lockUsers,
  replaceMetadata,
} from './edge-queries.ts';
import type { FriendService, FriendSource, FriendSources } from './friend-source.ts';
import { type Actor, checkNamedUsers, type NamedUsers, namesSelf } from './named-users.ts';
import { notificationOf } from './news.ts';
import type { FriendAction } from './transitions.ts';

export interface FriendsDependencies {
  readonly db: Db;
  readonly notifications: Notifications;
  readonly tracker: PresenceTracker;
  readonly clock: MicrosecondClock;
  readonly log: Log;
  /** Where friends can be imported from. */
  readonly sources: FriendSources;
}

/**
 * Changes how users stand to each other. Each call is one transaction whatever number of users it is about; whoever
 * changes a relationship holds the rows of both users, so that what two do at once is decided one after the other.
 */
export class Friends {
  readonly #db: Db;
  readonly #notifications: Notifications;
  readonly #tracker: PresenceTracker;
  readonly #clock: MicrosecondClock;
  readonly #log: Log;
  readonly #sources: FriendSources;

  constructor({ db, notifications, tracker, clock, log, sources }: FriendsDependencies) {
    this.#db = db;
    this.#notifications = notifications;
    this.#tracker = tracker;
    this.#clock = clock;
    this.#log = log;
    this.#sources = sources;
  }

  /**
   * Invites users, or accepts their invitations. Those that do not exist are passed over, and those whom either side
   * blocks.
   * @param metadata text of a JSON object, merged into the actor's own entries that change
   * @throws StatusError INVALID_ARGUMENT for the actor themselves, what cannot be a user, and names that nobody has
   */
  async add(actor: Actor, users: NamedUsers, metadata: string): Promise<void> {
    await this.#change('add', actor, users, { mine: metadata, theirs: '{}' });
  }

  /**
   * Ends friendships, withdraws and turns down invitations, lifts the actor's blocks. Where there is nothing to delete
   * nothing happens.
   * @throws StatusError INVALID_ARGUMENT for the actor themselves and what cannot be a user
   */
  async delete(actor: Actor, users: NamedUsers): Promise<void> {
    await this.#change('delete', actor, users);
  }

  /** Blocks users and ends the direct chats with them; nobody is told. @throws StatusError as {@link add} */
  async block(actor: Actor, users: NamedUsers): Promise<void> {
    const blocked = await this.#change('block', actor, users);
    for (const { id } of blocked) this.#tracker.untrackStream(directStream(actor.userId, id));
  }

  /** Replaces the metadata of a user's entry about another one; no entry is no error. */
  async updateMetadata(userId: string, otherId: string, metadata: string): Promise<void> {
    await replaceMetadata(this.#db, { sourceId: userId, destinationId: otherId }, metadata);
  }

  /**
   * Makes friends of the users who are friends with the actor on another service.
   * @param reset removes all friends and invitations first; blocks stay
   * @throws StatusError FAILED_PRECONDITION when the service is not set up, UNAUTHENTICATED for a bad token
   */
  async importFrom(service: FriendService, actor: Actor, token: string, reset: boolean): Promise<void> {
    await this.importKnown(service, actor, await this.sourceOf(service).friendIdsOf(token), reset);
  }

  /** As {@link importFrom}, of friends whose ids on the service are known already. */
  async importKnown(service: FriendService, actor: Actor, theirIds: readonly string[], reset: boolean): Promise<void> {
    const userIds = theirIds.length === 0 ? [] : await findUserIdsOn(this.#db, service, theirIds);
    await this.importFriends(actor, userIds, reset, service);
  }

  /** @throws StatusError FAILED_PRECONDITION when the service is not set up */
  sourceOf(service: FriendService): FriendSource {
    const source = this.#sources[service];
    if (!source) throw new StatusError(Status.FAILED_PRECONDITION, `importing friends from ${service} is not set up`);
    return source;
  }

  /**
   * Makes friends of users at once, without invitations, and tells those that were not friends before. Those that do
   * not exist are passed over, and those whom either side blocks.
   * @param reset removes all friends and invitations first; blocks stay
   * @param service where they are friends already, noted in the metadata of both
   */
  async importFriends(actor: Actor, userIds: readonly string[], reset: boolean, service: FriendService): Promise<void> {
    const otherIds = [...new Set(userIds)].filter((id) => id !== actor.userId);
    if (otherIds.length === 0 && !reset) return;
    const note = JSON.stringify({ provider: service });
    const news = await inTransaction(this.#db, async (transaction) => {
      const neighbourIds = reset ? await findNeighbourIds(transaction, actor.userId) : [];
      const locked = await lockUsers(transaction, [actor.userId, ...otherIds, ...neighbourIds], []);
      const present = new Set(locked.map(({ id }) => id));
      if (!present.has(actor.userId)) return [];
      const changes = new RelationshipChanges(actor.userId, this.#clock);
      if (reset) changes.deleted(await deleteEdgesAround(transaction, actor.userId));
      const known = otherIds.filter((id) => present.has(id));
      const told = await changes.decide(transaction, 'import', known, { mine: note, theirs: note });
      await changes.write(transaction);
      return told;
    });
    await this.#tell(actor, news);
  }

  /** Does something about users and tells them. Gives those of them that exist. */
  async #change(
    action: FriendAction,
    actor: Actor,
    users: NamedUsers,
    metadata?: SideMetadata,
  ): Promise<readonly LockedUser[]> {
    const { ids, usernames } = checkNamedUsers(actor, users);
    if (actor.userId === NIL_ID && action !== 'delete') throw invalidArgument('the system user has no friends');
    if (users.ids.length + users.usernames.length === 0) return [];
    const { others, news } = await inTransaction(this.#db, async (transaction) => {
      const locked = await lockUsers(transaction, [actor.userId, ...ids], usernames);
      const self = locked.find(({ id }) => id === actor.userId);
      if (self && usernames.includes(self.username)) throw namesSelf();
      const others = locked.filter((user) => user !== self);
      if (others.length === 0 && ids.length === 0 && action !== 'delete') {
        throw invalidArgument('nobody has this username');
      }
      if (others.length === 0 || !self) return { others: [], news: [] };
      const changes = new RelationshipChanges(actor.userId, this.#clock);
      const otherIds = others.map(({ id }) => id);
      const news = await changes.decide(transaction, action, otherIds, metadata);
      await changes.write(transaction);
      return { others, news };
    });
    await this.#tell(actor, news);
    return others;
  }

  /** What has been committed stays even if nobody can be told of it. */
  async #tell(actor: Actor, news: readonly News[]): Promise<void> {
    try {
      await this.#notifications.sendMany(news.map(({ userId, news }) => notificationOf(news, actor, userId)));
    } catch (error) {
      this.#log.error({ err: error, userId: actor.userId }, 'notifications about friends could not be stored');
    }
  }
}
