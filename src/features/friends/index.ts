import type { OnlineCheck } from '../accounts/index.ts';
import type { Feature } from '../feature.ts';
import { FriendLists } from './lists.ts';
import { friendFunctions } from './module-api.ts';
import { friendOperations } from './operations.ts';
import { Friends, type FriendsDependencies } from './service.ts';
import { friendUserData } from './user-data.ts';

export type { FriendService, FriendSource, FriendSources } from './friend-source.ts';
export { Friends, type FriendsDependencies } from './service.ts';

/** Friends: invitations, friendships and blocks, and lists of them. */
export function createFriendsFeature(dependencies: FriendsDependencies & { readonly isOnline: OnlineCheck }): {
  readonly feature: Feature;
  readonly friends: Friends;
} {
  const { db, isOnline } = dependencies;
  const friends = new Friends(dependencies);
  const lists = new FriendLists(db);
  return {
    friends,
    feature: {
      name: 'friends',
      operations: friendOperations(friends, lists, isOnline),
      functions: friendFunctions(friends, lists, isOnline),
      userData: friendUserData,
    },
  };
}
