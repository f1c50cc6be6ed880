import { Nakama } from '../../protocol/gen/nakama/api/service_pb.js';
import { invalidArgument } from '../../protocol/status.ts';
import { callerOf, type OperationBinding, operation } from '../feature.ts';
import { parseChannelId } from './channel.ts';
import { messageOnWire } from './message.ts';
import type { Chat } from './service.ts';

const DEFAULT_LIMIT = 1;
const MAX_LIMIT = 100;

/** The HTTP operation: a channel's history. */
export function chatOperations(chat: Chat): readonly OperationBinding[] {
  return [
    operation(Nakama.method.listChannelMessages, async ({ channelId, limit, forward = true, cursor }, call) => {
      const { userId } = callerOf(call);
      const count = limit ?? DEFAULT_LIMIT;
      if (count < 1 || count > MAX_LIMIT) throw invalidArgument(`limit must be from 1 to ${MAX_LIMIT}`);
      const stream = parseChannelId(channelId);
      if (!stream) throw invalidArgument('this is not a channel id');
      const { messages, ...cursors } = await chat.historyFor(userId, stream, count, forward, cursor);
      return { ...cursors, messages: messages.map((m) => messageOnWire({ ...m, stream, persistent: true })) };
    }),
  ];
}
