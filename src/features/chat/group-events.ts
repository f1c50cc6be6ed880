import { randomUUID } from 'node:crypto';
import type { Db } from '../../database/database.ts';
import type { MessageRouter } from '../../realtime/message-router.ts';
import type { MicrosecondClock } from '../../realtime/microsecond-clock.ts';
import type { PresenceTracker } from '../../realtime/presence-tracker.ts';
import type { SessionRegistry } from '../../realtime/session-registry.ts';
import { groupStream } from './channel.ts';
import { type ChannelMessage, pushOf } from './message.ts';
import type { Author } from './messages.ts';
import type { PendingJoins } from './pending-joins.ts';
import { insertMessages } from './queries.ts';

const MICROS_PER_SECOND = 1_000_000n;

export interface GroupEventDependencies {
  readonly sessions: SessionRegistry;
  readonly tracker: PresenceTracker;
  readonly router: MessageRouter;
  readonly clock: MicrosecondClock;
  readonly joins: PendingJoins;
}

/** What happens in a group, told in its channel as messages with codes of their own (3 to 9). */
export class GroupEvents {
  readonly #sessions: SessionRegistry;
  readonly #tracker: PresenceTracker;
  readonly #router: MessageRouter;
  readonly #clock: MicrosecondClock;
  readonly #joins: PendingJoins;

  constructor({ sessions, tracker, router, clock, joins }: GroupEventDependencies) {
    this.#sessions = sessions;
    this.#tracker = tracker;
    this.#router = router;
    this.#clock = clock;
    this.#joins = joins;
  }

  /**
   * Stores one message for each of the users concerned; `db` may be the transaction of the change itself. Push what it
   * returns once that has been committed.
   */
  async store(db: Db, groupId: string, code: number, users: readonly Author[]): Promise<ChannelMessage[]> {
    if (users.length === 0) return [];
    const now = this.#clock.next();
    // Whole seconds, as the reference stores these.
    const micros = now - (now % MICROS_PER_SECOND);
    const messages = users.map(({ userId, username }) => ({
      stream: groupStream(groupId),
      id: randomUUID(),
      code,
      senderId: userId,
      username,
      content: '{}',
      createTimeMicros: micros,
      updateTimeMicros: micros,
      persistent: true,
    }));
    await insertMessages(db, messages);
    return messages;
  }

  /** Tells everybody in the channel. */
  push(messages: readonly ChannelMessage[]): void {
    for (const message of messages) this.#router.toStream(message.stream, pushOf(message));
  }

  /** Takes all connections of a user, who is no member any more, out of the group's channel. */
  removeUser(groupId: string, userId: string): void {
    const stream = groupStream(groupId);
    this.#joins.revoke(stream.subject, userId);
    for (const session of this.#sessions.ofUser(userId)) this.#tracker.untrack(session.id, stream);
  }

  /** Takes everybody out of the channel of a group that is no more, without telling anybody. */
  close(groupId: string): void {
    const stream = groupStream(groupId);
    this.#joins.revoke(stream.subject);
    this.#tracker.untrackStream(stream);
  }
}
