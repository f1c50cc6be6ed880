import type { Session } from './session.ts';
import { type Presence, type PresenceMeta, PresenceReason, type Stream, streamKey } from './stream.ts';
import { limitedKind, noLimits, type StreamLimits, tooMany } from './stream-limits.ts';

/** Visible presences that came and went in one stream, by one change. */
export interface PresenceChange {
  readonly stream: Stream;
  readonly joins: readonly Presence[];
  readonly leaves: readonly Presence[];
}

/** What {@link PresenceTracker.list} leaves out; both default to true. */
export interface PresenceFilter {
  readonly hidden?: boolean;
  readonly visible?: boolean;
}

interface Member {
  readonly session: Session;
  presence: Presence;
}

interface StreamEntry {
  readonly key: string;
  readonly stream: Stream;
  readonly members: Map<string, Member>;
}

/**
 * Which sessions are in which streams. A stream exists while somebody is in it.
 *
 * Changes are told to the listeners on a later microtask, in the order in which they were made, so that the answer to
 * the request that made a change can leave first. Hidden presences are in no change.
 */
export class PresenceTracker {
  readonly #nodeId: string;
  readonly #limits: StreamLimits;
  readonly #streams = new Map<string, StreamEntry>();
  readonly #ofSession = new Map<string, Map<string, StreamEntry>>();
  readonly #listeners: ((change: PresenceChange) => void)[] = [];
  readonly #countListeners: ((stream: Stream) => void)[] = [];
  #pending: PresenceChange[] = [];

  constructor(nodeId: string, limits: StreamLimits = noLimits) {
    this.#nodeId = nodeId;
    this.#limits = limits;
  }

  /** Hears of every visible change from now on. */
  onChange(listener: (change: PresenceChange) => void): void {
    this.#listeners.push(listener);
  }

  /** Hears at once of every stream whose {@link count} changes. */
  onCount(listener: (stream: Stream) => void): void {
    this.#countListeners.push(listener);
  }

  /**
   * Puts a session into a stream. False when it was in already: then nothing changes.
   * @throws RealtimeError BAD_INPUT when it is in as many streams of the kind as it may
   */
  track(session: Session, stream: Stream, meta: PresenceMeta = {}): boolean {
    const key = streamKey(stream);
    const known = this.#streams.get(key);
    if (known?.members.has(session.id)) return false;
    this.checkRoom(session.id, stream.mode);
    const entry = known ?? this.#newEntry(key, stream);
    const presence = this.#presence(session, meta, PresenceReason.JOIN);
    entry.members.set(session.id, { session, presence });
    this.#tellCount(entry.stream);
    let own = this.#ofSession.get(session.id);
    if (!own) {
      own = new Map();
      this.#ofSession.set(session.id, own);
    }
    own.set(entry.key, entry);
    if (!presence.hidden) this.#tell(entry.stream, [presence], []);
    return true;
  }

  /** @throws RealtimeError BAD_INPUT when the session is in as many streams of the mode's kind as it may */
  checkRoom(sessionId: string, mode: number): void {
    const own = this.#ofSession.get(sessionId);
    const kind = limitedKind(mode);
    if (!own || !kind) return;
    const limit = this.#limits[kind];
    // They are counted only for who is in so many of any kind.
    if (own.size < limit) return;
    let count = 0;
    for (const { stream } of own.values()) if (limitedKind(stream.mode) === kind) count++;
    if (count >= limit) throw tooMany(kind, limit);
  }

  /** Replaces a session's presence; puts it in when it was not. @throws RealtimeError as {@link track} */
  update(session: Session, stream: Stream, meta: PresenceMeta): void {
    const member = this.#streams.get(streamKey(stream))?.members.get(session.id);
    if (!member) {
      this.track(session, stream, meta);
      return;
    }
    const before = member.presence;
    const after = this.#presence(session, meta, PresenceReason.UPDATE);
    member.presence = after;
    if (before.hidden && after.hidden) return;
    this.#tell(stream, after.hidden ? [] : [after], before.hidden ? [] : [before]);
  }

  /** Takes a session out of a stream; nothing happens when it is not in. */
  untrack(sessionId: string, stream: Stream, reason: number = PresenceReason.LEAVE): void {
    const entry = this.#streams.get(streamKey(stream));
    if (!entry) return;
    this.#take(sessionId, entry, reason);
    const own = this.#ofSession.get(sessionId);
    if (own?.delete(entry.key) && own.size === 0) this.#ofSession.delete(sessionId);
  }

  /** Takes a session out of all its streams. */
  untrackSession(sessionId: string, reason: number = PresenceReason.DISCONNECT): void {
    const own = this.#ofSession.get(sessionId);
    if (!own) return;
    this.#ofSession.delete(sessionId);
    for (const entry of own.values()) this.#take(sessionId, entry, reason);
  }

  /** Takes everybody out, without any event. */
  untrackStream(stream: Stream): void {
    const key = streamKey(stream);
    const entry = this.#streams.get(key);
    if (!entry) return;
    this.#streams.delete(key);
    this.#tellCount(stream);
    for (const sessionId of entry.members.keys()) {
      const own = this.#ofSession.get(sessionId);
      if (own?.delete(key) && own.size === 0) this.#ofSession.delete(sessionId);
    }
  }

  has(sessionId: string, stream: Stream): boolean {
    return this.#streams.get(streamKey(stream))?.members.has(sessionId) ?? false;
  }

  get(sessionId: string, stream: Stream): Presence | null {
    return this.#streams.get(streamKey(stream))?.members.get(sessionId)?.presence ?? null;
  }

  list(stream: Stream, { hidden = true, visible = true }: PresenceFilter = {}): Presence[] {
    const found: Presence[] = [];
    for (const { presence } of this.#streams.get(streamKey(stream))?.members.values() ?? []) {
      if (presence.hidden ? hidden : visible) found.push(presence);
    }
    return found;
  }

  /** How many are in it, hidden ones too. */
  count(stream: Stream): number {
    return this.#streams.get(streamKey(stream))?.members.size ?? 0;
  }

  streamsOf(sessionId: string): Stream[] {
    return Array.from(this.#ofSession.get(sessionId)?.values() ?? [], (entry) => entry.stream);
  }

  /** Calls back for each session in the stream, hidden ones too. The way of the fan-out: it builds nothing. */
  forEachSession(stream: Stream, visit: (session: Session) => void): void {
    const members = this.#streams.get(streamKey(stream))?.members;
    if (!members) return;
    for (const member of members.values()) visit(member.session);
  }

  #take(sessionId: string, entry: StreamEntry, reason: number): void {
    const member = entry.members.get(sessionId);
    if (!member) return;
    entry.members.delete(sessionId);
    this.#tellCount(entry.stream);
    if (entry.members.size === 0) this.#streams.delete(entry.key);
    if (!member.presence.hidden) this.#tell(entry.stream, [], [{ ...member.presence, reason }]);
  }

  #newEntry(key: string, stream: Stream): StreamEntry {
    const entry = { key, stream, members: new Map() };
    this.#streams.set(key, entry);
    return entry;
  }

  #presence(session: Session, meta: PresenceMeta, reason: number): Presence {
    return {
      userId: session.userId,
      sessionId: session.id,
      nodeId: this.#nodeId,
      username: session.username,
      hidden: meta.hidden ?? false,
      persistence: meta.persistence ?? false,
      status: meta.status ?? '',
      reason,
    };
  }

  #tellCount(stream: Stream): void {
    for (const listener of this.#countListeners) listener(stream);
  }

  #tell(stream: Stream, joins: readonly Presence[], leaves: readonly Presence[]): void {
    if (this.#pending.push({ stream, joins, leaves }) === 1) queueMicrotask(() => this.#deliver());
  }

  #deliver(): void {
    const changes = this.#pending;
    this.#pending = [];
    for (const change of changes) for (const listener of this.#listeners) listener(change);
  }
}
