import type { MessageInitShape } from '@bufbuild/protobuf';
import { secondsAndNanos } from '../../database/microseconds.ts';
import type { OutgoingMessage } from '../../protocol/envelope.ts';
import type { ChannelMessageSchema } from '../../protocol/gen/nakama/api/api_pb.js';
import type { Stream } from '../../realtime/stream.ts';
import { channelFieldsOf, channelIdOf } from './channel.ts';

/** A message of a channel, or a change of one. */
export interface ChannelMessage {
  readonly stream: Stream;
  readonly id: string;
  readonly code: number;
  /** The nil id for none. */
  readonly senderId: string;
  readonly username: string;
  /** The text of a JSON object. */
  readonly content: string;
  readonly createTimeMicros: bigint;
  readonly updateTimeMicros: bigint;
  readonly persistent: boolean;
}

/** What the sender is answered: the message without its sender and content. */
export function ackOf(message: ChannelMessage): OutgoingMessage {
  return { case: 'channelMessageAck', value: commonOf(message) };
}

/** What everybody in the channel is sent. */
export function pushOf(message: ChannelMessage): OutgoingMessage {
  return { case: 'channelMessage', value: messageOnWire(message) };
}

export function messageOnWire(message: ChannelMessage): MessageInitShape<typeof ChannelMessageSchema> {
  const { senderId, content } = message;
  return { ...commonOf(message), senderId, content };
}

function commonOf(message: ChannelMessage) {
  const { stream, id: messageId, code, username, createTimeMicros, updateTimeMicros, persistent } = message;
  return {
    channelId: channelIdOf(stream),
    messageId,
    code,
    username,
    createTime: secondsAndNanos(createTimeMicros),
    updateTime: secondsAndNanos(updateTimeMicros),
    persistent,
    ...channelFieldsOf(stream),
  };
}
