import assert from 'node:assert/strict';
import { realpath, symlink } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { test } from 'node:test';
import { ModuleBuildError, ModuleFolderError } from '../../../src/runtime/bundle/build-error.ts';
import { discoverModules } from '../../../src/runtime/bundle/discover.ts';
import { moduleFolder } from '../../support/module-folder.ts';

const asModule = 'export function InitModule() {}\n';
const asScript = 'function InitModule() {}\n';

/** The rule and the files of each module, relative. */
async function found(folder: string, entry?: string) {
  const { rule, modules } = await discoverModules(folder, entry ? { entry } : {});
  return {
    rule,
    modules: modules.map(({ files, scripts }) => ({
      files: files.map((file) => relative(folder, file).split(sep).join('/')),
      scripts,
    })),
  };
}

test('an entry that is given is all that is loaded', async (t) => {
  const folder = await moduleFolder(t, { 'main.ts': asModule, 'lib/other.ts': asModule });
  assert.deepEqual(await found(folder, 'lib/other.ts'), {
    rule: 'entry',
    modules: [{ files: ['lib/other.ts'], scripts: false }],
  });
});

test('a tsconfig.json whose files are scripts is one program, in its order', async (t) => {
  const folder = await moduleFolder(t, {
    'tsconfig.json':
      '{\n // the order counts\n "files": ["./main.ts", "./a.ts",], "compilerOptions": { "outFile": "b.js" } }',
    'a.ts': 'const answer = 42;\n',
    'main.ts': asScript,
    'b.js': asScript,
  });
  assert.deepEqual(await found(folder), { rule: 'scripts', modules: [{ files: ['main.ts', 'a.ts'], scripts: true }] });
});

test('"include" of a tsconfig.json, also inherited, lists files in name order without declarations', async (t) => {
  const folder = await moduleFolder(t, {
    'tsconfig.json': '{ "extends": "./base.json" }',
    'base.json': '{ "include": ["src"], "exclude": ["src/old"] }',
    'src/z.ts': asScript,
    'src/deep/c.ts': 'var c = 1;',
    'src/a.ts': 'var a = 1;',
    'src/types.d.ts': 'export {};',
    'src/old/gone.ts': 'export {};',
    'src/node_modules/package/index.ts': 'export {};',
  });
  const { modules } = await found(folder);
  assert.deepEqual(modules, [{ files: ['src/a.ts', 'src/z.ts', 'src/deep/c.ts'], scripts: true }]);
});

test('a tsconfig.json with one ES module among its files is not a program of scripts', async (t) => {
  const folder = await moduleFolder(t, {
    'tsconfig.json': '{ "include": ["*.ts"] }',
    'main.ts': `import { a } from './a';\nfunction InitModule() { a(); }\n`,
    'a.ts': 'export const a = () => {};',
  });
  assert.deepEqual(await found(folder), { rule: 'main', modules: [{ files: ['main.ts'], scripts: false }] });
});

for (const [name, others] of [
  ['main.ts', ['main.js', 'index.ts', 'src/main.ts']],
  ['main.js', ['index.ts', 'index.js']],
  ['index.ts', ['index.js', 'src/main.ts']],
  ['index.js', ['src/main.ts', 'chat.ts']],
  ['src/main.ts', ['src/index.ts', 'chat.ts']],
  ['src/index.js', ['chat.ts']],
] as const) {
  test(`${name} goes before ${others.join(', ')}`, async (t) => {
    const folder = await moduleFolder(t, Object.fromEntries([name, ...others].map((file) => [file, asModule])));
    assert.deepEqual(await found(folder), { rule: 'main', modules: [{ files: [name], scripts: false }] });
  });
}

test('main of package.json that is not there is told where nothing else is', async (t) => {
  const folder = await moduleFolder(t, { 'package.json': '{"main":"build/game.js"}' });
  await assert.rejects(discoverModules(folder), /package\.json names build\/game\.js as main, which is not there/);
});

test('main of package.json is loaded when it is there', async (t) => {
  const folder = await moduleFolder(t, {
    'package.json': '{ "name": "arena", "main": "build/server.js" }',
    'build/server.js': asScript,
    'chat.ts': asModule,
  });
  assert.deepEqual(await found(folder), { rule: 'package', modules: [{ files: ['build/server.js'], scripts: true }] });
  const { modules } = await discoverModules(folder);
  assert.equal(modules[0]!.name, 'arena');
});

test('else every file at the top is a module of its own, in name order; helpers, tests and configuration are not', async (t) => {
  const folder = await moduleFolder(t, {
    'package.json': '{ "name": "many", "main": "index.js" }',
    'welcome.ts': asModule,
    'chat.js': asScript,
    'words.ts': 'export const words = [];',
    'chat.test.ts': asModule,
    'eslint.config.js': 'export default [];',
    'types.d.ts': 'declare function InitModule(): void;',
    'deep/other.ts': asModule,
  });
  const { rule, modules, because } = await discoverModules(folder);
  assert.equal(rule, 'files');
  assert.deepEqual(
    modules.map(({ name, scripts }) => ({ name, scripts })),
    [
      { name: 'chat', scripts: false },
      { name: 'welcome', scripts: false },
    ],
  );
  assert.equal(because, '2 files, one module each');
});

test('modules of the same name but for the extension keep theirs', async (t) => {
  const folder = await moduleFolder(t, { 'chat.ts': asModule, 'chat.js': asModule });
  const { modules } = await discoverModules(folder);
  assert.deepEqual(
    modules.map(({ name }) => name),
    ['chat.js', 'chat.ts'],
  );
});

test('what cannot be loaded is said in one line with what to do', async (t) => {
  const empty = await moduleFolder(t, {});
  const helpers = await moduleFolder(t, { 'a.ts': 'export const a = 1;' });
  const listing = await moduleFolder(t, { 'tsconfig.json': '{ "files": ["gone.ts"] }' });
  const refusals: [() => Promise<unknown>, RegExp][] = [
    [() => discoverModules(`${empty}/nowhere`), /There is no modules folder .*nowhere.*nk init/],
    [() => discoverModules(empty), /no modules in .*nk init/],
    [() => discoverModules(empty, { entry: 'x.ts' }), /no file x\.ts .*--entry/],
    [() => discoverModules(helpers), /No InitModule in a\.ts/],
    [() => discoverModules(listing), /lists gone\.ts, which is not there/],
  ];
  for (const [refused, message] of refusals) {
    await assert.rejects(refused(), (error) => {
      assert.ok(error instanceof ModuleFolderError);
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /\n/);
      return true;
    });
  }
});

test('a file that cannot be parsed is shown where it breaks', async (t) => {
  const folder = await moduleFolder(t, { 'main.ts': 'const x = 1;\nfunction (;\n' });
  await assert.rejects(discoverModules(folder), (error) => {
    assert.ok(error instanceof ModuleBuildError);
    assert.partialDeepStrictEqual(error.problems[0], { file: 'main.ts', line: 2, column: 10 });
    return true;
  });
});

test('a tsconfig.json that is no JSON is shown where it ends to be', async (t) => {
  for (const [text, place] of [
    ['{ "files": ', '1:12'],
    ['{ // which\n "files": ["a.ts" "b.ts"] }', '2:19'],
  ] as const) {
    await assert.rejects(discoverModules(await moduleFolder(t, { 'tsconfig.json': text })), (error) => {
      assert.ok(error instanceof ModuleBuildError);
      assert.match(error.message, new RegExp(`^tsconfig\\.json:${place}: `));
      return true;
    });
  }
});

test('a file that cannot be read is named with the reason', async (t) => {
  for (const [target, reason] of [
    ['gone.ts', 'it is a link to nothing'],
    ['main.ts', 'it is a link that leads to itself'],
  ] as const) {
    const folder = await moduleFolder(t, { 'data.json': '{}' });
    await symlink(target, join(folder, 'main.ts'));
    await assert.rejects(discoverModules(folder), {
      name: 'ModuleFolderError',
      message: `cannot read ${join(await realpath(folder), 'main.ts')}: ${reason}; correct or delete it`,
    });
  }
});
