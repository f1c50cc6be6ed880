import { badInput } from '../../protocol/status.ts';
import { type EnvelopeBinding, envelope } from '../feature.ts';
import { partyMessage, requestMessage } from './messages.ts';
import type { PartyPresence } from './party.ts';
import type { Parties } from './service.ts';

/** The socket messages `party_…`. */
export function partyEnvelopes(parties: Parties): readonly EnvelopeBinding[] {
  return [
    envelope('partyCreate', ({ open, hidden, label, maxSize }, session) => {
      const party = parties.create(session, { open, hidden, label, maxSize });
      return partyMessage(party, party.leader);
    }),

    envelope('partyJoin', ({ partyId }, session) => {
      parties.join(session, partyId);
      return null;
    }),

    envelope('partyLeave', ({ partyId }, session) => {
      parties.leave(session, partyId);
      return null;
    }),

    envelope('partyPromote', ({ partyId, presence }, session) => {
      parties.promote(session, partyId, presenceOf(presence));
      return null;
    }),

    envelope('partyAccept', ({ partyId, presence }, session) => {
      parties.accept(session, partyId, presenceOf(presence));
      return null;
    }),

    envelope('partyRemove', ({ partyId, presence }, session) => {
      parties.remove(session, partyId, presenceOf(presence));
      return null;
    }),

    envelope('partyClose', ({ partyId }, session) => {
      parties.close(session, partyId);
      return null;
    }),

    envelope('partyJoinRequestList', ({ partyId }, session) => {
      const party = parties.withRequests(session, partyId);
      return requestMessage(party, party.requests);
    }),

    envelope('partyUpdate', ({ partyId, open, hidden, label }, session) => {
      parties.update(session, partyId, { open, hidden, label });
      return null;
    }),

    envelope('partyMatchmakerAdd', ({ partyId, ...request }, session) => parties.addTicket(session, partyId, request)),

    envelope('partyMatchmakerRemove', ({ partyId, ticket }, session) => {
      parties.removeTicket(session, partyId, ticket);
      return null;
    }),

    envelope('partyDataSend', ({ partyId, opCode, data }, session) => {
      parties.sendData(session, partyId, opCode, data);
      return null;
    }),
  ];
}

/** @throws RealtimeError when there is none */
function presenceOf(presence: PartyPresence | undefined): PartyPresence {
  if (!presence) throw badInput('whose presence is meant?');
  const { userId, sessionId, username } = presence;
  return { userId, sessionId, username };
}
