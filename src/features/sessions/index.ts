import { generateUsername } from '../accounts/index.ts';
import type { Feature } from '../feature.ts';
import { sessionFunctions } from './module-api.ts';
import { sessionOperations } from './operations.ts';
import { findSessionUser } from './queries.ts';
import { type SessionsOptions, SessionsService } from './service.ts';

export { StoredRevocations } from './queries.ts';
export type { SessionsService } from './service.ts';
export { SessionTokens } from './session-tokens.ts';
export { TokenRevocations } from './token-revocations.ts';

/** Session tokens: refresh, logout, and what modules do with them. */
export function createSessionsFeature(options: SessionsOptions): {
  readonly feature: Feature;
  readonly service: SessionsService;
} {
  const service = new SessionsService(options);
  const usernameOf = async (userId: string) =>
    (await findSessionUser(options.db, userId))?.username ?? generateUsername();
  return {
    service,
    feature: {
      name: 'sessions',
      operations: sessionOperations(service),
      functions: sessionFunctions(service, usernameOf),
      start: () => options.revocations.start(),
      stop: async () => options.revocations.stop(),
    },
  };
}
