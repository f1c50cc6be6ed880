import { randomUUID } from 'node:crypto';
import type { OutgoingMessage } from '../../protocol/envelope.ts';
import { RealtimeError, RealtimeErrorCode, Status, StatusError } from '../../protocol/status.ts';
import type { MessageRouter } from '../../realtime/message-router.ts';
import type { PresenceChange, PresenceTracker } from '../../realtime/presence-tracker.ts';
import { presenceOnWire } from '../../realtime/presence-wire.ts';
import type { Session } from '../../realtime/session.ts';
import { type Presence, PresenceReason, type Stream, StreamMode } from '../../realtime/stream.ts';
import type {
  Admission,
  HostedMatch,
  MatchBroadcast,
  MatchEnd,
  MatchHost,
  MatchPassage,
  MatchPresence,
} from '../../runtime/match-host.ts';
import { matchIdOf } from './match-id.ts';
import type { ListedMatch, MatchEntry, MatchFilter, MatchKind, SentData } from './match-kind.ts';
import { MatchLabels } from './match-labels.ts';

export interface AuthoritativeMatchDependencies {
  readonly modules: MatchHost;
  readonly tracker: PresenceTracker;
  readonly router: MessageRouter;
  /** The part of its matches' ids that names this node. */
  readonly nodeId: string;
}

const DEFAULT_REJECTION = 'the match did not let you in';
const CLOSE_REASON = 'the match has failed';

/** A match that runs, or is about to. */
interface Running {
  readonly stream: Stream;
  readonly handlerName: string;
  label: string;
  /** Undefined until its `matchInit` has run. */
  host: HostedMatch | undefined;
}

/** Matches whose rules a module's handler makes: it lets players in, hears what they send and says what they see. */
export class AuthoritativeMatches implements MatchKind {
  readonly mode = StreamMode.MATCH_AUTHORITATIVE;
  readonly #modules: MatchHost;
  readonly #tracker: PresenceTracker;
  readonly #router: MessageRouter;
  readonly #nodeId: string;
  /** By the UUID of their ids. */
  readonly #running = new Map<string, Running>();
  readonly #labels = new MatchLabels();

  constructor({ modules, tracker, router, nodeId }: AuthoritativeMatchDependencies) {
    this.#modules = modules;
    this.#tracker = tracker;
    this.#router = router;
    this.#nodeId = nodeId;
    tracker.onChange((change) => {
      if (change.stream.mode === this.mode) this.#tellPassages(change);
    });
  }

  /**
   * Starts a match by the handler that a module registered under a name; gives its id.
   * @param params JSON text of an object
   * @throws StatusError when there is no such handler, or its `matchInit` fails
   */
  async create(handlerName: string, params: string): Promise<string> {
    const stream = { mode: this.mode, subject: randomUUID(), subcontext: '', label: this.#nodeId };
    const running: Running = { stream, handlerName, label: '', host: undefined };
    const matchId = matchIdOf(stream);
    await this.#modules.createMatch(handlerName, matchId, params, {
      broadcast: (broadcast) => this.#broadcast(running, broadcast),
      kick: (sessionIds) => {
        for (const sessionId of sessionIds) this.#tracker.untrack(sessionId, stream);
      },
      label: (label) => this.#relabel(running, label),
      started: (host, label) => this.#started(running, host, label),
      ended: (end) => this.#ended(running, end),
    });
    return matchId;
  }

  /** Asks a running match; gives what it answers. @throws StatusError when there is none, or it ends with the signal */
  async signal(stream: Stream, data: string): Promise<string> {
    const host = this.#runningIn(stream)?.host;
    if (!host) throw new StatusError(Status.NOT_FOUND, 'there is no such match');
    return host.signal(data);
  }

  async admit(session: Session, stream: Stream, { metadata }: MatchEntry): Promise<void> {
    const host = this.#runningIn(stream)?.host;
    if (!host) throw notFound();
    const presence = presenceOf(session, this.#nodeId);
    const { isAccepted, reason } = await attempt(host, session, presence, metadata);
    if (!isAccepted) throw rejected(reason);
    // It may have ended right after it let the session in.
    if (!this.#runningIn(stream)) throw notFound();
  }

  receive(session: Session, stream: Stream, { opCode, data, reliable }: SentData): boolean {
    const host = this.#runningIn(stream)?.host;
    host?.sent(session.id, opCode, data, reliable);
    return host !== undefined;
  }

  labelOf(stream: Stream): string | undefined {
    return this.#runningIn(stream)?.label;
  }

  get(stream: Stream): ListedMatch | undefined {
    const running = this.#runningIn(stream);
    return running?.host && this.#listed(running);
  }

  list(filter: MatchFilter, limit: number): readonly ListedMatch[] {
    const { minSize = 0, maxSize = Infinity } = filter;
    const fits = (subject: string) => {
      const size = this.#tracker.count(this.#running.get(subject)!.stream);
      return size >= minSize && size <= maxSize;
    };
    return this.#labels.find(filter, limit, fits).map((subject) => this.#listed(this.#running.get(subject)!));
  }

  /** Matches of other nodes are none that this one knows. */
  #runningIn({ subject, subcontext, label }: Stream): Running | undefined {
    return label === this.#nodeId && subcontext === '' ? this.#running.get(subject) : undefined;
  }

  #listed({ stream, handlerName, label, host }: Running): ListedMatch {
    return {
      matchId: matchIdOf(stream),
      authoritative: true,
      label,
      size: this.#tracker.count(stream),
      tickRate: host!.tickRate,
      handlerName,
    };
  }

  #started(running: Running, host: HostedMatch, label: string): void {
    running.host = host;
    this.#running.set(running.stream.subject, running);
    this.#relabel(running, label);
  }

  #relabel(running: Running, label: string): void {
    running.label = label;
    this.#labels.set(running.stream.subject, label);
  }

  /** Tells a match who came and who went. */
  #tellPassages({ stream, joins, leaves }: PresenceChange): void {
    const host = this.#runningIn(stream)?.host;
    if (!host) return;
    if (leaves.length > 0) host.left(leaves.map((presence) => passageOf(presence, presence.reason)));
    if (joins.length > 0) host.joined(joins.map((presence) => passageOf(presence, PresenceReason.UNKNOWN)));
  }

  #broadcast({ stream }: Running, { opCode, data, reliable, sessionIds, sender }: MatchBroadcast): void {
    const message: OutgoingMessage = {
      case: 'matchData',
      value: { matchId: matchIdOf(stream), ...(sender && { presence: sender }), opCode, data, reliable },
    };
    if (!sessionIds) this.#router.toStream(stream, message);
    else {
      const members = new Set(sessionIds.map((id) => id.toLowerCase()));
      for (const id of members) if (!this.#tracker.has(id, stream)) members.delete(id);
      this.#router.toSessions([...members], message);
    }
  }

  /**
   * Takes the members out. Those of a match that ended hear nothing of it; those of one that failed lose their
   * connection, as with the reference; those of one that was lost are told that everybody has left.
   */
  #ended({ stream }: Running, end: MatchEnd): void {
    this.#running.delete(stream.subject);
    this.#labels.delete(stream.subject);
    const members: Session[] = [];
    this.#tracker.forEachSession(stream, (session) => members.push(session));
    if (end === 'lost') this.#router.toStream(stream, everybodyLeaves(stream, this.#tracker.list(stream)));
    this.#tracker.untrackStream(stream);
    if (end === 'failed') for (const session of members) session.close(CLOSE_REASON);
  }
}

async function attempt(
  host: HostedMatch,
  session: Session,
  presence: MatchPresence,
  metadata: Readonly<Record<string, string>>,
): Promise<Admission> {
  try {
    return await host.attempt(session.origin.contextText, presence, metadata);
  } catch (error) {
    // What a module throws is for its author, whom the log tells.
    if (error instanceof StatusError) throw rejected('');
    throw error;
  }
}

function presenceOf({ userId, id: sessionId, username }: Session, node: string): MatchPresence {
  return { userId, sessionId, username, node };
}

function passageOf({ userId, sessionId, username, nodeId: node }: Presence, reason: number): MatchPassage {
  return { userId, sessionId, username, node, reason };
}

function everybodyLeaves(stream: Stream, presences: readonly Presence[]): OutgoingMessage {
  const value = { matchId: matchIdOf(stream), joins: [], leaves: presences.map(presenceOnWire) };
  return { case: 'matchPresenceEvent', value };
}

function notFound(): RealtimeError {
  return new RealtimeError(RealtimeErrorCode.MATCH_NOT_FOUND, 'there is no such match');
}

function rejected(reason: string): RealtimeError {
  return new RealtimeError(RealtimeErrorCode.MATCH_JOIN_REJECTED, reason || DEFAULT_REJECTION);
}
