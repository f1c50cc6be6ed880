import { randomUUID } from 'node:crypto';
import type { OutgoingMessage } from '../../protocol/envelope.ts';
import { badInput, RealtimeError } from '../../protocol/status.ts';
import type { MessageRouter } from '../../realtime/message-router.ts';
import type { PresenceEvents } from '../../realtime/presence-events.ts';
import type { PresenceChange, PresenceTracker } from '../../realtime/presence-tracker.ts';
import type { Session } from '../../realtime/session.ts';
import type { SessionRegistry } from '../../realtime/session-registry.ts';
import { StreamMode } from '../../realtime/stream.ts';
import type { MatchmakerService, TicketRequest } from '../matchmaker/index.ts';
import type { PartyDirectory } from './directory.ts';
import { checkLabel, NO_LABEL } from './label.ts';
import {
  closeMessage,
  dataMessage,
  leaderMessage,
  partyMessage,
  presenceMessage,
  requestMessage,
  ticketMessage,
  updateMessage,
} from './messages.ts';
import { Party, type PartyPresence, type PartySettings } from './party.ts';
import { parsePartyId, partyIdOf, partyStream } from './party-id.ts';

/** Members that a party may be made for. */
export const MAX_PARTY_SIZE = 256;

export interface PartyDependencies {
  readonly sessions: SessionRegistry;
  readonly tracker: PresenceTracker;
  readonly router: MessageRouter;
  readonly events: PresenceEvents;
  readonly matchmaker: MatchmakerService;
  readonly directory: PartyDirectory;
  /** Names this node in the ids of its parties. */
  readonly nodeId: string;
  /** A session that comes into a party leaves its others. */
  readonly isSingleParty: boolean;
}

/** What a session asks for when it makes a party. */
export interface NewParty extends PartySettings {
  readonly maxSize: number;
}

/**
 * What sessions do with parties. A party's members are in its stream, too: who leaves that for whatever reason, a lost
 * connection or a module's will, leaves the party, and whom a module puts in has joined it.
 */
export class Parties {
  readonly #dependencies: PartyDependencies;
  readonly #tracker: PresenceTracker;
  readonly #router: MessageRouter;
  readonly #matchmaker: MatchmakerService;
  readonly #directory: PartyDirectory;
  readonly #parties = new Map<string, Party>();

  constructor(dependencies: PartyDependencies) {
    this.#dependencies = dependencies;
    this.#tracker = dependencies.tracker;
    this.#router = dependencies.router;
    this.#matchmaker = dependencies.matchmaker;
    this.#directory = dependencies.directory;
    dependencies.events.publish(StreamMode.PARTY, (change) => this.#presencesChanged(change));
  }

  /** Makes a party that the session leads. @throws RealtimeError for a bad size or label */
  create(session: Session, { maxSize, ...settings }: NewParty): Party {
    if (maxSize < 0 || maxSize > MAX_PARTY_SIZE) throw badInput(`a party is for 1 to ${MAX_PARTY_SIZE} members`);
    checkLabel(settings.label);
    this.#checkConnected(session);
    this.#tracker.checkRoom(session.id, StreamMode.PARTY);
    const stream = partyStream(randomUUID(), this.#dependencies.nodeId);
    const party = new Party(stream, maxSize, settings, presenceOf(session));
    this.#parties.set(party.id, party);
    this.#directory.put(party);
    this.#enter(session, party);
    return party;
  }

  /**
   * Joins an open party, or asks the leader of a closed one. Who is in a party is told by a push.
   * @throws RealtimeError when there is no such party, it has no place, or the user has asked already
   */
  join(session: Session, partyId: string): void {
    const party = this.#partyOf(partyId);
    this.#checkConnected(session);
    if (!this.#tracker.has(session.id, party.stream)) this.#tracker.checkRoom(session.id, StreamMode.PARTY);
    const presence = presenceOf(session);
    switch (party.join(presence, (sessionId) => this.#isConnected(sessionId))) {
      case 'joined':
        this.#enter(session, party);
        this.#welcome(party, presence);
        break;
      case 'asked':
        this.#router.toSessions([party.leader.sessionId], requestMessage(party, [presence]));
    }
  }

  /** Leaves a party; nothing happens when the session is not in it. @throws RealtimeError for what is no party id */
  leave(session: Session, partyId: string): void {
    const stream = parsePartyId(partyId);
    if (!stream) throw noParty();
    this.#tracker.untrack(session.id, stream);
    const party = this.#parties.get(partyIdOf(stream));
    if (party) this.#left(party, session.id);
  }

  /** The leader makes a member the leader. @throws RealtimeError when there is no such member */
  promote(session: Session, partyId: string, presence: PartyPresence): void {
    const party = this.#ledParty(session, partyId);
    party.promote(presence);
    this.#router.toStream(party.stream, leaderMessage(party));
  }

  /** The leader lets in who asked. @throws RealtimeError for a full party, no such request, or a lost connection */
  accept(session: Session, partyId: string, presence: PartyPresence): void {
    const party = this.#ledParty(session, partyId);
    const { sessionId } = party.takeRequest(presence);
    const joining = this.#dependencies.sessions.get(sessionId);
    if (!joining) throw badInput('the connection of who asked is lost');
    this.#tracker.checkRoom(sessionId, StreamMode.PARTY);
    party.admit(presence);
    this.#enter(joining, party);
    this.#welcome(party, presence);
  }

  /** The leader takes a member out, or turns a request down. @throws RealtimeError when there is neither */
  remove(session: Session, partyId: string, presence: PartyPresence): void {
    const party = this.#ledParty(session, partyId);
    if (party.decline(presence)) return;
    const { sessionId } = party.memberNamed(presence);
    if (sessionId === session.id) throw badInput('the leader cannot be removed from the party');
    this.#router.toSessions([sessionId], closeMessage(party));
    this.#tracker.untrack(sessionId, party.stream);
    this.#left(party, sessionId);
  }

  /** The leader ends the party. @throws RealtimeError */
  close(session: Session, partyId: string): void {
    const party = this.#ledParty(session, partyId);
    this.#router.toStream(party.stream, closeMessage(party));
    this.#tracker.untrackStream(party.stream);
    this.#ended(party);
  }

  /** The leader's party, with those who ask to be let in. @throws RealtimeError */
  withRequests(session: Session, partyId: string): Party {
    return this.#ledParty(session, partyId);
  }

  /** The leader changes all that can be changed of the party. @throws RealtimeError for a bad label */
  update(session: Session, partyId: string, settings: PartySettings): void {
    const party = this.#ledParty(session, partyId);
    checkLabel(settings.label);
    if (settings.hidden && settings.label !== '' && settings.label !== NO_LABEL) {
      throw badInput('a hidden party has no label');
    }
    party.settings = settings;
    this.#directory.put(party);
    this.#router.toStream(party.stream, updateMessage(party));
  }

  /** Sends data to the other members. @throws RealtimeError when the session is not in the party */
  sendData(session: Session, partyId: string, opCode: bigint, data: Uint8Array): void {
    const party = this.#partyOf(partyId);
    const sender = party.memberOf(session.id);
    const others = party.sessionsBut(session.id);
    if (others.length > 0) this.#router.toSessions(others, dataMessage(party, sender, opCode, data));
  }

  /**
   * The leader looks for players for the whole party; the other members are told the ticket.
   * @throws RealtimeError BAD_INPUT whatever the matchmaker finds wrong with the request
   */
  addTicket(session: Session, partyId: string, request: TicketRequest): OutgoingMessage {
    const party = this.#ledParty(session, partyId);
    const added = ticketMessage(party, this.#addTicket(party, request));
    this.#router.toSessions(party.sessionsBut(session.id), added);
    return added;
  }

  /** The leader takes one of the party's tickets back. @throws RealtimeError when there is no such ticket */
  removeTicket(session: Session, partyId: string, ticket: string): void {
    const party = this.#ledParty(session, partyId);
    if (!this.#matchmaker.removeOfParty(party.id, ticket)) throw badInput('the party has no such ticket');
  }

  #addTicket(party: Party, request: TicketRequest): string {
    try {
      return this.#matchmaker.add(party.members, request, party.id);
    } catch (error) {
      throw error instanceof RealtimeError ? badInput(error.message) : error;
    }
  }

  /** Puts a session that the party has taken in into its stream. */
  #enter(session: Session, party: Party): void {
    this.#tracker.track(session, party.stream);
    this.#matchmaker.removeAllOfParty(party.id);
    if (this.#dependencies.isSingleParty) this.#leaveOthers(session, party);
  }

  #leaveOthers(session: Session, party: Party): void {
    for (const stream of this.#tracker.streamsOf(session.id)) {
      if (stream.mode === StreamMode.PARTY && partyIdOf(stream) !== party.id) this.leave(session, partyIdOf(stream));
    }
  }

  #welcome(party: Party, presence: PartyPresence): void {
    this.#router.toSessions([presence.sessionId], partyMessage(party, presence));
  }

  /** After a session has left the stream: takes it out of the party, which may need a new leader or end. */
  #left(party: Party, sessionId: string): void {
    const { leader } = party;
    if (!party.leave(sessionId)) return;
    this.#matchmaker.removeAllOfParty(party.id);
    if (party.isEmpty) this.#ended(party);
    else if (party.leader !== leader) this.#router.toStream(party.stream, leaderMessage(party));
  }

  #ended(party: Party): void {
    this.#parties.delete(party.id);
    this.#directory.delete(party.id);
    this.#matchmaker.removeAllOfParty(party.id);
  }

  /** What sessions ask for is done by now; what was done to the stream is caught up with here. */
  #presencesChanged({ stream, joins, leaves }: PresenceChange): void {
    const partyId = partyIdOf(stream);
    const party = this.#parties.get(partyId);
    if (party) {
      for (const { sessionId } of leaves) if (!this.#tracker.has(sessionId, stream)) this.#left(party, sessionId);
      for (const presence of joins) this.#caughtUp(party, presence);
    }
    this.#router.toStream(stream, presenceMessage(partyId, joins, leaves));
  }

  #caughtUp(party: Party, presence: PartyPresence): void {
    if (party.isFull || !this.#tracker.has(presence.sessionId, party.stream)) return;
    const member = { userId: presence.userId, sessionId: presence.sessionId, username: presence.username };
    if (!party.admit(member)) return;
    this.#matchmaker.removeAllOfParty(party.id);
    this.#welcome(party, member);
  }

  #ledParty(session: Session, partyId: string): Party {
    const party = this.#partyOf(partyId);
    party.checkLeader(session.id);
    return party;
  }

  #partyOf(partyId: string): Party {
    const known = this.#parties.get(partyId);
    if (known) return known;
    const stream = parsePartyId(partyId);
    const party = stream && this.#parties.get(partyIdOf(stream));
    if (!party) throw noParty();
    return party;
  }

  /** A hook may have taken its time: a session that has ended must not come to life again in the tracker. */
  #checkConnected(session: Session): void {
    if (!this.#isConnected(session.id)) throw badInput('the connection has ended');
  }

  #isConnected(sessionId: string): boolean {
    return this.#dependencies.sessions.get(sessionId) !== undefined;
  }
}

function presenceOf({ userId, id, username }: Session): PartyPresence {
  return { userId, sessionId: id, username };
}

function noParty(): Error {
  return badInput('there is no such party');
}
