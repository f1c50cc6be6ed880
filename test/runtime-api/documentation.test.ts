import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import { repository } from './type-check.ts';

const folder = join(repository, 'runtime-api');
const files = globSync('*.d.ts', { cwd: folder }).filter((file) => file !== 'index.d.ts');

/** Interfaces that several files add to; the file that belongs to them documents them. */
const merged = /^ {2}interface (?:Nakama|Initializer) /;

/** Lines that begin a declaration, without a doc comment above them. Overloads after the first may say less. */
function undocumented(file: string): string[] {
  const lines = readFileSync(join(folder, file), 'utf8').split('\n');
  let within = '';
  return lines.filter((line, at) => {
    const declaration = /^ {2}(?:interface|type|const) (\w+)|^(?:declare|interface) .*?(\w+)/.exec(line);
    if (declaration) within = declaration[1] ?? '';
    const method = /^ {4}\w+[(<]/.test(line) && ['Nakama', 'Initializer'].includes(within);
    if (!(declaration || method) || merged.test(line)) return false;
    return !lines[at - 1]!.trim().endsWith('*/');
  });
}

describe('every function and type of the module API has documentation', () => {
  for (const file of files.filter((name) => name !== 'globals.d.ts')) {
    test(basename(file, '.d.ts'), () => {
      assert.deepEqual(undocumented(file), []);
    });
  }

  test('and what nothing says is found', () => {
    assert.ok(undocumented('globals.d.ts').includes('declare var console: Console;'));
  });

  test('and index.d.ts refers to each file but the globals', () => {
    const index = readFileSync(join(folder, 'index.d.ts'), 'utf8');
    const missing = files.filter((file) => !index.includes(`path="./${file}"`));
    assert.deepEqual(missing, ['globals.d.ts']);
  });
});
