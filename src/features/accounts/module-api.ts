import { Status, StatusError } from '../../protocol/status.ts';
import { ArgumentError } from '../../runtime/argument-check.ts';
import { type ModuleFunction, moduleFunction } from '../../runtime/module-function.ts';
import { boolean, integer, list, object, optional, text, uuid } from '../../runtime/parameters.ts';
import { moduleAccount, moduleUser } from './messages.ts';
import type { AccountRow, UserRow } from './queries.ts';
import type { AccountsService } from './service.ts';

const orNull = { orNull: true };
const RANDOM_MAX = 1000;

export function accountFunctions(accounts: AccountsService): ModuleFunction[] {
  const accountOf = (row: AccountRow) => moduleAccount(row, accounts.isOnline(row.id));
  const userOf = (row: UserRow) => moduleUser(row, accounts.isOnline(row.id));

  return [
    moduleFunction('accountGetId', [['userId', uuid()]], async (_call, userId) =>
      accountOf(await accounts.get(userId)),
    ),

    moduleFunction('accountsGetId', [['userIds', list(uuid())]], async (_call, userIds) =>
      (await accounts.list(userIds)).map(accountOf),
    ),

    moduleFunction(
      'accountUpdateId',
      [
        ['userId', uuid()],
        ['username', optional(text(), orNull)],
        ['displayName', optional(text(), orNull)],
        ['timezone', optional(text(), orNull)],
        ['location', optional(text(), orNull)],
        ['langTag', optional(text(), orNull)],
        ['avatarUrl', optional(text(), orNull)],
        ['metadata', optional(object(), orNull)],
      ],
      (_call, userId, username, displayName, timezone, location, langTag, avatarUrl, metadata) =>
        accounts.update(userId, {
          username: username || undefined,
          displayName,
          timezone,
          location,
          langTag,
          avatarUrl,
          metadata: metadata && JSON.stringify(metadata),
        }),
    ),

    moduleFunction(
      'accountDeleteId',
      [
        ['userId', uuid()],
        ['recorded', optional(boolean(), orNull)],
      ],
      (_call, userId, recorded) => accounts.delete(userId, recorded),
    ),

    moduleFunction(
      'accountImportId',
      [
        ['data', text({ minLength: 1 })],
        ['userId', optional(uuid(), orNull)],
      ],
      async (_call, data, userId) => {
        try {
          return accountOf(await accounts.import(data, userId));
        } catch (error) {
          if (!(error instanceof StatusError && error.code === Status.INVALID_ARGUMENT)) throw error;
          throw new ArgumentError(`nk.accountImportId: ${error.message}`);
        }
      },
    ),

    moduleFunction('accountExportId', [['userId', uuid()]], (_call, userId) => accounts.export(userId)),

    moduleFunction(
      'usersGetId',
      [
        ['userIds', optional(list(uuid()), orNull)],
        ['facebookIds', optional(list(text()), orNull)],
      ],
      async (_call, userIds, facebookIds) => (await accounts.users(userIds ?? [], [], facebookIds ?? [])).map(userOf),
    ),

    moduleFunction('usersGetUsername', [['usernames', list(text())]], async (_call, usernames) =>
      (await accounts.users([], usernames, [])).map(userOf),
    ),

    moduleFunction('usersGetRandom', [['count', integer({ min: 0, max: RANDOM_MAX })]], async (_call, count) =>
      (await accounts.randomUsers(count)).map(userOf),
    ),

    moduleFunction('usersBanId', [['userIds', list(uuid())]], (_call, userIds) => accounts.ban(userIds)),

    moduleFunction('usersUnbanId', [['userIds', list(uuid())]], (_call, userIds) => accounts.unban(userIds)),
  ];
}
