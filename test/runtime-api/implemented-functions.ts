import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './type-check.ts';

/** A definition of an nk function: by a feature, in the isolate, or in the worker process. */
const definition = /\b(?:module|isolate|worker)Function\(\s*'(\w+)'/g;

/** The names of the nk functions that the source defines, whether or not the server that runs has them joined. */
export function implementedFunctions(): string[] {
  const files = globSync('src/**/*.ts', { cwd: repository });
  const names = files.flatMap((file) => {
    const source = readFileSync(join(repository, file), 'utf8');
    return Array.from(source.matchAll(definition), ([, name]) => name!);
  });
  return [...new Set(names)].sort();
}
