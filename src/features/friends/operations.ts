import { Nakama } from '../../protocol/gen/nakama/api/service_pb.js';
import { invalidArgument } from '../../protocol/status.ts';
import type { OnlineCheck } from '../accounts/index.ts';
import { callerOf, type OperationBinding, operation } from '../feature.ts';
import type { FriendLists } from './lists.ts';
import { friendOfFriendMessage } from './messages.ts';
import { checkMetadata } from './metadata.ts';
import type { Friends } from './service.ts';

const FRIENDS_LIMIT_MAX = 1000;
const FRIENDS_OF_FRIENDS_LIMIT_MAX = 100;
const FRIENDS_OF_FRIENDS_LIMIT_DEFAULT = 10;
const STATE_MAX = 3;

export function friendOperations(friends: Friends, lists: FriendLists, isOnline: OnlineCheck): OperationBinding[] {
  return [
    operation(Nakama.method.addFriends, async ({ ids, usernames, metadata }, call) => {
      await friends.add(callerOf(call), { ids, usernames }, checkMetadata(metadata));
      return {};
    }),

    operation(Nakama.method.deleteFriends, async ({ ids, usernames }, call) => {
      await friends.delete(callerOf(call), { ids, usernames });
      return {};
    }),

    operation(Nakama.method.blockFriends, async ({ ids, usernames }, call) => {
      await friends.block(callerOf(call), { ids, usernames });
      return {};
    }),

    operation(Nakama.method.listFriends, async ({ limit = FRIENDS_LIMIT_MAX, state, cursor }, call) => {
      checkLimit(limit, FRIENDS_LIMIT_MAX);
      if (state !== undefined && (state < 0 || state > STATE_MAX)) {
        throw invalidArgument(`the state must be from 0 to ${STATE_MAX}`);
      }
      return lists.friendsAnswer(callerOf(call).userId, state, limit, cursor, isOnline);
    }),

    operation(
      Nakama.method.listFriendsOfFriends,
      async ({ limit = FRIENDS_OF_FRIENDS_LIMIT_DEFAULT, cursor }, call) => {
        checkLimit(limit, FRIENDS_OF_FRIENDS_LIMIT_MAX);
        const page = await lists.friendsOfFriends(callerOf(call).userId, limit, cursor);
        return {
          friendsOfFriends: page.rows.map((row) => friendOfFriendMessage(row, isOnline(row.id))),
          cursor: page.cursor,
        };
      },
    ),

    operation(Nakama.method.importFacebookFriends, async ({ account, reset }, call) => {
      if (!account?.token) throw invalidArgument('a token of Facebook is required');
      await friends.importFrom('facebook', callerOf(call), account.token, reset ?? false);
      return {};
    }),

    operation(Nakama.method.importSteamFriends, async ({ account, reset }, call) => {
      // Whatever the token: on a server without Steam nothing is said about it.
      friends.sourceOf('steam');
      if (!account?.token) throw invalidArgument('a token of Steam is required');
      await friends.importFrom('steam', callerOf(call), account.token, reset ?? false);
      return {};
    }),
  ];
}

function checkLimit(limit: number, max: number): void {
  if (limit < 1 || limit > max) throw invalidArgument(`the limit must be from 1 to ${max}`);
}
