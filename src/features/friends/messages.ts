import type { MessageInitShape } from '@bufbuild/protobuf';
import type { FriendsOfFriendsList_FriendOfFriendSchema } from '../../protocol/gen/nakama/api/api_pb.js';
import { epochSeconds } from '../../protocol/times.ts';
import { moduleUser, userMessage } from '../accounts/index.ts';
import type { FriendOfFriendRow, FriendRow } from './list-queries.ts';

export function friendOfFriendMessage(
  row: FriendOfFriendRow,
  online: boolean,
): MessageInitShape<typeof FriendsOfFriendsList_FriendOfFriendSchema> {
  return { referrer: row.referrer_id, user: userMessage(row, online) };
}

/** An entry as modules see it. */
export function moduleFriend(row: FriendRow, online: boolean) {
  return {
    user: moduleUser(row, online),
    state: row.edge_state,
    updateTime: epochSeconds(row.edge_update_time),
    metadata: JSON.parse(row.edge_metadata) as unknown,
  };
}

export function moduleFriendOfFriend(row: FriendOfFriendRow, online: boolean) {
  return { referrer: row.referrer_id, user: moduleUser(row, online) };
}
