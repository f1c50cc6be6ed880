import { Nakama } from '../../protocol/gen/nakama/api/service_pb.js';
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

const uuidForm = /^[0-9a-f]{32}$/i;

/** An id in any of its spellings: capitals and missing dashes are fine. @throws StatusError INVALID_ARGUMENT */
function userIdOf(text: string): string {
  const digits = text.replaceAll('-', '');
  if (!uuidForm.test(digits)) throw invalidArgument(`"${text}" is not an id`);
  return digits.toLowerCase().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
