import { badInput } from '../../protocol/status.ts';
import type { Stream } from '../../realtime/stream.ts';
import { partyIdOf } from './party-id.ts';

/** A session as its party knows it. */
export interface PartyPresence {
  readonly userId: string;
  readonly sessionId: string;
  readonly username: string;
}

/** What the leader may change of a party. */
export interface PartySettings {
  /** Whether anyone may join without being let in. */
  readonly open: boolean;
  /** Whether it is left out of listings. */
  readonly hidden: boolean;
  /** The text of a JSON object, or '' for none. */
  readonly label: string;
}

/** What came of a wish to join: it was granted, the leader has to be asked, or the session was a member before. */
export type JoinOutcome = 'joined' | 'asked' | 'unchanged';

/** Says whether a session is still connected. */
export type ConnectionCheck = (sessionId: string) => boolean;

/**
 * One party: who is in it, who leads it, and who asks to be let in. Members are sessions, not users.
 *
 * Invariant: the leader is a member, as long as there are any.
 */
export class Party {
  readonly id: string;
  readonly stream: Stream;
  /** Most members, and most requests at a time. */
  readonly maxSize: number;
  settings: PartySettings;
  #leader: PartyPresence;
  /** By session, who has been in it longest first. */
  readonly #members = new Map<string, PartyPresence>();
  /** By session, oldest first. */
  readonly #requests = new Map<string, PartyPresence>();

  constructor(stream: Stream, maxSize: number, settings: PartySettings, creator: PartyPresence) {
    this.id = partyIdOf(stream);
    this.stream = stream;
    this.maxSize = maxSize;
    this.settings = settings;
    this.#leader = creator;
    this.#members.set(creator.sessionId, creator);
  }

  get leader(): PartyPresence {
    return this.#leader;
  }

  /** Who has been in it longest first. */
  get members(): readonly PartyPresence[] {
    return [...this.#members.values()];
  }

  /** Those who ask to be let in, oldest first. */
  get requests(): readonly PartyPresence[] {
    return [...this.#requests.values()];
  }

  get isEmpty(): boolean {
    return this.#members.size === 0;
  }

  get isFull(): boolean {
    return this.#members.size >= this.maxSize;
  }

  /** @throws RealtimeError unless the session leads the party */
  checkLeader(sessionId: string): void {
    if (this.#leader.sessionId !== sessionId) throw badInput('only the leader of the party may do this');
  }

  /** The session's presence. @throws RealtimeError when it is no member */
  memberOf(sessionId: string): PartyPresence {
    const member = this.#members.get(sessionId);
    if (!member) throw badInput('you are not in the party');
    return member;
  }

  /** The sessions of all members but one. */
  sessionsBut(sessionId: string): string[] {
    const others: string[] = [];
    for (const id of this.#members.keys()) if (id !== sessionId) others.push(id);
    return others;
  }

  /**
   * A session joins an open party, or asks to be let in to a closed one.
   * @throws RealtimeError for a full party, too many requests, or a second request of one user
   */
  join(presence: PartyPresence, isConnected: ConnectionCheck): JoinOutcome {
    if (this.isFull) throw badInput('the party is full');
    if (this.settings.open) return this.admit(presence) ? 'joined' : 'unchanged';
    this.#ask(presence, isConnected);
    return 'asked';
  }

  /** Takes a session in without asking anybody. False when it was a member before. */
  admit(presence: PartyPresence): boolean {
    if (this.#members.has(presence.sessionId)) return false;
    this.#requests.delete(presence.sessionId);
    this.#members.set(presence.sessionId, presence);
    return true;
  }

  /**
   * The request that this presence made, which is one no longer.
   * @throws RealtimeError for a full party, or when there is no such request
   */
  takeRequest(presence: PartyPresence): PartyPresence {
    if (this.isFull) throw badInput('the party is full');
    const request = find(this.#requests, presence);
    if (!request) throw badInput('nobody of this presence asks to join');
    this.#requests.delete(request.sessionId);
    return request;
  }

  /** Turns a request down. False when there is no such request. */
  decline(presence: PartyPresence): boolean {
    const request = find(this.#requests, presence);
    return request !== undefined && this.#requests.delete(request.sessionId);
  }

  /** Makes a member the leader. @throws RealtimeError when there is no such member */
  promote(presence: PartyPresence): void {
    this.#leader = this.memberNamed(presence);
  }

  /** The member that this presence names in all its parts. @throws RealtimeError when there is none */
  memberNamed(presence: PartyPresence): PartyPresence {
    const member = find(this.#members, presence);
    if (!member) throw badInput('nobody of this presence is in the party');
    return member;
  }

  /** Takes a member out; after a leader, whoever has been in it longest leads. False when it was no member. */
  leave(sessionId: string): boolean {
    if (!this.#members.delete(sessionId)) return false;
    if (this.#leader.sessionId === sessionId) {
      const [eldest] = this.#members.values();
      if (eldest) this.#leader = eldest;
    }
    return true;
  }

  #ask(presence: PartyPresence, isConnected: ConnectionCheck): void {
    if (this.#members.has(presence.sessionId)) throw badInput('you are in the party already');
    const requests = this.requests;
    const isFull = requests.length >= this.maxSize;
    for (const other of requests) {
      // A request whose connection is lost cannot be granted any more: it makes room where somebody needs it.
      const isInTheWay = isFull || other.userId === presence.userId;
      if (isInTheWay && !isConnected(other.sessionId)) this.#requests.delete(other.sessionId);
      else if (other.userId === presence.userId) throw badInput('you have asked to join already');
    }
    if (this.#requests.size >= this.maxSize) throw badInput('too many ask to join the party');
    this.#requests.set(presence.sessionId, presence);
  }
}

function find(presences: ReadonlyMap<string, PartyPresence>, wanted: PartyPresence): PartyPresence | undefined {
  const found = presences.get(wanted.sessionId);
  return found?.userId === wanted.userId && found.username === wanted.username ? found : undefined;
}
