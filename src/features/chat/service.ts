import type { Db } from '../../database/database.ts';
import type { Log } from '../../observability/log.ts';
import { isId } from '../../protocol/ids.ts';
import { jsonObjectProblem } from '../../protocol/json-object.ts';
import { badInput, invalidArgument } from '../../protocol/status.ts';
import type { MessageRouter } from '../../realtime/message-router.ts';
import type { MicrosecondClock } from '../../realtime/microsecond-clock.ts';
import type { PresenceEvents } from '../../realtime/presence-events.ts';
import type { PresenceTracker } from '../../realtime/presence-tracker.ts';
import type { Session } from '../../realtime/session.ts';
import type { SessionRegistry } from '../../realtime/session-registry.ts';
import { type Presence, type Stream, StreamMode } from '../../realtime/stream.ts';
import { NotificationCode, type Notifications } from '../notifications/index.ts';
import { ChannelType, parseChannelId } from './channel.ts';
import { channelEventOf } from './channel-event.ts';
import { Channels } from './channels.ts';
import type { GroupMembership } from './group-membership.ts';
import { type HistoryPage, listHistory } from './history.ts';
import type { ChannelMessage } from './message.ts';
import { type Author, Messages } from './messages.ts';
import type { PendingJoins } from './pending-joins.ts';

export interface ChatDependencies {
  readonly db: Db;
  readonly sessions: SessionRegistry;
  readonly tracker: PresenceTracker;
  readonly router: MessageRouter;
  readonly events: PresenceEvents;
  readonly clock: MicrosecondClock;
  readonly notifications: Notifications;
  readonly groups: GroupMembership;
  readonly joins: PendingJoins;
  readonly log: Log;
}

/** What a session asks of a channel when it joins. */
export interface JoinRequest {
  readonly target: string;
  readonly type: number;
  readonly persistence: boolean;
  readonly hidden: boolean;
}

/** A channel as a session that has just joined finds it. */
export interface JoinedChannel {
  readonly stream: Stream;
  /** Who is visibly there, without the presence that has just begun. */
  readonly presences: readonly Presence[];
}

/** What sessions do with channels: a session joins, and then speaks and hears. */
export class Chat {
  readonly channels: Channels;
  readonly messages: Messages;
  readonly #db: Db;
  readonly #sessions: SessionRegistry;
  readonly #tracker: PresenceTracker;
  readonly #notifications: Notifications;
  readonly #joins: PendingJoins;
  readonly #log: Log;

  constructor(dependencies: ChatDependencies) {
    const { db, sessions, tracker, router, events, notifications, groups, joins, log } = dependencies;
    this.#db = db;
    this.#sessions = sessions;
    this.#tracker = tracker;
    this.#notifications = notifications;
    this.#joins = joins;
    this.#log = log;
    this.channels = new Channels(db, groups);
    this.messages = new Messages(dependencies);
    for (const mode of [StreamMode.CHANNEL, StreamMode.GROUP, StreamMode.DIRECT]) {
      events.publish(mode, (change) => router.toStream(change.stream, channelEventOf(change)));
    }
  }

  /**
   * Joins a channel. A session that is in already stays as it is. Whoever opens a direct channel in which the other one
   * is not there invites them by a notification. A room is joined at once, without a promise, so that the answer goes
   * out before the others are told.
   * @throws RealtimeError BAD_INPUT when there is no such channel for the user
   */
  join(session: Session, request: JoinRequest): JoinedChannel | Promise<JoinedChannel> {
    if (request.type === ChannelType.GROUP) return this.#joinGroup(session, request);
    const found = this.channels.find(session.userId, request.target, request.type);
    if (found instanceof Promise) return found.then((stream) => this.#enter(session, stream, request));
    return this.#enter(session, found, request);
  }

  /** Leaves a channel; nothing happens when the session is not in it. @throws RealtimeError for a bad id */
  leave(session: Session, channelId: string): void {
    this.#tracker.untrack(session.id, streamOf(channelId));
  }

  /** @throws RealtimeError for a bad id, content that is no JSON object, or a channel that the session has not joined */
  send(session: Session, channelId: string, content: string): ChannelMessage | Promise<ChannelMessage> {
    const stream = streamOf(channelId);
    checkContent(content);
    const { persistence } = this.#presenceIn(session, stream);
    return this.messages.send(stream, authorOf(session), content, persistence);
  }

  /** As {@link send}; also @throws RealtimeError when the user has sent no such message */
  update(
    session: Session,
    channelId: string,
    messageId: string,
    content: string,
  ): ChannelMessage | Promise<ChannelMessage> {
    checkMessageId(messageId);
    const stream = streamOf(channelId);
    checkContent(content);
    const { persistence } = this.#presenceIn(session, stream);
    return this.messages.update(stream, messageId, authorOf(session), content, persistence);
  }

  /** As {@link update}. */
  remove(session: Session, channelId: string, messageId: string): ChannelMessage | Promise<ChannelMessage> {
    checkMessageId(messageId);
    const stream = streamOf(channelId);
    const { persistence } = this.#presenceIn(session, stream);
    return this.messages.remove(stream, messageId, authorOf(session), persistence);
  }

  /** A page of a channel's history. @throws StatusError INVALID_ARGUMENT when the user may not read it */
  async historyFor(
    userId: string,
    stream: Stream,
    limit: number,
    forward: boolean,
    cursor: string,
  ): Promise<HistoryPage> {
    if (!(await this.channels.mayRead(userId, stream))) throw invalidArgument('there is no such channel for the user');
    return this.history(stream, limit, forward, cursor);
  }

  /** A page of a channel's history, whoever asks. */
  history(stream: Stream, limit: number, forward: boolean, cursor: string): Promise<HistoryPage> {
    return listHistory(this.#db, stream, limit, forward, cursor);
  }

  #enter(
    session: Session,
    stream: Stream,
    { persistence, hidden }: JoinRequest,
  ): JoinedChannel | Promise<JoinedChannel> {
    // The connection may have ended while the database was asked; it must not come to life again in the tracker.
    if (!this.#sessions.get(session.id)) throw badInput('the connection has ended');
    const isNew = this.#tracker.track(session, stream, { persistence, hidden });
    const present = this.#tracker.list(stream, { hidden: false });
    if (!isNew) return { stream, presences: present };
    const joined = { stream, presences: present.filter((presence) => presence.sessionId !== session.id) };
    if (stream.mode !== StreamMode.DIRECT) return joined;
    return this.#invite(session, stream, present).then(() => joined);
  }

  /** As the database has it, unless the user has left the group since it was asked. */
  async #joinGroup(session: Session, request: JoinRequest): Promise<JoinedChannel> {
    const pending = this.#joins.begin(request.target, session.userId);
    try {
      const stream = await this.channels.find(session.userId, request.target, request.type);
      if (pending.isRevoked) throw badInput('the user has left the group');
      return await this.#enter(session, stream, request);
    } finally {
      this.#joins.end(pending);
    }
  }

  #presenceIn(session: Session, stream: Stream): Presence {
    const presence = this.#tracker.get(session.id, stream);
    if (!presence) throw badInput('join the channel first');
    return presence;
  }

  async #invite(session: Session, stream: Stream, present: readonly Presence[]): Promise<void> {
    const other = stream.subject === session.userId ? stream.subcontext : stream.subject;
    if (present.some((presence) => presence.userId === other)) return;
    try {
      await this.#notifications.send(other, {
        subject: `${session.username} wants to chat`,
        content: { username: session.username },
        code: NotificationCode.DIRECT_CHAT_REQUEST,
        senderId: session.userId,
        persistent: true,
      });
    } catch (error) {
      this.#log.error({ err: error, userId: other }, 'an invitation to a direct channel could not be stored');
    }
  }
}

function streamOf(channelId: string): Stream {
  const stream = parseChannelId(channelId);
  if (!stream) throw badInput('this is not a channel id');
  return stream;
}

function checkContent(content: string): void {
  const problem = jsonObjectProblem(content);
  if (problem) throw badInput(`the content of a message ${problem}`);
}

function checkMessageId(messageId: string): void {
  if (!isId(messageId)) throw badInput('this is not a message id');
}

function authorOf({ userId, username }: Session): Author {
  return { userId, username };
}
