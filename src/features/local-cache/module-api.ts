import { type ModuleFunction, moduleFunction } from '../../runtime/module-function.ts';
import { integer, json, optional, scalar, text } from '../../runtime/parameters.ts';
import type { LocalCache } from './service.ts';

const key = ['key', text({ minLength: 1 })] as const;

const writes = { deferredWhen: 'always', changes: ['localcacheGet'] } as const;

/**
 * The local cache's nk functions. What is put is there for whatever crosses after it; only a read crosses back, and
 * isolates keep what it told them until the key changes.
 */
export function localCacheFunctions(cache: LocalCache): readonly ModuleFunction[] {
  return [
    moduleFunction(
      'localcacheGet',
      [key, ['defaultValue', optional(json(), { orNull: true })]],
      (_call, name, otherwise) => {
        return cache.get(name) ?? otherwise;
      },
      {
        keep: {
          factOf: (name) => (cache.isLasting(name) ? name : undefined),
          onChange: (listener) => cache.onChange(listener),
        },
      },
    ),
    moduleFunction(
      'localcachePut',
      [key, ['value', scalar()], ['ttl', optional(integer({ min: 0 }), { orNull: true })]],
      (_call, name, value, ttlSec = 0) => cache.put(name, value, ttlSec),
      writes,
    ),
    moduleFunction('localcacheDelete', [key], (_call, name) => cache.delete(name), writes),
    moduleFunction('localcacheClear', [], () => cache.clear(), writes),
  ];
}
