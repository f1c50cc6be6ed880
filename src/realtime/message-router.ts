import type { OutgoingMessage } from '../protocol/envelope.ts';
import { EncodedMessage } from './encoded-message.ts';
import type { PresenceTracker } from './presence-tracker.ts';
import type { SessionRegistry } from './session-registry.ts';
import type { Stream } from './stream.ts';

/** Brings a message to many sessions; it is encoded once for each socket format. */
export class MessageRouter {
  readonly #sessions: SessionRegistry;
  readonly #tracker: PresenceTracker;

  constructor(sessions: SessionRegistry, tracker: PresenceTracker) {
    this.#sessions = sessions;
    this.#tracker = tracker;
  }

  /** To everybody in the stream, hidden ones too; with `sessionIds` only to those of them that are still connected. */
  toStream(stream: Stream, message: OutgoingMessage, sessionIds?: readonly string[]): void {
    if (sessionIds) return this.toSessions(sessionIds, message);
    const encoded = new EncodedMessage(message);
    this.#tracker.forEachSession(stream, (session) => session.sendEncoded(encoded));
  }

  /** To everybody in the stream but one session, hidden ones too. */
  toOthers(stream: Stream, sessionId: string, message: OutgoingMessage): void {
    const encoded = new EncodedMessage(message);
    this.#tracker.forEachSession(stream, (session) => {
      if (session.id !== sessionId) session.sendEncoded(encoded);
    });
  }

  /** To these sessions; those that are gone are passed over. */
  toSessions(sessionIds: readonly string[], message: OutgoingMessage): void {
    const encoded = new EncodedMessage(message);
    for (const id of sessionIds) this.#sessions.get(id)?.sendEncoded(encoded);
  }

  /** To every connection of the user. */
  toUser(userId: string, message: OutgoingMessage): void {
    const sessions = this.#sessions.ofUser(userId);
    if (sessions.length === 1) return sessions[0]!.send(message);
    if (sessions.length === 0) return;
    const encoded = new EncodedMessage(message);
    for (const session of sessions) session.sendEncoded(encoded);
  }

  /** To every connection. */
  toAll(message: OutgoingMessage): void {
    const encoded = new EncodedMessage(message);
    for (const session of this.#sessions.all()) session.sendEncoded(encoded);
  }
}
