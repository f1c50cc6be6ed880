import type { OutgoingMessage } from '../../protocol/envelope.ts';
import { presenceOnWire } from '../../realtime/presence-wire.ts';
import type { Session } from '../../realtime/session.ts';
import { type EnvelopeBinding, envelope } from '../feature.ts';
import { channelFieldsOf, channelIdOf } from './channel.ts';
import { ackOf, type ChannelMessage } from './message.ts';
import type { Chat, JoinedChannel, JoinRequest } from './service.ts';

/** The socket messages `channel_join`, `channel_leave` and `channel_message_send|update|remove`. */
export function chatEnvelopes(chat: Chat): readonly EnvelopeBinding[] {
  return [
    envelope('channelJoin', async ({ target, type, persistence = true, hidden = false }, session) => {
      const request = { target, type, persistence, hidden };
      return channelOf(await chat.join(session, request), session, request);
    }),

    envelope('channelLeave', ({ channelId }, session) => {
      chat.leave(session, channelId);
      return null;
    }),

    envelope('channelMessageSend', ({ channelId, content }, session) =>
      acknowledge(chat.send(session, channelId, content)),
    ),

    envelope('channelMessageUpdate', ({ channelId, messageId, content }, session) =>
      acknowledge(chat.update(session, channelId, messageId, content)),
    ),

    envelope('channelMessageRemove', ({ channelId, messageId }, session) =>
      acknowledge(chat.remove(session, channelId, messageId)),
    ),
  ];
}

function channelOf(
  { stream, presences }: JoinedChannel,
  session: Session,
  { persistence }: JoinRequest,
): OutgoingMessage {
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

/** What is done already is answered at once: the way of the fan-out has no promise in it. */
function acknowledge(message: ChannelMessage | Promise<ChannelMessage>): OutgoingMessage | Promise<OutgoingMessage> {
  return message instanceof Promise ? message.then(ackOf) : ackOf(message);
}
