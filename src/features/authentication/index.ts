import type { Db } from '../../database/database.ts';
import type { Feature } from '../feature.ts';
import type { SessionsService } from '../sessions/index.ts';
import { authenticationFunctions } from './module-api.ts';
import { authenticationOperations } from './operations.ts';
import { AuthenticationService } from './service.ts';

export { hashPassword } from './passwords.ts';
export { checkCustomId, checkDeviceId, checkPassword, cleanEmail } from './rules.ts';

/** Signing in. */
export function createAuthenticationFeature(options: { db: Db; sessions: SessionsService }): Feature {
  const service = new AuthenticationService(options.db);
  return {
    name: 'authentication',
    operations: authenticationOperations(service, options.sessions),
    functions: authenticationFunctions(service),
  };
}
