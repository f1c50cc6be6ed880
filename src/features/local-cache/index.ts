import type { Feature } from '../feature.ts';
import { localCacheFunctions } from './module-api.ts';
import { LocalCache } from './service.ts';

/** `nk.localcache…`: one cache for all calls, users and isolates of the node. */
export function createLocalCacheFeature(): Feature {
  return { name: 'local-cache', functions: localCacheFunctions(new LocalCache()) };
}
