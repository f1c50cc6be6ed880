import type { OutgoingMessage } from '../../protocol/envelope.ts';
import { presenceOnWire } from '../../realtime/presence-wire.ts';
import type { Presence } from '../../realtime/stream.ts';
import type { Party, PartyPresence } from './party.ts';

/** The party as a member is shown it: all of it, with the member's own presence. */
export function partyMessage(party: Party, self: PartyPresence): OutgoingMessage {
  const { id: partyId, maxSize, leader, members, settings } = party;
  return { case: 'party', value: { partyId, maxSize, self, leader, presences: [...members], ...settings } };
}

/** Tells who leads. */
export function leaderMessage({ id: partyId, leader: presence }: Party): OutgoingMessage {
  return { case: 'partyLeader', value: { partyId, presence } };
}

/** Tells who asks to be let in. */
export function requestMessage({ id: partyId }: Party, presences: readonly PartyPresence[]): OutgoingMessage {
  return { case: 'partyJoinRequest', value: { partyId, presences: [...presences] } };
}

/** Tells that the party has ended, for all or for one who was removed. */
export function closeMessage({ id: partyId }: Party): OutgoingMessage {
  return { case: 'partyClose', value: { partyId } };
}

/** Tells what the leader has made of the party. */
export function updateMessage({ id: partyId, settings }: Party): OutgoingMessage {
  return { case: 'partyUpdate', value: { partyId, ...settings } };
}

/** Tells who came and who went. */
export function presenceMessage(
  partyId: string,
  joins: readonly Presence[],
  leaves: readonly Presence[],
): OutgoingMessage {
  return {
    case: 'partyPresenceEvent',
    value: { partyId, joins: joins.map(presenceOnWire), leaves: leaves.map(presenceOnWire) },
  };
}

/** Tells the ticket by which the party waits for a match. */
export function ticketMessage({ id: partyId }: Party, ticket: string): OutgoingMessage {
  return { case: 'partyMatchmakerTicket', value: { partyId, ticket } };
}

/** Data from one member to the others. */
export function dataMessage(
  { id: partyId }: Party,
  presence: PartyPresence,
  opCode: bigint,
  data: Uint8Array,
): OutgoingMessage {
  return { case: 'partyData', value: { partyId, presence, opCode, data } };
}
