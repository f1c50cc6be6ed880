import type { Db } from '../../database/database.ts';
import { ChannelMessageSchema } from '../../protocol/gen/nakama/api/api_pb.js';
import { toWireJson } from '../../protocol/json-codec.ts';
import type { UserData } from '../user-data.ts';
import { messageOnWire } from './message.ts';
import { listMessagesBy } from './queries.ts';

/** Read by one statement. */
const PAGE_SIZE = 1_000;

/** What a user has said, in an account's export; it goes with the account by itself. */
export const chatUserData = {
  async exportOf(db: Db, userId: string) {
    const messages: unknown[] = [];
    for (let page = await listMessagesBy(db, userId, null, PAGE_SIZE); page.length > 0; ) {
      for (const message of page) {
        messages.push(JSON.parse(toWireJson(ChannelMessageSchema, messageOnWire({ ...message, persistent: true }))));
      }
      page = page.length < PAGE_SIZE ? [] : await listMessagesBy(db, userId, page.at(-1)!.id, PAGE_SIZE);
    }
    return messages.length > 0 ? { messages } : {};
  },
} satisfies UserData;
