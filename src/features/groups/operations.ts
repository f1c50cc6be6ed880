import { Nakama } from '../../protocol/gen/nakama/api/service_pb.js';
import { invalidArgument } from '../../protocol/status.ts';
import { type OnlineCheck, userMessage } from '../accounts/index.ts';
import { callerOf, type OperationBinding, type OperationCall, operation } from '../feature.ts';
import { type Act, ban, demote, kick, promote } from './acts.ts';
import { DEFAULT_LANG_TAG, DEFAULT_MAX_COUNT, GroupState, idOf, userIdOf } from './group.ts';
import type { Memberships } from './memberships.ts';
import { groupMessage } from './messages.ts';
import type { Groups } from './service.ts';

const FIND_LIMIT_DEFAULT = 1;
const EDGE_LIMIT_DEFAULT = 100;
const MAX_LIMIT = 100;

/** Whom an act is for. */
interface UsersRequest {
  readonly groupId: string;
  readonly userIds: readonly string[];
}

export function groupOperations(
  groups: Groups,
  memberships: Memberships,
  isOnline: OnlineCheck,
): readonly OperationBinding[] {
  const applies = (act: Act) => async (request: UsersRequest, call: OperationCall) => {
    const groupId = idOf(request.groupId);
    const userIds = request.userIds.map(userIdOf);
    if (userIds.length === 0 && act === demote) throw invalidArgument('user ids are required');
    if (userIds.length > 0) await memberships.apply(act, groupId, userIds, callerOf(call));
    return {};
  };

  return [
    operation(Nakama.method.createGroup, async (request, call) => {
      const { userId } = callerOf(call);
      const { name, description, avatarUrl, langTag, open, maxCount } = request;
      const row = await groups.create(userId, {
        name,
        creatorId: userId,
        langTag: langTag || DEFAULT_LANG_TAG,
        description,
        avatarUrl,
        open,
        metadata: '{}',
        maxCount: maxCount || DEFAULT_MAX_COUNT,
      });
      return groupMessage(row);
    }),

    operation(Nakama.method.updateGroup, async (request, call) => {
      const { groupId, name, description, langTag, avatarUrl, open } = request;
      await groups.update(idOf(groupId), { name, description, langTag, avatarUrl, open }, callerOf(call));
      return {};
    }),

    operation(Nakama.method.deleteGroup, async ({ groupId }, call) => {
      await groups.delete(idOf(groupId), callerOf(call));
      return {};
    }),

    operation(Nakama.method.listGroups, async ({ name, langTag, open, members, limit, cursor }) => {
      const page = await groups.find({ name, langTag, open, members }, limitOf(limit, FIND_LIMIT_DEFAULT), cursor);
      return { groups: page.groups.map(groupMessage), cursor: page.cursor ?? '' };
    }),

    operation(Nakama.method.joinGroup, async ({ groupId }, call) => {
      const { userId, username } = callerOf(call);
      await memberships.join(idOf(groupId), userId, username);
      return {};
    }),

    operation(Nakama.method.leaveGroup, async ({ groupId }, call) => {
      const { userId, username } = callerOf(call);
      await memberships.leave(idOf(groupId), userId, username);
      return {};
    }),

    operation(Nakama.method.addGroupUsers, async ({ groupId, userIds }, call) => {
      const id = idOf(groupId);
      const targets = userIds.map(userIdOf);
      if (targets.length > 0) await memberships.add(id, targets, callerOf(call));
      return {};
    }),

    operation(Nakama.method.banGroupUsers, applies(ban)),
    operation(Nakama.method.kickGroupUsers, applies(kick)),
    operation(Nakama.method.promoteGroupUsers, applies(promote)),
    operation(Nakama.method.demoteGroupUsers, applies(demote)),

    operation(Nakama.method.listGroupUsers, async ({ groupId, limit, state, cursor }) => {
      const id = idOf(groupId);
      const page = await groups.members(id, stateOf(state), limitOf(limit, EDGE_LIMIT_DEFAULT), cursor);
      return {
        groupUsers: page.rows.map((row) => ({ user: userMessage(row, isOnline(row.id)), state: row.edge_state })),
        cursor: page.cursor ?? '',
      };
    }),

    operation(Nakama.method.listUserGroups, async ({ userId, limit, state, cursor }) => {
      const id = idOf(userId);
      const page = await groups.ofUser(id, stateOf(state), limitOf(limit, EDGE_LIMIT_DEFAULT), cursor);
      return {
        userGroups: page.rows.map((row) => ({ group: groupMessage(row), state: row.edge_state })),
        cursor: page.cursor ?? '',
      };
    }),
  ];
}

function limitOf(limit: number | undefined, byDefault: number): number {
  if (limit === undefined) return byDefault;
  if (limit < 1 || limit > MAX_LIMIT) throw invalidArgument(`limit must be from 1 to ${MAX_LIMIT}`);
  return limit;
}

function stateOf(state: number | undefined): number | undefined {
  if (state !== undefined && (state < GroupState.SUPERADMIN || state > GroupState.BANNED)) {
    throw invalidArgument('state must be from 0 to 4');
  }
  return state;
}
