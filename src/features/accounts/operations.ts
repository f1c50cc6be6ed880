import { Nakama } from '../../protocol/gen/nakama/api/service_pb.js';
import { canonicalId } from '../../protocol/ids.ts';
import { invalidArgument } from '../../protocol/status.ts';
import { callerOf, type OperationBinding, operation } from '../feature.ts';
import { accountMessage, userMessage } from './messages.ts';
import type { AccountsService } from './service.ts';

export function accountOperations(accounts: AccountsService): OperationBinding[] {
  return [
    operation(Nakama.method.getAccount, async (_request, call) => {
      const { userId } = callerOf(call);
      return accountMessage(await accounts.get(userId), accounts.isOnline(userId));
    }),

    operation(Nakama.method.updateAccount, async (request, call) => {
      await accounts.update(callerOf(call).userId, request);
      return {};
    }),

    operation(Nakama.method.deleteAccount, async (_request, call) => {
      await accounts.delete(callerOf(call).userId);
      return {};
    }),

    operation(Nakama.method.getUsers, async ({ ids, usernames, facebookIds }) => {
      const rows = await accounts.users(ids.map(userIdOf), usernames, facebookIds);
      return { users: rows.map((row) => userMessage(row, accounts.isOnline(row.id))) };
    }),
  ];
}

/** An id in any of its spellings: capitals and missing dashes are fine. @throws StatusError INVALID_ARGUMENT */
function userIdOf(text: string): string {
  const id = canonicalId(text);
  if (id === undefined) throw invalidArgument(`${JSON.stringify(text)} is not an id`);
  return id;
}
