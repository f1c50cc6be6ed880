import { StatusError } from '../../protocol/status.ts';
import { ArgumentError } from '../../runtime/argument-check.ts';
import { type ModuleFunction, moduleFunction } from '../../runtime/module-function.ts';
import { integer, list, object, optional, text, uuid } from '../../runtime/parameters.ts';
import type { OnlineCheck } from '../accounts/index.ts';
import type { FriendLists } from './lists.ts';
import { moduleFriend, moduleFriendOfFriend } from './messages.ts';
import { checkStorable } from './metadata.ts';
import type { Friends } from './service.ts';

const LIMIT_DEFAULT = 100;
const LIMIT_MAX = 1000;
const STATE_MAX = 3;

const orNull = { orNull: true };
const limitOrNull = () => optional(integer({ min: 1, max: LIMIT_MAX }), orNull);
const cursorOrNull = () => optional(text(), orNull);

/** Who acts, and about whom: the first parameters of what changes relationships. */
const actorAndUsers = [
  ['userId', uuid()],
  ['username', text({ minLength: 1 })],
  ['ids', optional(list(uuid()), orNull)],
  ['usernames', optional(list(text({ minLength: 1 })), orNull)],
] as const;

export function friendFunctions(friends: Friends, lists: FriendLists, isOnline: OnlineCheck): ModuleFunction[] {
  return [
    moduleFunction(
      'friendsAdd',
      [...actorAndUsers, ['metadata', object()]],
      (_call, userId, username, ids, usernames, metadata) =>
        refusalsAreArgumentErrors('friendsAdd', async () => {
          checkNotEmpty('friendsAdd', ids, usernames);
          await friends.add(
            { userId, username },
            { ids: ids ?? [], usernames: usernames ?? [] },
            checkStorable(JSON.stringify(metadata)),
          );
        }),
    ),

    moduleFunction('friendsDelete', actorAndUsers, (_call, userId, username, ids, usernames) =>
      refusalsAreArgumentErrors('friendsDelete', async () => {
        if (!ids && !usernames) return;
        checkNotEmpty('friendsDelete', ids, usernames);
        await friends.delete({ userId, username }, { ids: ids ?? [], usernames: usernames ?? [] });
      }),
    ),

    moduleFunction('friendsBlock', actorAndUsers, (_call, userId, username, ids, usernames) =>
      refusalsAreArgumentErrors('friendsBlock', async () => {
        if (!ids && !usernames) return;
        checkNotEmpty('friendsBlock', ids, usernames);
        await friends.block({ userId, username }, { ids: ids ?? [], usernames: usernames ?? [] });
      }),
    ),

    moduleFunction(
      'friendsList',
      [
        ['userId', uuid()],
        ['limit', limitOrNull()],
        ['state', optional(integer({ min: 0, max: STATE_MAX }), orNull)],
        ['cursor', cursorOrNull()],
      ],
      async (_call, userId, limit = LIMIT_DEFAULT, state, cursor = '') => {
        const page = await lists.friends(userId, state, limit, cursor);
        return {
          friends: page.rows.map((row) => moduleFriend(row, isOnline(row.id))),
          ...(page.cursor && { cursor: page.cursor }),
        };
      },
    ),

    moduleFunction(
      'friendsOfFriendsList',
      [
        ['userId', uuid()],
        ['limit', limitOrNull()],
        ['cursor', cursorOrNull()],
      ],
      async (_call, userId, limit = LIMIT_DEFAULT, cursor = '') => {
        const page = await lists.friendsOfFriends(userId, limit, cursor);
        return {
          friendsOfFriends: page.rows.map((row) => moduleFriendOfFriend(row, isOnline(row.id))),
          ...(page.cursor && { cursor: page.cursor }),
        };
      },
    ),

    moduleFunction(
      'friendMetadataUpdate',
      [
        ['userId', uuid()],
        ['friendUserId', uuid()],
        ['metadata', object()],
      ],
      (_call, userId, friendUserId, metadata) =>
        friends.updateMetadata(userId, friendUserId, checkStorable(JSON.stringify(metadata))),
    ),

    moduleFunction(
      'usersGetFriendStatus',
      [
        ['userId', uuid()],
        ['userIds', list(uuid())],
      ],
      async (_call, userId, userIds) =>
        (await lists.with(userId, userIds)).map((row) => moduleFriend(row, isOnline(row.id))),
    ),
  ];
}

function checkNotEmpty(name: string, ids: readonly string[] = [], usernames: readonly string[] = []): void {
  if (ids.length + usernames.length === 0) throw new ArgumentError(`nk.${name}: nobody is named`);
}

/** In these functions what the server refuses counts as a mistake in the arguments. Source: their observed behaviour. */
async function refusalsAreArgumentErrors(name: string, change: () => Promise<void>): Promise<void> {
  try {
    await change();
  } catch (error) {
    if (error instanceof StatusError) throw new ArgumentError(`nk.${name}: ${error.message}`);
    throw error;
  }
}
