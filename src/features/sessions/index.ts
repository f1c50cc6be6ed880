import { StatusError, Status } from '../../protocol/status.ts';
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
export function createSessionsFeature(options: SessionsOptions): Feature & { service: SessionsService } {
  const service = new SessionsService(options);
  const usernameOf = async (userId: string) => {
    const user = await findSessionUser(options.db, userId);
    if (!user) throw new StatusError(Status.NOT_FOUND, 'there is no such user');
    return user.username;
  };
  return {
    name: 'sessions',
    service,
    operations: sessionOperations(service),
    functions: sessionFunctions(service, options.tokens, usernameOf),
    start: () => options.revocations.start(),
    stop: async () => options.revocations.stop(),
  };
}
