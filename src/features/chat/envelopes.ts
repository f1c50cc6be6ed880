import type { OutgoingMessage } from '../../protocol/envelope.ts';
import { presenceOnWire } from '../../realtime/presence-wire.ts';
import type { Session } from '../../realtime/session.ts';
import { type EnvelopeBinding, envelope } from '../feature.ts';
import { channelFieldsOf, channelIdOf } from './channel.ts';
import { ackOf } from './message.ts';
import type { Chat, JoinedChannel } from './service.ts';

/** The socket messages `channel_join`, `channel_leave` and `channel_message_send|update|remove`. */
export function chatEnvelopes(chat: Chat): readonly EnvelopeBinding[] {
  return [
    envelope('channelJoin', ({ target, type, persistence = true, hidden = false }, session) => {
      const joined = chat.join(session, { target, type, persistence, hidden });
      return afterwards(joined, (channel) => channelOf(channel, session, persistence));
    }),

    envelope('channelLeave', ({ channelId }, session) => {
      chat.leave(session, channelId);
      return null;
    }),

    envelope('channelMessageSend', ({ channelId, content }, session) =>
      afterwards(chat.send(session, channelId, content), ackOf),
    ),

    envelope('channelMessageUpdate', ({ channelId, messageId, content }, session) =>
      afterwards(chat.update(session, channelId, messageId, content), ackOf),
    ),

    envelope('channelMessageRemove', ({ channelId, messageId }, session) =>
      afterwards(chat.remove(session, channelId, messageId), ackOf),
    ),
  ];
}

function channelOf({ stream, presences }: JoinedChannel, session: Session, persistence: boolean): OutgoingMessage {
  return {
    case: 'channel',
    value: {
      id: channelIdOf(stream),
      presences: presences.map(presenceOnWire),
      self: { userId: session.userId, sessionId: session.id, username: session.username, persistence },
      ...channelFieldsOf(stream),
    },
  };
}

/** What is done already is answered at once: the ways of the fan-out and of joining a room have no promise in them. */
function afterwards<T>(
  result: T | Promise<T>,
  answer: (result: T) => OutgoingMessage,
): OutgoingMessage | Promise<OutgoingMessage> {
  return result instanceof Promise ? result.then(answer) : answer(result);
}
