import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/**
 * A package that only some servers need, loaded when it is first used: an idle server has no memory for what it does
 * not run (re2js and yaml alone are 350 KB of source, with tables to match).
 *
 *     const yaml = lazyPackage<typeof import('yaml')>('yaml');
 *     yaml().parse(text);
 */
export function lazyPackage<T>(name: string): () => T {
  let loaded: T | undefined;
  return () => {
    loaded ??= require(name) as T;
    return loaded;
  };
}
