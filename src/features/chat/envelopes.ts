import type { OutgoingMessage } from '../../protocol/envelope.ts';
import { presenceOnWire } from '../../realtime/presence-wire.ts';
import type { Session } from '../../realtime/session.ts';
import { type EnvelopeBinding, envelope, replyTo } from '../feature.ts';
import { channelFieldsOf, channelIdOf } from './channel.ts';
import { ackOf } from './message.ts';
import type { Chat, JoinedChannel } from './service.ts';

/** The socket messages `channel_join`, `channel_leave` and `channel_message_send|update|remove`. */
export function chatEnvelopes(chat: Chat): readonly EnvelopeBinding[] {
  return [
    envelope('channelJoin', ({ target, type, persistence = true, hidden = false }, session) => {
      const joined = chat.join(session, { target, type, persistence, hidden });
      return replyTo(joined, (channel) => channelOf(channel, session, persistence));
    }),

    envelope('channelLeave', ({ channelId }, session) => {
      chat.leave(session, channelId);
      return null;
    }),

    envelope('channelMessageSend', ({ channelId, content }, session) =>
      replyTo(chat.send(session, channelId, content), ackOf),
    ),

    envelope('channelMessageUpdate', ({ channelId, messageId, content }, session) =>
      replyTo(chat.update(session, channelId, messageId, content), ackOf),
    ),

    envelope('channelMessageRemove', ({ channelId, messageId }, session) =>
      replyTo(chat.remove(session, channelId, messageId), ackOf),
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
