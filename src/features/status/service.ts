import type { Db } from '../../database/database.ts';
import type { OutgoingMessage } from '../../protocol/envelope.ts';
import { isId } from '../../protocol/ids.ts';
import { badInput } from '../../protocol/status.ts';
import type { MessageRouter } from '../../realtime/message-router.ts';
import type { PresenceEvents } from '../../realtime/presence-events.ts';
import type { PresenceChange, PresenceTracker } from '../../realtime/presence-tracker.ts';
import { statusOnWire } from '../../realtime/presence-wire.ts';
import type { Session } from '../../realtime/session.ts';
import type { SessionRegistry } from '../../realtime/session-registry.ts';
import { type Presence, type Stream, StreamMode } from '../../realtime/stream.ts';
import { Follows } from './follows.ts';
import { findUserIds } from './queries.ts';

const MAX_STATUS_BYTES = 2_048;

export interface StatusDependencies {
  readonly db: Db;
  readonly sessions: SessionRegistry;
  readonly tracker: PresenceTracker;
  readonly router: MessageRouter;
  readonly events: PresenceEvents;
  /** Users that one session may follow. */
  readonly maxFollows: number;
}

/** Who is online, with what status, and who wants to know. A status belongs to a session, not to a user. */
export class StatusService {
  readonly #db: Db;
  readonly #sessions: SessionRegistry;
  readonly #tracker: PresenceTracker;
  readonly #router: MessageRouter;
  readonly #maxFollows: number;
  readonly #follows = new Follows();

  constructor({ db, sessions, tracker, router, events, maxFollows }: StatusDependencies) {
    this.#maxFollows = maxFollows;
    this.#db = db;
    this.#sessions = sessions;
    this.#tracker = tracker;
    this.#router = router;
    events.publish(StreamMode.STATUS, (change) => this.#publish(change));
  }

  /**
   * A session has been opened; with `appearOnline` it begins with an empty status. Every session is also in its user's
   * notification stream, hidden: that is how modules find the open connections of a user.
   */
  sessionOpened(session: Session, appearOnline: boolean): void {
    this.#tracker.track(session, notificationStream(session.userId), { hidden: true });
    if (appearOnline) this.#tracker.track(session, statusStream(session.userId), { status: '' });
  }

  /** A session has ended: it follows nobody any more. Its presences are the tracker's to end. */
  sessionClosed(sessionId: string): void {
    this.#follows.removeSession(sessionId);
  }

  /** Sets the session's status; undefined removes it. @throws RealtimeError when it is too long */
  update(session: Session, status: string | undefined): void {
    const stream = statusStream(session.userId);
    if (status === undefined) {
      this.#tracker.untrack(session.id, stream);
      return;
    }
    if (Buffer.byteLength(status) > MAX_STATUS_BYTES) throw badInput(`a status has at most ${MAX_STATUS_BYTES} bytes`);
    this.#tracker.update(session, stream, { status });
  }

  /**
   * Follows users by id and name; those that do not exist, and the session's own user, are passed over.
   * @returns the statuses of those it follows by this
   * @throws RealtimeError for an id or name that is none; then nobody is followed
   */
  async follow(session: Session, userIds: readonly string[], usernames: readonly string[]): Promise<Presence[]> {
    const ids = userIds.map(userIdOf);
    if (usernames.includes('')) throw badInput('a username must not be empty');
    if (ids.length === 0 && usernames.length === 0) return [];
    const names = usernames.filter(isStorable);
    const found = await findUserIds(this.#db, ids, names);
    const others = found.filter((userId) => userId !== session.userId);
    // The connection may have ended while the names were looked up.
    if (!this.#sessions.get(session.id)) return [];
    this.#add(session.id, others, (text) => badInput(text));
    return others.flatMap((userId) => this.#tracker.list(statusStream(userId), { hidden: false }));
  }

  /** @throws RealtimeError for an id that is none; then nobody is unfollowed */
  unfollow(session: Session, userIds: readonly string[]): void {
    this.#follows.remove(session.id, userIds.map(userIdOf));
  }

  /** Lets a session follow users whether they exist or not; a session that is not connected is passed over. */
  followFor(sessionId: string, userIds: readonly string[]): void {
    const session = this.#sessions.get(sessionId);
    if (!session) return;
    const others = userIds.filter((userId) => userId !== session.userId);
    this.#add(sessionId, others, (text) => new Error(text));
  }

  unfollowFor(sessionId: string, userIds: readonly string[]): void {
    this.#follows.remove(sessionId, userIds);
  }

  /** Those of the users who appear online: that have at least one status. */
  online(userIds: Iterable<string>): Set<string> {
    const found = new Set<string>();
    for (const userId of userIds) if (this.isOnline(userId)) found.add(userId);
    return found;
  }

  isOnline(userId: string): boolean {
    return this.#tracker.count(statusStream(userId)) > 0;
  }

  #add(sessionId: string, userIds: readonly string[], refusal: (text: string) => Error): void {
    if (this.#follows.countWith(sessionId, userIds) > this.#maxFollows) {
      throw refusal(`a session may follow ${this.#maxFollows} users at a time`);
    }
    this.#follows.add(sessionId, userIds);
  }

  /** To the user's own sessions and to those that follow the user. */
  #publish({ stream, joins, leaves }: PresenceChange): void {
    const receivers = new Set(this.#follows.followersOf(stream.subject));
    for (const session of this.#sessions.ofUser(stream.subject)) receivers.add(session.id);
    if (receivers.size === 0) return;
    this.#router.toSessions([...receivers], statusEvent(joins, leaves));
  }
}

function statusEvent(joins: readonly Presence[], leaves: readonly Presence[]): OutgoingMessage {
  return {
    case: 'statusPresenceEvent',
    value: { joins: joins.map(statusOnWire), leaves: leaves.map(statusOnWire) },
  };
}

function statusStream(userId: string): Stream {
  return { mode: StreamMode.STATUS, subject: userId, subcontext: '', label: '' };
}

function notificationStream(userId: string): Stream {
  return { mode: StreamMode.NOTIFICATIONS, subject: userId, subcontext: '', label: '' };
}

function userIdOf(text: string): string {
  if (!isId(text)) throw badInput(`${JSON.stringify(text)} is not a user id`);
  return text.toLowerCase();
}

/** Text with NUL or half a surrogate pair is not in the database, nor can the database be asked for it. */
function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}
