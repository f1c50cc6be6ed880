import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { checkModules } from '../../src/cli/check-modules.ts';
import { InitError, initProject } from '../../src/cli/init.ts';
import { moduleFolder } from '../support/module-folder.ts';

test('a new project has a module, types, a test and what npm and git need', async (t) => {
  const folder = join(await moduleFolder(t, {}), 'My Game!');
  assert.deepEqual(await initProject(folder), [
    '.gitignore',
    'README.md',
    'package.json',
    'src/main.ts',
    'test/main.test.js',
    'tsconfig.json',
  ]);
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  assert.equal(manifest.name, 'my-game');
  // What is not installed is not in the registry, perhaps: the project has it from its folder.
  const spec = manifest.devDependencies['nk-server'];
  assert.match(spec, /^file:/);
  const installed = JSON.parse(await readFile(join(folder, spec.slice('file:'.length), 'package.json'), 'utf8'));
  assert.deepEqual([installed.name, manifest.devDependencies.node], ['nk-server', installed.devDependencies.node]);
  for (const file of ['README.md', 'package.json', 'src/main.ts']) {
    assert.doesNotMatch(await readFile(join(folder, file), 'utf8'), /\{\{/, file);
  }
});

test('a new project passes the check as it stands', async (t) => {
  const folder = await moduleFolder(t, {});
  await initProject(folder);
  const lines: string[] = [];
  const good = await checkModules({
    folder,
    types: true,
    loadModules: async () => ({ registrations: [], unimplemented: [] }),
    print: (line) => lines.push(line),
  });
  assert.ok(good, lines.join('\n'));
  assert.equal(lines[0], 'modules   src/main.ts');
});

test('a folder that is in use is refused in one line and left as it was', async (t) => {
  const folder = await moduleFolder(t, { 'save.txt': 'precious' });
  for (const [target, message] of [
    [folder, /is not empty \(save\.txt is there\)/],
    [join(folder, 'save.txt'), /is a file/],
  ] as const) {
    await assert.rejects(initProject(target), (error) => {
      assert.ok(error instanceof InitError, basename(target));
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /\n/);
      return true;
    });
  }
  assert.equal(await readFile(join(folder, 'save.txt'), 'utf8'), 'precious');
});
