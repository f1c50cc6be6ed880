import type { OutgoingMessage } from '../../protocol/envelope.ts';
import { badInput, RealtimeError } from '../../protocol/status.ts';
import type { Session } from '../../realtime/session.ts';
import { dropped, type EnvelopeBinding, envelope, replyTo } from '../feature.ts';
import type { EnteredMatch, Matches } from './service.ts';

/** The socket messages `match_create`, `match_join`, `match_leave` and `match_data_send`. */
export function matchEnvelopes(matches: Matches): readonly EnvelopeBinding[] {
  return [
    envelope('matchCreate', ({ name }, session) => {
      const entered = matches.create(session, name);
      const size = entered.presences.length + (entered.isNew ? 1 : 0);
      return matchOf(entered, session, size);
    }),

    envelope('matchJoin', ({ id, metadata }, session) => {
      if (id.case === undefined) throw badInput('match_join needs a match_id or a token');
      const entered =
        id.case === 'token'
          ? matches.joinByToken(session, id.value, metadata)
          : matches.join(session, id.value, metadata);
      // The size leaves a joiner out who was not in before: clients of the reference count on it.
      return replyTo(entered, (match) => matchOf(match, session, match.presences.length));
    }),

    envelope('matchLeave', ({ matchId }, session) => {
      matches.leave(session, matchId);
      return null;
    }),

    envelope('matchDataSend', (data, session) => {
      try {
        return matches.send(session, data.matchId, data) ? undefined : dropped;
      } catch (error) {
        if (!(error instanceof RealtimeError)) throw error;
        // Data are never answered: what is wrong with them is told without the cid.
        session.send({ case: 'error', value: { code: error.code, message: error.message } });
        return dropped;
      }
    }),
  ];
}

function matchOf(entered: EnteredMatch, session: Session, size: number): OutgoingMessage {
  const { matchId, authoritative, label, presences } = entered;
  return {
    case: 'match',
    value: {
      matchId,
      authoritative,
      label,
      size,
      presences: presences.map(({ userId, sessionId, username }) => ({ userId, sessionId, username })),
      self: { userId: session.userId, sessionId: session.id, username: session.username },
    },
  };
}
