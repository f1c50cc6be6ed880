import { globSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { workerFunctions } from '../../src/runtime/worker/functions/index.ts';
import { isolateFunctions } from '../../src/runtime/worker/prelude/utilities/index.ts';
import type { Definition } from './definition-assertions.ts';
import { repository } from './type-check.ts';

/** The definitions of nk functions: those of the isolate, of the worker, and of each feature's `module-api.ts` (`…Functions`). */
export async function definedFunctions(): Promise<Definition[]> {
  const found: Definition[] = [...isolateFunctions, ...workerFunctions];
  for (const file of globSync('src/features/*/module-api.ts', { cwd: repository }).sort()) {
    const exported: object = await import(pathToFileURL(join(repository, file)).href);
    for (const [name, value] of Object.entries(exported)) {
      if (!/Functions?$/.test(name)) continue;
      found.push(...definitionsIn(typeof value === 'function' ? value(...standIns) : value));
    }
  }
  return found;
}

/** Definitions are made without using the services that their functions will use: anything will do in their place. */
const standIn: unknown = new Proxy(() => {}, { get: () => standIn, apply: () => standIn });
/** More than any factory takes. */
const standIns = Array.from({ length: 8 }, () => standIn);

function definitionsIn(made: unknown): Definition[] {
  const candidates: unknown[] = Array.isArray(made) ? made : [made];
  return candidates.filter(isDefinition);
}

function isDefinition(value: unknown): value is Definition {
  return typeof value === 'object' && value !== null && 'name' in value && 'parameters' in value;
}
