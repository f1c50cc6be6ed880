import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { typeCheck } from './type-check.ts';

const ours = 'nk-server/runtime-api';
const globals = 'nk-server/runtime-api/globals';

const files = {
  'main.ts': `
    let InitModule: nkruntime.InitModule = function (ctx, logger, nk, initializer) {
      console.log('%o', ctx, new TextDecoder().decode(new TextEncoder().encode('text')));
      const timer = setTimeout((text: string) => console.warn(text), 10, 'late');
      clearTimeout(timer);
      clearInterval(setInterval(() => {}, 10));
      queueMicrotask(() => {});
      const url = new URL('?a=1', 'https://example.org');
      for (const [name, value] of url.searchParams) console.info(name.length + value.length);
      const params = new URLSearchParams({ a: '1' });
      const size: number = params.size;
      const copy: { at: Date } = structuredClone({ at: new Date() });
      const text: string = atob(btoa('text')) + crypto.randomUUID() + url.href + URL.canParse('x') + params.get('a');
      const bytes: Uint8Array = crypto.getRandomValues(new Uint8Array(8));
    };`,
};

describe('the globals of a module', () => {
  test('are declared by a file of their own, for projects with neither DOM nor Node', () => {
    assert.deepEqual(typeCheck({ files, compilerOptions: { module: undefined, types: [ours, globals] } }), []);
    const without = typeCheck({ files, compilerOptions: { module: undefined, types: [ours] } });
    assert.ok(without.some((error) => error.includes("Cannot find name 'console'")));
  });

  test('offer nothing that an isolate does not have', () => {
    const beyond = { 'main.ts': 'fetch("https://example.org"); process.exit(); require("fs");' };
    const errors = typeCheck({ files: beyond, compilerOptions: { module: undefined, types: [ours, globals] } });
    assert.equal(errors.length, 3);
  });

  test('give way to the library "dom"', () => {
    const compilerOptions = { module: undefined, lib: ['es2024', 'dom'] };
    assert.deepEqual(typeCheck({ files, compilerOptions }), []);
    assert.deepEqual(typeCheck({ files, compilerOptions: { ...compilerOptions, types: [ours, globals] } }), []);
  });

  test('are not needed beside the types of Node', () => {
    assert.deepEqual(typeCheck({ files, compilerOptions: { module: undefined, types: [ours, 'node'] } }), []);
  });

  for (const types of [
    [ours, globals, 'node'],
    [ours, 'node', globals],
  ]) {
    test(`do no harm where both are named and libraries are taken as they are: ${types.slice(1).join(', ')}`, () => {
      assert.deepEqual(typeCheck({ files, compilerOptions: { module: undefined, types, skipLibCheck: true } }), []);
    });
  }
});
