import type { OutgoingMessage } from '../../protocol/envelope.ts';
import { audienceTest } from '../../realtime/audience.ts';
import type { MessageRouter } from '../../realtime/message-router.ts';
import type { PresenceEvents } from '../../realtime/presence-events.ts';
import type { PresenceChange, PresenceFilter, PresenceTracker } from '../../realtime/presence-tracker.ts';
import { presenceOnWire, streamOnWire } from '../../realtime/presence-wire.ts';
import type { Session } from '../../realtime/session.ts';
import type { SessionRegistry } from '../../realtime/session-registry.ts';
import type { Presence, PresenceMeta, Stream } from '../../realtime/stream.ts';
import type { Audience } from '../../runtime/parameters.ts';

export interface StreamDependencies {
  readonly sessions: SessionRegistry;
  readonly tracker: PresenceTracker;
  readonly router: MessageRouter;
  readonly events: PresenceEvents;
}

/** Whom something sent on a stream is for: everybody in it, unless one of these says otherwise. */
export interface StreamReceivers {
  /** These sessions, in the stream or not; an empty list is everybody in it. */
  readonly sessionIds?: readonly string[] | undefined;
  /** Of those, only the ones in the audience. */
  readonly to?: Audience | undefined;
}

/** What server modules do with streams: who is in them, and what is sent on them. */
export class Streams {
  readonly #sessions: SessionRegistry;
  readonly #tracker: PresenceTracker;
  readonly #router: MessageRouter;

  constructor({ sessions, tracker, router, events }: StreamDependencies) {
    this.#sessions = sessions;
    this.#tracker = tracker;
    this.#router = router;
    events.publishOthers((change) => router.toStream(change.stream, presenceEventOf(change)));
  }

  /** Puts a session in. False when it was in already: then nothing changes. @throws Error when it is not connected */
  join(userId: string, sessionId: string, stream: Stream, meta: PresenceMeta): boolean {
    return this.#tracker.track(this.#sessionOf(userId, sessionId), stream, meta);
  }

  /** Replaces a session's presence, or puts it in. @throws Error when it is not connected */
  update(userId: string, sessionId: string, stream: Stream, meta: PresenceMeta): void {
    this.#tracker.update(this.#sessionOf(userId, sessionId), stream, meta);
  }

  /** Takes a session out; nothing happens when it is not in, or not the user's. */
  leave(userId: string, sessionId: string, stream: Stream): void {
    if (this.get(userId, sessionId, stream)) this.#tracker.untrack(sessionId, stream);
  }

  get(userId: string, sessionId: string, stream: Stream): Presence | null {
    const presence = this.#tracker.get(sessionId, stream);
    return presence?.userId === userId ? presence : null;
  }

  list(stream: Stream, filter: PresenceFilter): Presence[] {
    return this.#tracker.list(stream, filter);
  }

  onCount(listener: (stream: Stream) => void): void {
    this.#tracker.onCount(listener);
  }

  count(stream: Stream): number {
    return this.#tracker.count(stream);
  }

  /** Takes everybody out without telling anybody. */
  close(stream: Stream): void {
    this.#tracker.untrackStream(stream);
  }

  /** Sends text, from nobody. */
  sendData(stream: Stream, data: string, reliable: boolean, receivers: StreamReceivers): void {
    this.send(stream, { case: 'streamData', value: { stream: streamOnWire(stream), data, reliable } }, receivers);
  }

  /** Sends a message of any kind. */
  send(stream: Stream, message: OutgoingMessage, { sessionIds, to }: StreamReceivers): void {
    const named = sessionIds && sessionIds.length > 0 ? sessionIds : undefined;
    if (!to) {
      if (named) this.#router.toSessions(named, message);
      else this.#router.toStream(stream, message);
      return;
    }
    const isMeant = audienceTest(to);
    const chosen: string[] = [];
    const choose = (session: Session | undefined) => {
      if (session && isMeant(session)) chosen.push(session.id);
    };
    if (named) for (const id of new Set(named)) choose(this.#sessions.get(id));
    else this.#tracker.forEachSession(stream, choose);
    this.#router.toSessions(chosen, message);
  }

  #sessionOf(userId: string, sessionId: string): Session {
    const session = this.#sessions.get(sessionId);
    if (session?.userId !== userId) throw new Error(`the user has no connection with the session id ${sessionId}`);
    return session;
  }
}

function presenceEventOf({ stream, joins, leaves }: PresenceChange): OutgoingMessage {
  return {
    case: 'streamPresenceEvent',
    value: { stream: streamOnWire(stream), joins: joins.map(presenceOnWire), leaves: leaves.map(presenceOnWire) },
  };
}
