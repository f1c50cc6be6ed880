import type { Feature } from '../feature.ts';
import { accountFunctions } from './module-api.ts';
import { accountOperations } from './operations.ts';
import { type AccountsDependencies, AccountsService } from './service.ts';

export { moduleUser, userMessage } from './messages.ts';
export { type UserRow, userColumns, userFieldValues } from './queries.ts';
export { AccountsService, type OnlineCheck } from './service.ts';
export { checkUsername, generateUsername } from './usernames.ts';

/** Accounts, and users as others see them. */
export function createAccountsFeature(dependencies: AccountsDependencies): {
  readonly feature: Feature;
  readonly accounts: AccountsService;
} {
  const accounts = new AccountsService(dependencies);
  return {
    accounts,
    feature: { name: 'accounts', operations: accountOperations(accounts), functions: accountFunctions(accounts) },
  };
}
