import type { Db } from '../../database/database.ts';
import { Nakama } from '../../protocol/gen/nakama/api/service_pb.js';
import { callerOf, type Feature, operation } from '../feature.ts';
import { AccountsService, type OnlineCheck } from './service.ts';

export { AccountsService, type OnlineCheck, userMessage } from './service.ts';
export { checkUsername, generateUsername } from './usernames.ts';

/** Accounts. */
export function createAccountsFeature(options: { db: Db; isOnline: OnlineCheck }): Feature {
  const service = new AccountsService(options.db, options.isOnline);
  return {
    name: 'accounts',
    operations: [operation(Nakama.method.getAccount, (_request, call) => service.get(callerOf(call).userId))],
  };
}
