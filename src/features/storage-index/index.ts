import type { ModuleHost } from '../../runtime/module-host.ts';
import type { Feature } from '../feature.ts';
import { registeredIndexes } from './definition.ts';
import type { LiveIndexDependencies } from './live-index.ts';
import { storageIndexFunctions } from './module-api.ts';
import { StorageIndexes } from './service.ts';

export { StorageIndexes } from './service.ts';

export interface StorageIndexDependencies extends LiveIndexDependencies {
  readonly modules: ModuleHost;
}

/** Indexes over stored objects, which modules register: finding objects by what is in them. */
export function createStorageIndexFeature({ modules, ...dependencies }: StorageIndexDependencies): Feature {
  const indexes = new StorageIndexes(dependencies);
  dependencies.storage.listen(indexes);
  return {
    name: 'storage-index',
    functions: storageIndexFunctions(indexes),
    modulesLoaded: () => indexes.use(registeredIndexes(modules)),
  };
}
