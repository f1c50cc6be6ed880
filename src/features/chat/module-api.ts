import { NIL_ID } from '../../protocol/ids.ts';
import { RealtimeError } from '../../protocol/status.ts';
import type { Stream } from '../../realtime/stream.ts';
import { ArgumentError } from '../../runtime/argument-check.ts';
import { type ModuleFunction, moduleFunction } from '../../runtime/module-function.ts';
import { boolean, integer, object, optional, text, uuid } from '../../runtime/parameters.ts';
import { ChannelType, channelFieldsOf, channelIdOf, parseChannelId } from './channel.ts';
import type { ChannelMessage } from './message.ts';
import type { Author } from './messages.ts';
import type { StoredMessage } from './queries.ts';
import type { Chat } from './service.ts';

const MAX_LIMIT = 100;
const MICROS_PER_SECOND = 1_000_000n;

const maybeContent = () => optional(object(), { orNull: true });
const maybeId = () => optional(uuid(), { orNull: true });
const maybeText = () => optional(text(), { orNull: true });
const maybeBoolean = () => optional(boolean(), { orNull: true });

/** The `nk.channel*` functions. They ask nobody for leave: a server may speak and read everywhere. */
export function chatFunctions(chat: Chat): readonly ModuleFunction[] {
  return [
    moduleFunction(
      'channelIdBuild',
      [
        ['sender', maybeId()],
        ['target', text()],
        ['chanType', integer({ min: ChannelType.ROOM, max: ChannelType.GROUP })],
      ],
      async (_call, sender, target, type) => {
        try {
          return channelIdOf(await chat.channels.find(sender === NIL_ID ? undefined : sender, target, type));
        } catch (error) {
          throw error instanceof RealtimeError ? new ArgumentError(`nk.channelIdBuild: ${error.message}`) : error;
        }
      },
    ),

    moduleFunction(
      'channelMessageSend',
      [
        ['channelId', text()],
        ['content', maybeContent()],
        ['senderId', maybeId()],
        ['senderUsername', maybeText()],
        ['persist', maybeBoolean()],
      ],
      async (_call, channelId, content, senderId, username, persist = true) => {
        const stream = streamOf('channelMessageSend', channelId);
        return ackOf(await chat.messages.send(stream, authorOf(senderId, username), textOf(content), persist));
      },
    ),

    moduleFunction(
      'channelMessageUpdate',
      [
        ['channelId', text()],
        ['messageId', uuid()],
        ['content', maybeContent()],
        ['senderId', maybeId()],
        ['senderUsername', maybeText()],
        ['persist', maybeBoolean()],
      ],
      async (_call, channelId, messageId, content, senderId, username, persist = true) => {
        const stream = streamOf('channelMessageUpdate', channelId);
        const author = authorOf(senderId, username);
        return ackOf(await chat.messages.update(stream, messageId, author, textOf(content), persist));
      },
    ),

    moduleFunction(
      'channelMessageRemove',
      [
        ['channelId', text()],
        ['messageId', uuid()],
        ['senderId', maybeId()],
        ['senderUsername', maybeText()],
        ['persist', maybeBoolean()],
      ],
      async (_call, channelId, messageId, senderId, username, persist = true) => {
        const stream = streamOf('channelMessageRemove', channelId);
        return ackOf(await chat.messages.remove(stream, messageId, authorOf(senderId, username), persist));
      },
    ),

    moduleFunction(
      'channelMessagesList',
      [
        ['channelId', text()],
        ['limit', optional(integer({ min: 1, max: MAX_LIMIT }), { orNull: true })],
        ['forward', maybeBoolean()],
        ['cursor', maybeText()],
      ],
      async (_call, channelId, limit = MAX_LIMIT, forward = true, cursor = '') => {
        const stream = streamOf('channelMessagesList', channelId);
        const { messages, nextCursor, prevCursor } = await chat.history(stream, limit, forward, cursor);
        return { messages: messages.map((message) => listed(stream, message)), nextCursor, prevCursor };
      },
    ),
  ];
}

function streamOf(name: string, channelId: string): Stream {
  const stream = parseChannelId(channelId);
  if (!stream) throw new ArgumentError(`nk.${name}: channelId must be a channel id, as channelIdBuild gives it`);
  return stream;
}

function authorOf(userId: string = NIL_ID, username = ''): Author {
  return { userId, username };
}

function textOf(content: object | undefined): string {
  return content ? JSON.stringify(content) : '{}';
}

function ackOf(message: ChannelMessage) {
  return {
    channelId: channelIdOf(message.stream),
    messageId: message.id,
    code: message.code,
    username: message.username,
    createTime: secondsOf(message.createTimeMicros),
    updateTime: secondsOf(message.updateTimeMicros),
    persistent: message.persistent,
  };
}

function listed(stream: Stream, message: StoredMessage) {
  return {
    channelId: channelIdOf(stream),
    messageId: message.id,
    code: message.code,
    senderId: message.senderId,
    username: message.username,
    content: message.content,
    createTime: secondsOf(message.createTimeMicros),
    updateTime: secondsOf(message.updateTimeMicros),
    persistent: true,
    roomName: '',
    groupId: '',
    userIdOne: '',
    userIdTwo: '',
    ...channelFieldsOf(stream),
  };
}

function secondsOf(micros: bigint): number {
  return Number(micros / MICROS_PER_SECOND);
}
