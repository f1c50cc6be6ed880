import type { OutgoingMessage } from '../../protocol/envelope.ts';
import { canonicalId } from '../../protocol/ids.ts';
import { RealtimeError, RealtimeErrorCode } from '../../protocol/status.ts';
import type { MessageRouter } from '../../realtime/message-router.ts';
import type { PresenceTracker } from '../../realtime/presence-tracker.ts';
import type { Session } from '../../realtime/session.ts';
import { type Stream, StreamMode } from '../../realtime/stream.ts';
import { matchIdOf } from './match-id.ts';
import type { ListedMatch, MatchEntry, MatchFilter, MatchKind, SentData } from './match-kind.ts';

/**
 * Matches that pass messages between their members and know nothing of what is played. One is there while somebody is
 * in it.
 */
export class RelayedMatches implements MatchKind {
  readonly mode = StreamMode.MATCH_RELAYED;
  readonly #tracker: PresenceTracker;
  readonly #router: MessageRouter;
  /** Those that somebody is in, by their UUID. */
  readonly #running = new Map<string, Stream>();

  constructor(tracker: PresenceTracker, router: MessageRouter) {
    this.#tracker = tracker;
    this.#router = router;
    tracker.onCount((stream) => {
      if (stream.mode === this.mode) this.#note(stream);
    });
  }

  admit(_session: Session, stream: Stream, { isInvited }: MatchEntry): void {
    if (isInvited || this.#tracker.count(stream) > 0) return;
    throw new RealtimeError(RealtimeErrorCode.MATCH_NOT_FOUND, 'there is no such match');
  }

  receive(session: Session, stream: Stream, data: SentData): boolean {
    const message = matchDataOf(stream, session, data);
    if (data.presences.length === 0) {
      this.#router.toOthers(stream, session.id, message);
      return true;
    }
    const targets = sessionIdsOf(data.presences);
    if (!targets) return false;
    const members = [...targets].filter((sessionId) => this.#tracker.has(sessionId, stream));
    this.#router.toSessions(members, message);
    return true;
  }

  labelOf(): undefined {
    return undefined;
  }

  get(stream: Stream): ListedMatch | undefined {
    const size = this.#tracker.count(stream);
    return size > 0 ? { matchId: matchIdOf(stream), size } : undefined;
  }

  /** They have no label: none is found by one, nor by a query, which is about labels. */
  list({ label, query, minSize = 0, maxSize = Infinity }: MatchFilter, limit: number): readonly ListedMatch[] {
    const found: ListedMatch[] = [];
    if (label !== undefined || query) return found;
    for (const stream of this.#running.values()) {
      if (found.length >= limit) break;
      const size = this.#tracker.count(stream);
      if (size >= minSize && size <= maxSize) found.push({ matchId: matchIdOf(stream), size });
    }
    return found;
  }

  /** Modules may use the mode for streams of their own, with subcontext or label: those are no matches. */
  #note(stream: Stream): void {
    if (stream.subject === '' || stream.subcontext !== '' || stream.label !== '') return;
    if (this.#tracker.count(stream) > 0) this.#running.set(stream.subject, stream);
    else this.#running.delete(stream.subject);
  }
}

function matchDataOf(stream: Stream, sender: Session, { opCode, data, reliable }: SentData): OutgoingMessage {
  const { userId, id: sessionId, username } = sender;
  return {
    case: 'matchData',
    value: { matchId: matchIdOf(stream), presence: { userId, sessionId, username }, opCode, data, reliable },
  };
}

/** The sessions that were named, each once; undefined when one of the names cannot be read. */
function sessionIdsOf(presences: SentData['presences']): Set<string> | undefined {
  const found = new Set<string>();
  for (const { userId, sessionId } of presences) {
    const id = canonicalId(sessionId);
    if (id === undefined || canonicalId(userId) === undefined) return undefined;
    found.add(id);
  }
  return found;
}
