import { checkArguments } from '../../runtime/argument-check.ts';
import type { CallOrigin } from '../../runtime/module-function.ts';
import type { ModuleHost, Registration } from '../../runtime/module-host.ts';
import type { ArgumentsOf } from '../../runtime/parameters.ts';
import { storageIndexParameters } from '../../runtime/storage-index-registration.ts';

/** An index as a module registered it. */
export interface IndexDefinition {
  readonly name: string;
  readonly collection: string;
  /** Only objects with this key; '' for all. */
  readonly key: string;
  /** Fields at the top of the value. An object with none of them is not indexed. */
  readonly fields: readonly string[];
  /** Those of them that order listings. */
  readonly sortableFields: readonly string[];
  readonly maxEntries: number;
  /** Listings are answered from the index, with the indexed fields only. */
  readonly indexOnly: boolean;
  /** Decides which objects are indexed. */
  readonly filter: FilterFunction | undefined;
}

/** Shows an object to a module's filter, as text of JSON; answers with that of what it returned. */
export type FilterFunction = (object: string) => Promise<string | null>;

const nobody: CallOrigin = { contextText: '{}' };

/** What the modules that are loaded now have registered. */
export function registeredIndexes(modules: ModuleHost): IndexDefinition[] {
  return modules
    .registrations()
    .filter(({ kind }) => kind === 'storageIndex')
    .map((registration) => definitionOf(registration, modules));
}

type IndexArguments = ArgumentsOf<typeof storageIndexParameters>;

function definitionOf({ data = [] }: Registration, modules: ModuleHost): IndexDefinition {
  const checked: readonly unknown[] = checkArguments('registerStorageIndex', storageIndexParameters, data);
  const [name, collection, key, fields, sortableFields, maxEntries, indexOnly] = checked as IndexArguments;
  return {
    name,
    collection,
    key: key ?? '',
    fields,
    sortableFields,
    maxEntries,
    indexOnly: indexOnly ?? false,
    filter: modules.hook('storageIndexFilter', name) && filterOf(name, modules),
  };
}

/** Looked up for each call: after a reload it is the new module's that runs. */
function filterOf(name: string, modules: ModuleHost): FilterFunction {
  return async (object) => {
    const hook = modules.hook('storageIndexFilter', name);
    if (!hook) throw new Error(`the filter of the storage index ${name} is gone`);
    return hook.call(nobody, object);
  };
}
