import { randomUUID } from 'node:crypto';
import { type Db, isForeignKeyViolation } from '../../database/database.ts';
import type { Log } from '../../observability/log.ts';
import { NIL_ID } from '../../protocol/ids.ts';
import { invalidArgument, Status, StatusError } from '../../protocol/status.ts';
import type { MessageRouter } from '../../realtime/message-router.ts';
import type { MicrosecondClock } from '../../realtime/microsecond-clock.ts';
import type { SessionRegistry } from '../../realtime/session-registry.ts';
import { Announcements } from './announcements.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import type { Notification, NotificationRequest, NotificationText } from './notification.ts';
import { NotificationPush } from './push.ts';
import {
  deleteNotifications,
  deletePairs,
  findNotifications,
  insertNotifications,
  listNotifications,
  type NotificationChange,
  type StoredNotification,
  updateNotifications,
} from './queries.ts';

/** The column's limit: what is kept has a smaller code than what is only pushed may have. */
export const MAX_PERSISTENT_CODE = 32_767;

export interface NotificationDependencies {
  readonly db: Db;
  readonly sessions: SessionRegistry;
  readonly router: MessageRouter;
  readonly clock: MicrosecondClock;
  readonly log: Log;
}

/** A page of a user's list. */
export interface NotificationPage {
  readonly notifications: readonly StoredNotification[];
  /** After the last one of the page; the one that was asked with when the page is empty. */
  readonly cursor: string;
  readonly hasMore: boolean;
}

/** Sends notifications to users and keeps the persistent ones until they are deleted. */
export class Notifications {
  readonly #db: Db;
  readonly #clock: MicrosecondClock;
  readonly #push: NotificationPush;
  readonly #announcements: Announcements;

  constructor({ db, sessions, router, clock, log }: NotificationDependencies) {
    this.#db = db;
    this.#clock = clock;
    this.#push = new NotificationPush(sessions, router);
    this.#announcements = new Announcements(db, this.#push, log);
  }

  /**
   * Sends one notification. A persistent one is stored before it is pushed and before the promise resolves; for one
   * that is not, all is done on return and there is no promise.
   */
  send(userId: string, text: NotificationText): Promise<void> | undefined {
    return this.sendMany([{ ...text, userId }]);
  }

  /**
   * Sends several, each receiver's in one push. The persistent ones are stored together or not at all, and nothing is
   * pushed when that fails.
   * @throws StatusError NOT_FOUND (a rejection) when a receiver of a persistent one does not exist
   */
  sendMany(requests: readonly NotificationRequest[]): Promise<void> | undefined {
    if (requests.length === 0) return undefined;
    const all = requests.map((request) => notificationOf(request, request.userId, this.#clock.next()));
    const persistent = all.filter((n) => n.persistent);
    if (persistent.length > 0) return this.#storeAndPush(persistent, all);
    this.#push.toReceivers(all);
    return undefined;
  }

  /**
   * Sends one to everybody: pushed at once to every open connection, or, when persistent, stored for every account in
   * the background and pushed as that proceeds.
   */
  sendAll(text: NotificationText): void {
    const notification = notificationOf(text, NIL_ID, this.#clock.next());
    if (notification.persistent) this.#announcements.add(notification);
    else this.#push.toAll(notification);
  }

  /**
   * Lists a user's persistent notifications, oldest first. With the variables of a session, those that were sent only to
   * sessions with other ones are left out.
   * @throws StatusError INVALID_ARGUMENT when the cursor is none
   */
  async list(
    userId: string,
    limit: number,
    cursor: string,
    varsOfSession?: Readonly<Record<string, string>>,
  ): Promise<NotificationPage> {
    const after = cursor === '' ? null : decodeCursor(cursor);
    if (after === undefined) throw invalidArgument('the cursor is not one of a list of notifications');
    const found = await listNotifications(this.#db, userId, after, limit + 1, varsOfSession);
    const notifications = found.slice(0, limit);
    const last = notifications.at(-1);
    return {
      notifications,
      cursor: last || cursor === '' ? encodeCursor(last ?? null) : cursor,
      hasMore: found.length > limit,
    };
  }

  /** Those of the ids that exist, in any order; of one receiver when given. */
  async find(ids: readonly string[], userId?: string): Promise<StoredNotification[]> {
    return ids.length === 0 ? [] : findNotifications(this.#db, ids, userId);
  }

  /** Deletes those of the ids that exist; of one receiver when given. */
  async delete(ids: readonly string[], userId?: string): Promise<void> {
    if (ids.length > 0) await deleteNotifications(this.#db, ids, userId);
  }

  /** Deletes those whose receiver is the one given with them. */
  async deletePairs(pairs: readonly { id: string; userId: string }[]): Promise<void> {
    if (pairs.length > 0) await deletePairs(this.#db, pairs);
  }

  /** Changes stored notifications without pushing them; unknown ones are passed over. */
  async update(changes: readonly NotificationChange[]): Promise<void> {
    if (changes.length > 0) await updateNotifications(this.#db, changes);
  }

  /** Resolves when nothing is left to do in the background. */
  settled(): Promise<void> {
    return this.#announcements.settled();
  }

  async #storeAndPush(persistent: readonly Notification[], all: readonly Notification[]): Promise<void> {
    try {
      await insertNotifications(this.#db, persistent);
    } catch (error) {
      if (isForeignKeyViolation(error)) throw new StatusError(Status.NOT_FOUND, 'a receiver does not exist');
      throw error;
    }
    this.#push.toReceivers(all);
  }
}

function notificationOf(text: NotificationText, userId: string, createTimeMicros: bigint): Notification {
  return {
    id: randomUUID(),
    userId,
    subject: text.subject,
    content: JSON.stringify(text.content),
    code: text.code,
    senderId: text.senderId ?? NIL_ID,
    createTimeMicros,
    persistent: text.persistent ?? false,
    to: text.to,
  };
}
