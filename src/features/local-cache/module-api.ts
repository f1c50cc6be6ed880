import { type ModuleFunction, moduleFunction } from '../../runtime/module-function.ts';
import { integer, json, optional, scalar, text } from '../../runtime/parameters.ts';
import type { LocalCache } from './service.ts';

const key = ['key', text({ minLength: 1 })] as const;

/** The local cache's nk functions. Only a read crosses back: what is put is there for whatever crosses after it. */
export function localCacheFunctions(cache: LocalCache): readonly ModuleFunction[] {
  return [
    moduleFunction(
      'localcacheGet',
      [key, ['defaultValue', optional(json(), { orNull: true })]],
      (_call, name, otherwise) => {
        return cache.get(name) ?? otherwise;
      },
    ),
    moduleFunction(
      'localcachePut',
      [key, ['value', scalar()], ['ttl', optional(integer({ min: 0 }), { orNull: true })]],
      (_call, name, value, ttlSec = 0) => cache.put(name, value, ttlSec),
      { deferredWhen: 'always' },
    ),
    moduleFunction('localcacheDelete', [key], (_call, name) => cache.delete(name), { deferredWhen: 'always' }),
    moduleFunction('localcacheClear', [], () => cache.clear(), { deferredWhen: 'always' }),
  ];
}
