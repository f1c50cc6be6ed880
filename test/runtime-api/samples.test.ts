import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { typeCheck } from './type-check.ts';

function sample(name: string): Record<string, string> {
  const folder = join(import.meta.dirname, 'samples', name);
  return Object.fromEntries(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
}

describe('modules type-check', () => {
  test('global scripts in the style of the Nakama project template', () => {
    const compilerOptions = { target: 'es2020', lib: ['es2020'], module: undefined };
    assert.deepEqual(typeCheck({ files: sample('scripts'), compilerOptions }), []);
  });

  test('global scripts whose project says nothing of its target or libraries', () => {
    const compilerOptions = { target: undefined, lib: undefined, module: undefined };
    assert.deepEqual(typeCheck({ files: sample('scripts'), compilerOptions }), []);
  });

  test('ES modules with async handlers and our additions, by import', () => {
    assert.deepEqual(typeCheck({ files: sample('modules') }), []);
  });

  for (const compilerOptions of [{ module: 'nodenext' }, { module: 'esnext', moduleResolution: 'bundler' }]) {
    test(`ES modules of a package of type "module", with ${JSON.stringify(compilerOptions)}`, () => {
      const manifest = { type: 'module' };
      assert.deepEqual(typeCheck({ files: sample('modules'), compilerOptions, manifest }), []);
    });
  }

  test('ES modules without naming the types in the tsconfig, under the strictest rules', () => {
    const compilerOptions = {
      types: [],
      module: 'preserve',
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      verbatimModuleSyntax: true,
      isolatedModules: true,
    };
    assert.deepEqual(typeCheck({ files: sample('modules'), compilerOptions }), []);
  });

  test('mistakes do not', () => {
    assert.deepEqual(typeCheck({ files: sample('refused') }), []);
  });
});
