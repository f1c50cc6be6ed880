import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { checkModules, type LoadModules } from '../../src/cli/check-modules.ts';
import { moduleFolder } from '../support/module-folder.ts';

const loadNothing: LoadModules = async () => ({ registrations: [], unimplemented: [] });

/** The report of a check and whether it was good. */
async function check(folder: string, loadModules: LoadModules = loadNothing, types = true) {
  const lines: string[] = [];
  const good = await checkModules({ folder, types, loadModules, print: (line) => lines.push(line) });
  return { good, report: lines.join('\n') };
}

const main = `export function InitModule(
  _ctx: nkruntime.Context, _logger: nkruntime.Logger, _nk: nkruntime.Nakama, initializer: nkruntime.Initializer,
): void {
  initializer.registerRpc('hello', () => 'hi');
}
`;

test('good modules: which they are, that their types are right, and what they register', async (t) => {
  const folder = await moduleFolder(t, { 'main.ts': main });
  const { good, report } = await check(folder, async (outcome) => {
    assert.equal(outcome.bundles.length, 1);
    return {
      registrations: [
        { kind: 'rpc', name: 'hello', module: 'game', place: 'main.ts:4' },
        { kind: 'rtBefore', name: 'ChannelMessageSend', module: 'game' },
      ],
      unimplemented: [],
    };
  });
  assert.ok(good);
  assert.match(report, /^modules {3}main\.ts\ntypes {5}ok \(TypeScript \S+\)\n/);
  assert.match(report, / RPC {14}hello {15}main\.ts:4\n {2}before \(socket\) {2}ChannelMessageSend {2}game$/);
  assert.deepEqual(await readdir(folder), ['main.ts'], 'nothing is left behind');
});

test('a mistake in types is shown at its place, and nothing is loaded', async (t) => {
  const folder = await moduleFolder(t, { 'main.ts': main.replace(`'hello', () => 'hi'`, `'hello', () => 42`) });
  const { good, report } = await check(folder, () => assert.fail('loaded'));
  assert.ok(!good);
  assert.match(report, /main\.ts:4:\d+: TS\d+: .*\n(.*\n)*> 4 \| {3}initializer\.registerRpc/);
});

test('a folder without a tsconfig knows the types of modules, also beside an installed nk', async (t) => {
  const folder = await moduleFolder(t, {
    'main.ts': main,
    'node_modules/nk-server/package.json': '{"name":"nk-server"}',
  });
  const { good, report } = await check(folder);
  assert.ok(good, report);
});

test('types can be left out, and JavaScript has none', async (t) => {
  const wrong = await moduleFolder(t, { 'main.ts': 'const x: number = "text";\nexport const InitModule = () => x;' });
  assert.ok((await check(wrong, loadNothing, false)).good);
  const script = await moduleFolder(t, { 'index.js': 'function InitModule() {}' });
  const { good, report } = await check(script);
  assert.ok(good);
  assert.match(report, /types {5}not checked/);
});

test('a tsconfig.json that the compiler refuses is named, and shown where it is no JSON', async (t) => {
  const lost = await check(await moduleFolder(t, { 'main.ts': main, 'tsconfig.json': '{ "extends": "./gone.json" }' }));
  assert.ok(!lost.good);
  assert.match(lost.report, /^tsconfig\.json: TS\d+: .*gone\.json/m);
  const cut = await check(
    await moduleFolder(t, {
      'main.ts': main,
      'tsconfig.json': '{\n  // strict\n  "compilerOptions": { "strict": tru }\n}',
    }),
  );
  assert.ok(!cut.good);
  assert.match(cut.report, /^tsconfig\.json:3:\d+: (.*\n)*> 3 \|/);
});

test('a program of scripts for an old compiler is checked by a new one', async (t) => {
  const folder = await moduleFolder(t, {
    'tsconfig.json':
      '{ "files": ["main.ts", "b.ts"], "compilerOptions": { "target": "es5", "outFile": "o.js", "strict": true } }',
    'main.ts': 'function InitModule(ctx: nkruntime.Context) { greet(ctx.userId); }',
    'b.ts': 'function greet(name: string) { return name; }',
  });
  const { good, report } = await check(folder);
  assert.ok(!good);
  assert.match(report, /^modules {3}2 scripts of tsconfig\.json\nmain\.ts:1:\d+: TS2345/);
});

test("the project's own compiler is used, with its own settings", async (t) => {
  const folder = await moduleFolder(t, {
    'main.ts': main,
    'tsconfig.json': '{}',
    'node_modules/typescript/package.json': '{ "version": "1.2.3" }',
    'node_modules/typescript/bin/tsc': `console.log('main.ts(4,3): error TS9999: ' + process.argv.slice(2).join(' '));\nprocess.exit(2);`,
  });
  const { good, report } = await check(folder);
  assert.ok(!good);
  assert.match(report, /main\.ts:4:3: TS9999: -p tsconfig\.json --noEmit/);
});

test('what cannot be bundled is shown instead of types', async (t) => {
  const folder = await moduleFolder(t, { 'main.ts': `import fs from 'fs';\nexport const InitModule = () => fs;` });
  const { good, report } = await check(folder);
  assert.ok(!good);
  assert.match(report, /^main\.ts:1:16: "fs" is a part of Node\.js/);
});

test('an empty folder is one line', async (t) => {
  const { good, report } = await check(await moduleFolder(t, {}));
  assert.ok(!good);
  assert.match(report, /^There are no modules in [^\n]*$/);
});

test('an InitModule that fails is shown where it failed', async (t) => {
  const folder = await moduleFolder(t, { 'main.ts': main });
  const { good, report } = await check(folder, async ({ bundles }) => {
    const { code, fileName } = bundles[0]!;
    const lines = code.slice(0, code.indexOf('initializer.registerRpc')).split('\n');
    const error = new Error('out of cheese');
    error.stack = `Error: out of cheese\n    at InitModule (${fileName}:${lines.length}:${lines.at(-1)!.length + 1})`;
    throw error;
  });
  assert.ok(!good);
  assert.match(report, /\nError: out of cheese\n {4}at InitModule \(main\.ts:4:3\)\n\n(.*\n)*> 4 \| {3}initializer/);
});

test('functions that the server does not have are warned of where they are first used, not in comments', async (t) => {
  const folder = await moduleFolder(t, {
    'main.js': `// nk.satori() is for later
function InitModule(ctx, logger, nk, initializer) {
  logger.info('see // nk.satori');
  const text = "http://x"; nk.async.futureThing(text);
  nk.futureThing();
  nk.uuidv4();
}
`,
  });
  const { good, report } = await check(folder, async () => ({
    registrations: [],
    unimplemented: ['futureThing', 'satori'],
  }));
  assert.ok(good);
  assert.match(report, /warning: main\.js:4:37: nk\.futureThing is not implemented/);
  assert.equal(report.match(/warning/g)?.length, 2);
});

test('what is probably a mistake is warned of', async (t) => {
  const folder = await moduleFolder(t, {
    'main.js': `export const InitModule = () => ({ a: 1, a: 2 });`,
  });
  const { good, report } = await check(folder);
  assert.ok(good);
  assert.match(report, /warning: main\.js:1:42: Duplicate key "a"/);
});

test('the examples are right as they stand', async () => {
  const { good, report } = await check(fileURLToPath(new URL('../../examples/modules/', import.meta.url)));
  assert.ok(good, report);
  assert.match(report, /types {5}ok/);
});
