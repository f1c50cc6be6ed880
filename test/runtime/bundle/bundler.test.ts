import assert from 'node:assert/strict';
import { symlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createContext, runInContext } from 'node:vm';
import { ModuleBuildError } from '../../../src/runtime/bundle/build-error.ts';
import { type BundlerOptions, bundleModules, ModuleBundler } from '../../../src/runtime/bundle/bundler.ts';
import { moduleFolder, writeFiles } from '../../support/module-folder.ts';

type Loaded = { InitModule?: (...args: unknown[]) => unknown };

/** Runs a bundle as an isolate does and answers what it leaves behind. */
function run(code: string): { module: Loaded; globals: unknown[]; scope: object } {
  const scope = createContext({});
  runInContext(`(0, eval)(${JSON.stringify(code)})`, scope);
  const left = scope as { __nkModule: Loaded; __nkGlobals?: () => unknown[] };
  return { module: left.__nkModule, globals: left.__nkGlobals?.() ?? [], scope };
}

async function load(t: TestContext, files: Record<string, string>, options: BundlerOptions = {}) {
  const outcome = await bundleModules(await moduleFolder(t, files), options);
  return { ...run(outcome.bundles[0]!.code), outcome };
}

/** A program of scripts, in the old style. */
const program = {
  'tsconfig.json': '{ "files": ["main.ts", "state.ts", "limits.ts"], "compilerOptions": { "outFile": "out.js" } }',
  'main.ts': 'function InitModule() { return [state.rounds, Limit.Players, board.length]; }',
  'state.ts': 'var state: { rounds: number } = { rounds: 1 };\nlet board: number[] = [];',
  'limits.ts': 'const enum Limit { Players = 4 }',
};

async function problemsOf(t: TestContext, files: Record<string, string>) {
  let problems: ModuleBuildError['problems'] = [];
  await assert.rejects(bundleModules(await moduleFolder(t, files)), (error) => {
    assert.ok(error instanceof ModuleBuildError, String(error));
    problems = error.problems;
    return true;
  });
  return problems;
}

test('InitModule is found however it is offered', async (t) => {
  const forms: Record<string, string> = {
    'named export': `export function InitModule() { return 'it'; }`,
    'renamed export': `const start = () => 'it';\nexport { start as InitModule };`,
    'default export': `export default function () { return 'it'; }`,
    'default object': `export default { InitModule: () => 'it' };`,
    're-export': `export * from './lib';`,
    'top-level function': `function InitModule() { return 'it'; }`,
    'top-level function beside imports': `import { it } from './it';\nfunction InitModule() { return it; }\n!InitModule && InitModule.bind(null);`,
    'top-level arrow function': `import { it } from './it';\nconst InitModule = () => it;`,
    CommonJS: `const { it } = require('./it');\nmodule.exports.InitModule = () => it;`,
    'CommonJS, the function itself': `module.exports = () => 'it';`,
  };
  for (const [form, text] of Object.entries(forms)) {
    const { module } = await load(t, {
      'main.ts': text,
      'it.ts': `export const it = 'it';`,
      'lib.ts': `export const InitModule = () => 'it';`,
    });
    assert.equal(module.InitModule!(), 'it', form);
  }
});

test('no InitModule is an error that names the file', async (t) => {
  for (const text of ['export const a = 1;', 'const a = 1;']) {
    const [problem] = await problemsOf(t, { 'main.ts': text });
    assert.equal(problem?.text, 'No InitModule in main.ts');
  }
});

test('modules run in strict mode', async (t) => {
  for (const exported of ['', 'export ']) {
    const { module } = await load(t, { 'main.js': `${exported}function InitModule() { return this === undefined; }` });
    assert.equal(module.InitModule?.call(undefined), true);
  }
});

test('npm packages are bundled: ES modules, CommonJS and conditional exports', async (t) => {
  const { module, outcome } = await load(t, {
    'main.ts': `import { esm } from 'esm-package';\nimport cjs from 'cjs-package';\nimport { sub } from '@scope/pkg/sub';
      export function InitModule() { return [esm, cjs.value, sub].join(); }`,
    'node_modules/esm-package/package.json': '{ "main": "main.js", "module": "module.js" }',
    'node_modules/esm-package/main.js': `exports.esm = 'main';`,
    'node_modules/esm-package/module.js': `export const esm = 'module';`,
    'node_modules/cjs-package/package.json': '{ "main": "lib" }',
    'node_modules/cjs-package/lib/index.js': `exports.value = 'cjs';`,
    'node_modules/@scope/pkg/package.json': '{ "exports": { "./sub": { "import": "./s.mjs", "require": "./s.cjs" } } }',
    'node_modules/@scope/pkg/s.mjs': `export const sub = 'sub';`,
    'node_modules/@scope/pkg/s.cjs': `throw new Error('not this one');`,
  });
  assert.equal(module.InitModule!(), 'module,cjs,sub');
  assert.deepEqual(
    outcome.files.map((file) => relative(outcome.discovery.folder, file)),
    ['main.ts'],
    'files of packages are not watched',
  );
});

test('JSON files, tsconfig paths and type-only imports are understood', async (t) => {
  const { module } = await load(t, {
    'tsconfig.json': '{ "compilerOptions": { "paths": { "@game/*": ["./src/game/*"] } } }',
    'src/main.ts': `import rules from './rules.json';\nimport type { Gone } from './types';\nimport { score } from '@game/score';
      export const InitModule = (): Gone => score(rules.points);`,
    'src/types.d.ts': 'export type Gone = number;',
    'src/rules.json': '{ "points": 3 }',
    'src/game/score.ts': 'export const score = (points: number) => points * 2;',
  });
  assert.equal(module.InitModule!(), 6);
});

test("nkruntime's constants are written into the code", async (t) => {
  const text =
    'InitModule() { return [nkruntime.Codes.NOT_FOUND, nkruntime.SortOrder.ASCENDING, Reason.PresenceReasonLeave]; }';
  for (const exported of ['', 'export ']) {
    const { module } = await load(t, {
      'main.ts': `import Reason = nkruntime.PresenceReason;\n${exported}function ${text}`,
    });
    assert.deepEqual([...(module.InitModule!() as unknown[])], [5, 'ascending', 3]);
  }
});

test('constants can be imported from the package of the types', async (t) => {
  const { module, outcome } = await load(t, {
    'main.ts': `import { Codes, type Context } from 'nk-server/runtime-api';
      export const InitModule = (_ctx: Context) => Codes.NOT_FOUND;`,
  });
  assert.equal(module.InitModule!(), 5);
  assert.equal(outcome.files.length, 1);
});

test('decorators work, though the engine has none yet', async (t) => {
  const { module } = await load(t, {
    'main.ts': `const twice = (method: () => number, _context: unknown) => () => method() * 2;
      class Dice { @twice roll() { return 3; } }
      export const InitModule = () => new Dice().roll();`,
  });
  assert.equal(module.InitModule!(), 6);
});

test('an await at the top level is refused', async (t) => {
  const [problem] = await problemsOf(t, { 'main.ts': `await 0;\nexport const InitModule = () => {};` });
  assert.partialDeepStrictEqual(problem, { line: 1, column: 1, text: 'A module cannot await at its top level' });
});

test('scripts of a tsconfig.json share one scope', async (t) => {
  const { module, outcome } = await load(t, program);
  assert.deepEqual([...(module.InitModule!() as unknown[])], [1, 4, 0]);
  assert.equal(outcome.bundles.length, 1);
});

test('with read-only globals a script lists what its vars and functions hold, but not what a let holds', async (t) => {
  const { module, globals } = await load(t, program, { readOnlyGlobals: true });
  assert.ok(globals.includes(module.InitModule));
  assert.ok(globals.some((value) => (value as { rounds?: number }).rounds === 1));
  assert.ok(!globals.some(Array.isArray));
});

test('a module shares no name with the global object; with read-only globals it lists what it holds', async (t) => {
  const files = {
    'main.ts': `import { a } from './a';\nvar state = { a };\nexport function InitModule() { return state; }`,
    'a.ts': 'export const a = 1;',
  };
  const usual = await load(t, files);
  assert.deepEqual(Object.getOwnPropertyNames(usual.scope), ['__nkModule']);
  const readOnly = await load(t, files, { readOnlyGlobals: true });
  assert.ok(readOnly.globals.includes(readOnly.module.InitModule!()));
});

test('names of a program that clash are told at the build', async (t) => {
  const folder = await moduleFolder(t, {
    'tsconfig.json': '{ "files": ["main.ts", "b.ts"] }',
    'main.ts': 'let twice = 1; function InitModule() {}',
    'b.ts': 'let twice = 2;',
  });
  await assert.rejects(bundleModules(folder), /'twice' has already been declared/);
});

test('two InitModules in one program are an error', async (t) => {
  const [problem] = await problemsOf(t, {
    'tsconfig.json': '{}',
    'a.ts': 'function InitModule() {}',
    'b.ts': 'async function InitModule() {}',
  });
  assert.match(problem?.text ?? '', /^InitModule is declared in a\.ts and b\.ts/);
});

test('a part of Node.js is refused at the import, with what to use instead', async (t) => {
  const problems = await problemsOf(t, {
    'main.ts': `const é = 1; import fs from 'fs';\nimport { join } from 'node:path';\nexport const InitModule = () => [é, fs, join];`,
  });
  assert.partialDeepStrictEqual(problems[0], {
    file: 'main.ts',
    line: 1,
    column: 29,
    text: '"fs" is a part of Node.js, and modules have no Node API',
  });
  assert.match(problems[0]?.hint ?? '', /nk\.fileRead/);
  assert.match(problems[0]?.frame ?? '', /> 1 \| const é = 1; import fs from 'fs';\n {4}\| {29}\^{4}/);
  assert.partialDeepStrictEqual(problems[1], { line: 2, column: 22 });
});

test('a package that needs Node.js or a native addon is named', async (t) => {
  const problems = await problemsOf(t, {
    'main.ts': `import native from 'native-package';\nexport const InitModule = () => native;`,
    'node_modules/native-package/index.js': `require('os');\nmodule.exports = require('./build.node');`,
    'node_modules/native-package/build.node': '',
  });
  assert.match(problems[0]?.text ?? '', /"os" is a part of Node\.js/);
  assert.match(problems[0]?.hint ?? '', /the package native-package/);
  assert.match(problems[1]?.text ?? '', /build\.node is a native addon/);
});

test('a package of the name of a Node module, installed beside the modules, is used', async (t) => {
  const { module } = await load(t, {
    'main.ts': `import { EventEmitter } from 'events';\nexport const InitModule = () => EventEmitter;`,
    'node_modules/events/index.js': `exports.EventEmitter = 'pure';`,
  });
  assert.equal(module.InitModule!(), 'pure');
});

test('a package that tries Node first and does without is bundled', async (t) => {
  const { module } = await load(t, {
    'main.ts': `import value from 'careful';\nexport const InitModule = () => value;`,
    'node_modules/careful/index.js': `try { module.exports = require('crypto').x; } catch { module.exports = 'without'; }`,
  });
  assert.equal(module.InitModule!(), 'without');
});

test('missing files and packages are told apart', async (t) => {
  const problems = await problemsOf(t, {
    'main.ts': `import a from './gone';\nimport b from '@scope/gone/deep';\nexport const InitModule = () => [a, b];`,
  });
  assert.equal(problems[0]?.text, 'There is no file "./gone"');
  assert.equal(problems[1]?.hint, 'Install it beside the modules: npm install @scope/gone');
});

test('a bundler builds again with what changed, each time as a new version', async (t) => {
  const folder = await moduleFolder(t, {
    'main.ts': `import { value } from './value';\nexport const InitModule = () => value;`,
    'value.ts': 'export const value = 1;',
  });
  const bundler = new ModuleBundler(folder);
  t.after(() => bundler.close());
  const first = (await bundler.build()).bundles[0]!;
  await writeFiles(folder, { 'value.ts': 'export const value = 2;' });
  const second = (await bundler.build()).bundles[0]!;
  assert.deepEqual([run(first.code).module.InitModule!(), run(second.code).module.InitModule!()], [1, 2]);
  assert.deepEqual([first.version, second.version], [1, 2]);

  await writeFiles(folder, { 'value.ts': 'export const value = ;' });
  await assert.rejects(bundler.build(), ModuleBuildError);
  await writeFiles(folder, { 'value.ts': 'export const value = 3;' });
  assert.equal(run((await bundler.build()).bundles[0]!.code).module.InitModule!(), 3);
});

test('a folder and files reached by links are those they lead to', async (t) => {
  const real = await moduleFolder(t, {
    'main.ts': `import { it } from './it';\nfunction InitModule() { return it; }`,
    'it.ts': `export const it = 'it';`,
  });
  const link = join(await moduleFolder(t, {}), 'link');
  await symlink(real, link, 'junction');
  const { bundles, files } = await bundleModules(link);
  assert.equal(run(bundles[0]!.code).module.InitModule!(), 'it');
  assert.ok(files.includes(join(real, 'main.ts')));
  assert.ok(bundles[0]!.positions.source('main.ts'));
});

test('a file that an editor saved as UTF-16 is told from one with a mistake', async (t) => {
  const folder = await moduleFolder(t, {});
  await writeFile(join(folder, 'main.ts'), '\ufeffexport const InitModule = () => 1;', 'utf16le');
  await assert.rejects(
    bundleModules(folder),
    /^ModuleBuildError: main\.ts:1:1: The file is not UTF-8(.*\n)*.*save it as UTF-8/,
  );
});
