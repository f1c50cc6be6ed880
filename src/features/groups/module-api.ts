import { NIL_ID } from '../../protocol/ids.ts';
import { ArgumentError } from '../../runtime/argument-check.ts';
import { type FunctionCall, type ModuleFunction, moduleFunction } from '../../runtime/module-function.ts';
import { boolean, integer, list, object, optional, text, uuid } from '../../runtime/parameters.ts';
import { moduleUser, type OnlineCheck } from '../accounts/index.ts';
import { type Act, ban, demote, kick, promote } from './acts.ts';
import { DEFAULT_LANG_TAG, DEFAULT_MAX_COUNT, type GroupCaller, idOf } from './group.ts';
import type { Memberships } from './memberships.ts';
import { moduleGroup } from './messages.ts';
import type { Groups } from './service.ts';

const orNull = { orNull: true };
const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 100;
const MEMBERS_MAX_LIMIT = 10_000;
const RANDOM_MAX = 1_000;
const MAX_INT = 2_147_483_647;

const maybeText = () => optional(text(), orNull);
const maybeId = () => optional(uuid(), orNull);
const maybeCount = () => optional(integer({ max: MAX_INT }), orNull);
const maybeLimit = (max: number) => optional(integer({ min: 1, max }), orNull);
/** -1 stands for any. */
const maybeState = () => optional(integer({ min: -1, max: 4 }), orNull);

/** The `nk.group*` functions and `nk.userGroupsList`. */
export function groupFunctions(
  groups: Groups,
  memberships: Memberships,
  isOnline: OnlineCheck,
): readonly ModuleFunction[] {
  const applies =
    (act: Act) => async (_call: FunctionCall, groupId: string, userIds: readonly string[], callerId?: string) => {
      checkUserIds(userIds);
      if (userIds.length > 0) await memberships.apply(act, groupId, userIds, callerFrom(callerId));
    };

  return [
    moduleFunction(
      'groupCreate',
      [
        ['userId', uuid()],
        ['name', text({ minLength: 1 })],
        ['creatorId', maybeId()],
        ['lang', maybeText()],
        ['description', maybeText()],
        ['avatarURL', maybeText()],
        ['open', optional(boolean(), orNull)],
        ['metadata', optional(object(), orNull)],
        ['limit', maybeCount()],
      ],
      async (_call, userId, name, creatorId, lang, description, avatarUrl, open, metadata, limit) => {
        const row = await groups.create(userId, {
          name,
          creatorId: creatorId ?? NIL_ID,
          langTag: lang || DEFAULT_LANG_TAG,
          description: description ?? '',
          avatarUrl: avatarUrl ?? '',
          open: open ?? false,
          metadata: JSON.stringify(metadata ?? {}),
          maxCount: countOf(limit) ?? DEFAULT_MAX_COUNT,
        });
        return moduleGroup(row);
      },
    ),

    moduleFunction(
      'groupUpdate',
      [
        ['groupId', uuid()],
        ['userId', maybeId()],
        ['name', maybeText()],
        ['creatorID', maybeId()],
        ['lang', maybeText()],
        ['description', maybeText()],
        ['avatarURL', maybeText()],
        ['open', optional(boolean(), orNull)],
        ['metadata', optional(object(), orNull)],
        ['limit', maybeCount()],
      ],
      (_call, groupId, userId, name, creatorId, lang, description, avatarUrl, open, metadata, limit) =>
        groups.update(
          groupId,
          {
            name: name || undefined,
            creatorId: creatorId === NIL_ID ? undefined : creatorId,
            langTag: lang || undefined,
            description,
            avatarUrl,
            open,
            metadata: metadata && JSON.stringify(metadata),
            maxCount: countOf(limit),
          },
          callerFrom(userId),
        ),
    ),

    moduleFunction('groupDelete', [['groupID', uuid()]], (_call, groupId) => groups.delete(groupId, 'server')),

    moduleFunction('groupsGetId', [['groupIDs', list(text())]], async (_call, ids) =>
      (await groups.byIds(ids.map(idOf))).map(moduleGroup),
    ),

    moduleFunction('groupsGetRandom', [['count', integer({ min: 0, max: RANDOM_MAX })]], async (_call, count) =>
      (await groups.random(count)).map(moduleGroup),
    ),

    moduleFunction(
      'groupsList',
      [
        ['name', maybeText()],
        ['langTag', maybeText()],
        ['open', optional(boolean(), orNull)],
        ['members', maybeCount()],
        ['limit', maybeLimit(MAX_LIMIT)],
        ['cursor', maybeText()],
      ],
      async (_call, name = '', langTag = '', open, members, limit = DEFAULT_LIMIT, cursor = '') => {
        const page = await groups.find({ name, langTag, open, members }, limit, cursor);
        return { groups: page.groups.map(moduleGroup), cursor: page.cursor };
      },
    ),

    moduleFunction(
      'groupUsersList',
      [
        ['groupID', uuid()],
        ['limit', maybeLimit(MEMBERS_MAX_LIMIT)],
        ['state', maybeState()],
        ['cursor', maybeText()],
      ],
      async (_call, groupId, limit = DEFAULT_LIMIT, state, cursor = '') => {
        const page = await groups.members(groupId, stateOf(state), limit, cursor);
        return {
          groupUsers: page.rows.map((row) => ({ user: moduleUser(row, isOnline(row.id)), state: row.edge_state })),
          cursor: page.cursor,
        };
      },
    ),

    moduleFunction(
      'userGroupsList',
      [
        ['userId', uuid()],
        ['limit', maybeLimit(MAX_LIMIT)],
        ['state', maybeState()],
        ['cursor', maybeText()],
      ],
      async (_call, userId, limit = DEFAULT_LIMIT, state, cursor = '') => {
        const page = await groups.ofUser(userId, stateOf(state), limit, cursor);
        return {
          userGroups: page.rows.map((row) => ({ group: moduleGroup(row), state: row.edge_state })),
          cursor: page.cursor,
        };
      },
    ),

    moduleFunction('groupUserJoin', userParameters, (_call, groupId, userId, username) =>
      memberships.join(groupId, userId, username),
    ),

    moduleFunction('groupUserLeave', userParameters, (_call, groupId, userId, username) =>
      memberships.leave(groupId, userId, username),
    ),

    moduleFunction('groupUsersAdd', usersParameters, async (_call, groupId, userIds, callerId) => {
      checkUserIds(userIds);
      if (userIds.length > 0) await memberships.add(groupId, userIds, callerFrom(callerId));
    }),

    moduleFunction('groupUsersKick', usersParameters, applies(kick)),
    moduleFunction('groupUsersBan', usersParameters, applies(ban)),
    moduleFunction('groupUsersPromote', usersParameters, applies(promote)),
    moduleFunction('groupUsersDemote', usersParameters, applies(demote)),
  ];
}

const userParameters = [
  ['groupID', uuid()],
  ['userId', uuid()],
  ['username', text({ minLength: 1 })],
] as const;

const usersParameters = [
  ['groupID', uuid()],
  ['userIds', list(uuid())],
  ['callerID', optional(uuid(), orNull)],
] as const;

function checkUserIds(userIds: readonly string[]): void {
  if (userIds.includes(NIL_ID)) throw new ArgumentError('userIds: the nil id is of no user');
}

function callerFrom(userId: string | undefined): GroupCaller {
  return userId === undefined || userId === NIL_ID ? 'server' : { userId };
}

/** What is not above zero stands for none. */
function countOf(limit: number | undefined): number | undefined {
  return limit !== undefined && limit > 0 ? limit : undefined;
}

function stateOf(state: number | undefined): number | undefined {
  return state === -1 ? undefined : state;
}
