import { badInput } from '../../protocol/status.ts';
import { type EnvelopeBinding, envelope } from '../feature.ts';
import type { MatchmakerService } from './service.ts';

/** The socket messages `matchmaker_add` and `matchmaker_remove`. */
export function matchmakerEnvelopes(matchmaker: MatchmakerService): readonly EnvelopeBinding[] {
  return [
    envelope('matchmakerAdd', (request, { id: sessionId, userId, username }) => {
      const ticket = matchmaker.add([{ userId, sessionId, username }], request);
      return { case: 'matchmakerTicket', value: { ticket } };
    }),

    envelope('matchmakerRemove', ({ ticket }, session) => {
      if (!matchmaker.removeOfSession(session.id, ticket)) throw badInput('this session has no such ticket');
      return null;
    }),
  ];
}
