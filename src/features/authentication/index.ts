import type { Db } from '../../database/database.ts';
import type { Feature } from '../feature.ts';
import type { SessionsService } from '../sessions/index.ts';
import { authenticationFunctions } from './module-api.ts';
import { authenticationOperations } from './operations.ts';
import { AuthenticationService } from './service.ts';

export { hashPassword } from './passwords.ts';
export { renameProvider, setProvider } from './provider-queries.ts';
export { checkCustomId, checkDeviceId, checkPassword, cleanEmail } from './rules.ts';
export { AuthenticationService, type SignedIn, type SignInOptions } from './service.ts';
export { beginSession, moduleOptions, requestedOptions, withArgumentErrors } from './sign-in-calls.ts';
export type { ProviderColumn, VerifiedIdentity } from './verified-identity.ts';

/** Signing in. */
export function createAuthenticationFeature(options: { db: Db; sessions: SessionsService }): {
  readonly feature: Feature;
  readonly authentication: AuthenticationService;
} {
  const authentication = new AuthenticationService(options.db);
  return {
    authentication,
    feature: {
      name: 'authentication',
      operations: authenticationOperations(authentication, options.sessions),
      functions: authenticationFunctions(authentication),
    },
  };
}
