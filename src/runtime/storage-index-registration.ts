import { boolean, integer, list, type NamedParameter, optional, text } from './parameters.ts';

const orNull = { orNull: true };

/** What `initializer.registerStorageIndex` takes. The isolate checks it, and the server again. */
export const storageIndexParameters = [
  ['name', text({ minLength: 1 })],
  ['collection', text({ minLength: 1 })],
  ['key', optional(text(), orNull)],
  ['fields', list(text({ minLength: 1 }))],
  ['sortableFields', list(text({ minLength: 1 }))],
  ['maxEntries', integer({ min: 1 })],
  ['indexOnly', optional(boolean(), orNull)],
] as const satisfies readonly NamedParameter[];
