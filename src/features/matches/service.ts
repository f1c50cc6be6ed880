import type { OutgoingMessage } from '../../protocol/envelope.ts';
import { badInput, RealtimeError, RealtimeErrorCode } from '../../protocol/status.ts';
import { parseQuery } from '../../query/index.ts';
import type { MessageRouter } from '../../realtime/message-router.ts';
import type { PresenceEvents } from '../../realtime/presence-events.ts';
import type { PresenceChange, PresenceTracker } from '../../realtime/presence-tracker.ts';
import { presenceOnWire } from '../../realtime/presence-wire.ts';
import type { Session } from '../../realtime/session.ts';
import type { SessionRegistry } from '../../realtime/session-registry.ts';
import { type Presence, type Stream, StreamMode } from '../../realtime/stream.ts';
import type { AuthoritativeMatches } from './authoritative-matches.ts';
import { matchIdOf, matchStream, relayedStream } from './match-id.ts';
import type { ListedMatch, MatchEntry, MatchFilter, MatchKind, SentData } from './match-kind.ts';
import { issueMatchToken, verifyMatchToken } from './match-token.ts';

export interface MatchDependencies {
  readonly sessions: SessionRegistry;
  readonly tracker: PresenceTracker;
  readonly router: MessageRouter;
  readonly events: PresenceEvents;
  readonly authoritative: AuthoritativeMatches;
  readonly relayed: MatchKind;
  /** Signs match tokens: the key of session tokens. */
  readonly tokenKey: string;
  /** A session that comes into a match leaves the others. */
  readonly singleMatch: boolean;
}

/** A match as a session that has just come in finds it. */
export interface EnteredMatch {
  readonly matchId: string;
  readonly authoritative: boolean;
  readonly label: string | undefined;
  /** Who is visibly there, without the presence that has just begun. */
  readonly presences: readonly Presence[];
  /** False when the session was in already. */
  readonly isNew: boolean;
}

/** Which matches to list. */
export interface MatchSearch extends Omit<MatchFilter, 'query'> {
  readonly authoritative?: boolean | undefined;
  /** In the query language; fields begin with `label.`. */
  readonly query?: string | undefined;
}

/** What sessions do with matches, whatever kind these are of: they come in, send and hear data, and leave. */
export class Matches {
  readonly #sessions: SessionRegistry;
  readonly #tracker: PresenceTracker;
  readonly #authoritative: AuthoritativeMatches;
  /** What comes first comes first in listings. */
  readonly #kinds: ReadonlyMap<number, MatchKind>;
  readonly #tokenKey: string;
  readonly #singleMatch: boolean;

  constructor({ sessions, tracker, router, events, authoritative, relayed, tokenKey, singleMatch }: MatchDependencies) {
    const kinds = [authoritative, relayed];
    this.#sessions = sessions;
    this.#tracker = tracker;
    this.#authoritative = authoritative;
    this.#kinds = new Map(kinds.map((kind) => [kind.mode, kind]));
    this.#tokenKey = tokenKey;
    this.#singleMatch = singleMatch;
    for (const { mode } of kinds) {
      events.publish(mode, (change) => router.toStream(change.stream, presenceEventOf(change)));
    }
  }

  /** A token by which players come into a new relayed match; it holds for 30 seconds, for everybody who has it. */
  issueToken(): string {
    return issueMatchToken(matchIdOf(relayedStream()), this.#tokenKey);
  }

  /**
   * Starts a match by a module's handler; gives its id.
   * @param params JSON text of an object
   * @throws StatusError when there is no such handler, or its `matchInit` fails
   */
  createAuthoritative(handler: string, params: string): Promise<string> {
    return this.#authoritative.create(handler, params);
  }

  /** Asks a module's match. @throws RealtimeError for a bad id, StatusError when there is no such match */
  async signal(matchId: string, data: string): Promise<string> {
    return this.#authoritative.signal(streamOf(matchId), data);
  }

  /** Brings the session into the relayed match of this name, or with '' into a new one. */
  create(session: Session, name: string): EnteredMatch {
    return this.#enter(session, relayedStream(name));
  }

  /**
   * Joins a match by its id. At once, without a promise, where nobody has to be asked, so that the answer goes out
   * before the others are told.
   * @throws RealtimeError for a bad id, a match that is not there, or one that refuses the session
   */
  join(
    session: Session,
    matchId: string,
    metadata: Readonly<Record<string, string>>,
  ): EnteredMatch | Promise<EnteredMatch> {
    return this.#join(session, streamOf(matchId), { isInvited: false, metadata });
  }

  /** As {@link join}, by a token that names the match. */
  joinByToken(
    session: Session,
    token: string,
    metadata: Readonly<Record<string, string>>,
  ): EnteredMatch | Promise<EnteredMatch> {
    const matchId = verifyMatchToken(token, this.#tokenKey);
    if (matchId === null) throw badInput('this is no match token, or it has expired');
    return this.#join(session, streamOf(matchId), { isInvited: true, metadata });
  }

  /** Leaves a match; nothing happens when the session is not in it. @throws RealtimeError for a bad id */
  leave(session: Session, matchId: string): void {
    this.#tracker.untrack(session.id, streamOf(matchId));
  }

  /**
   * Sends data into a match. False when they were dropped: nobody is told why, for the sender may just have left.
   * @throws RealtimeError for a bad id
   */
  send(session: Session, matchId: string, data: SentData): boolean {
    const stream = streamOf(matchId);
    if (!this.#tracker.has(session.id, stream)) return false;
    return this.#kinds.get(stream.mode)?.receive(session, stream, data) ?? false;
  }

  /** A running match; undefined when there is none. @throws RealtimeError for a bad id */
  get(matchId: string): ListedMatch | undefined {
    const stream = streamOf(matchId);
    return this.#kinds.get(stream.mode)?.get(stream);
  }

  /** Running matches, at most `limit`. @throws QueryError */
  list({ authoritative, query, ...filter }: MatchSearch, limit: number): ListedMatch[] {
    const parsed = { ...filter, query: query === undefined ? undefined : parseQuery(query) };
    const found: ListedMatch[] = [];
    for (const kind of this.#kinds.values()) {
      if (authoritative !== undefined && authoritative !== isAuthoritative(kind.mode)) continue;
      for (const match of kind.list(parsed, limit - found.length)) found.push(match);
    }
    return found;
  }

  #join(session: Session, stream: Stream, entry: MatchEntry): EnteredMatch | Promise<EnteredMatch> {
    const kind = this.#kinds.get(stream.mode);
    if (!kind) throw new RealtimeError(RealtimeErrorCode.MATCH_NOT_FOUND, 'there is no such match');
    const admission = this.#tracker.has(session.id, stream) ? undefined : kind.admit(session, stream, entry);
    return admission ? admission.then(() => this.#enter(session, stream)) : this.#enter(session, stream);
  }

  #enter(session: Session, stream: Stream): EnteredMatch {
    // The connection may have ended while a hook or the match was asked; it must not come to life in the tracker.
    if (!this.#sessions.get(session.id)) throw badInput('the connection has ended');
    const isNew = this.#tracker.track(session, stream);
    if (isNew && this.#singleMatch) this.#leaveOthers(session, stream);
    const present = this.#tracker.list(stream, { hidden: false });
    return {
      matchId: matchIdOf(stream),
      authoritative: isAuthoritative(stream.mode),
      label: this.#kinds.get(stream.mode)?.labelOf(stream),
      presences: isNew ? present.filter(({ sessionId }) => sessionId !== session.id) : present,
      isNew,
    };
  }

  #leaveOthers(session: Session, kept: Stream): void {
    for (const stream of this.#tracker.streamsOf(session.id)) {
      const isOther = this.#kinds.has(stream.mode) && matchIdOf(stream) !== matchIdOf(kept);
      if (isOther) this.#tracker.untrack(session.id, stream);
    }
  }
}

function presenceEventOf({ stream, joins, leaves }: PresenceChange): OutgoingMessage {
  return {
    case: 'matchPresenceEvent',
    value: { matchId: matchIdOf(stream), joins: joins.map(presenceOnWire), leaves: leaves.map(presenceOnWire) },
  };
}

function isAuthoritative(mode: number): boolean {
  return mode === StreamMode.MATCH_AUTHORITATIVE;
}

function streamOf(matchId: string): Stream {
  const stream = matchStream(matchId);
  if (!stream) throw badInput('this is no match id');
  return stream;
}
