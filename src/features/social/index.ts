import type { Feature } from '../feature.ts';
import type { SessionsService } from '../sessions/index.ts';
import { linkFunctions, signInFunctions } from './module-api.ts';
import { linkOperations, signInOperations } from './operations.ts';
import type { Providers } from './providers/index.ts';
import { type SocialDependencies, SocialService } from './service.ts';

export { friendSources } from './friend-sources.ts';
export { createProviders, type Providers } from './providers/index.ts';

/** Ways in by the accounts of other companies: Apple, Facebook, Game Center, Google, Steam. */
export function createSocialFeature(
  dependencies: SocialDependencies & { readonly providers: Providers; readonly sessions: SessionsService },
): Feature {
  const { providers, sessions } = dependencies;
  const social = new SocialService(dependencies);
  return {
    name: 'social',
    operations: [...signInOperations(social, providers, sessions), ...linkOperations(social, providers)],
    functions: [...signInFunctions(social, providers), ...linkFunctions(social, providers)],
  };
}
