import type { Db } from '../../database/database.ts';
import type { Feature } from '../feature.ts';
import { linkingFunctions } from './module-api.ts';
import { linkingOperations } from './operations.ts';
import { LinkingService } from './service.ts';

export type { IdentityColumn } from './queries.ts';
export { LinkingService } from './service.ts';

/** Linking: several ways to sign in to one account. */
export function createLinkingFeature({ db }: { readonly db: Db }): {
  readonly feature: Feature;
  readonly linking: LinkingService;
} {
  const linking = new LinkingService(db);
  return {
    linking,
    feature: { name: 'linking', operations: linkingOperations(linking), functions: linkingFunctions(linking) },
  };
}
