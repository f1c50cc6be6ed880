import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { initializerFunctionNames, nakamaFunctionNames } from '../../src/runtime/api-surface.ts';
import { nkruntimeDefinitions } from '../../src/runtime/bundle/nkruntime-constants.ts';
import { coverageReport } from '../../src/runtime/coverage.ts';
import { typeCheck } from './type-check.ts';

/** Type-checks that both are the same set of names. */
function sameNames(type: string, names: readonly string[]): string[] {
  const listed = names.map((name) => `'${name}'`).join(' | ');
  const text = `
    type Listed = ${listed};
    export const missingInTypes: Exclude<Listed, ${type}> extends never ? true : Exclude<Listed, ${type}> = true;
    export const missingInNames: Exclude<${type}, Listed> extends never ? true : Exclude<${type}, Listed> = true;`;
  return typeCheck({ files: { 'names.ts': text } });
}

describe('the names that the server provides are those that the types promise', () => {
  test('on nk', () => {
    assert.deepEqual(sameNames("Exclude<keyof nkruntime.Nakama, 'async'>", nakamaFunctionNames), []);
    assert.equal(nakamaFunctionNames.length, 169);
  });

  test('on nk.async', () => {
    assert.deepEqual(sameNames("keyof nkruntime.Nakama['async']", nakamaFunctionNames), []);
  });

  test('on the initializer', () => {
    assert.deepEqual(sameNames('keyof nkruntime.Initializer', initializerFunctionNames), []);
  });

  test('a name on one side alone is found', () => {
    const errors = sameNames("Exclude<keyof nkruntime.Nakama, 'async'>", [...nakamaFunctionNames.slice(1), 'nothing']);
    assert.equal(errors.length, 2);
    assert.match(errors[0]!, /"nothing"/);
    assert.match(errors[1]!, new RegExp(`"${nakamaFunctionNames[0]}"`));
  });

  test('among the values of nkruntime that a bundle carries', () => {
    const values = Object.entries(nkruntimeDefinitions)
      .filter(([, value]) => !value.startsWith('{'))
      .map(
        ([name, value]) =>
          `export type T${name.replaceAll('.', '_')} = Same<\`\${${ofType(name)}}\`, ${textOf(value)}>;`,
      );
    const text = `type Same<A extends B, B> = [A, B];\n${values.join('\n')}`;
    assert.deepEqual(typeCheck({ files: { 'values.ts': text } }), []);
  });
});

function ofType(name: string): string {
  return name === 'nkruntime.SystemUserId' ? `typeof ${name}` : name;
}

function textOf(json: string): string {
  return `'${JSON.parse(json)}'`;
}

describe('the coverage report', () => {
  test('counts and names what is missing', () => {
    const [first, second, ...rest] = nakamaFunctionNames;
    assert.equal(coverageReport(rest), `nk functions: 167 of 169 implemented; missing: ${first}, ${second}`);
  });

  test('is short when nothing is missing, and does not count what is not in the module API', () => {
    const all = [...nakamaFunctionNames, 'connectionsList', nakamaFunctionNames[0]];
    assert.equal(coverageReport(all), 'nk functions: 169 of 169 implemented');
  });
});
