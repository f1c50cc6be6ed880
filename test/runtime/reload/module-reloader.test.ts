import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type BuildOutcome, ModuleBundler } from '../../../src/runtime/bundle/bundler.ts';
import { ModuleReloader } from '../../../src/runtime/reload/module-reloader.ts';
import { moduleFolder, writeFiles } from '../../support/module-folder.ts';

const waitLimitMs = 10_000;

/** A reloader over a folder; `next` waits for its next line of log. */
async function reloading(
  t: TestContext,
  files: Record<string, string>,
  apply: (outcome: BuildOutcome) => Promise<void> = async () => {},
) {
  const folder = await moduleFolder(t, files);
  const bundler = new ModuleBundler(folder);
  const lines = new EventEmitter();
  const write = (...line: unknown[]): void => void lines.emit('line', line.at(-1));
  const applied: BuildOutcome[] = [];
  const reloader = new ModuleReloader({
    bundler,
    apply: async (outcome) => {
      await apply(outcome);
      applied.push(outcome);
    },
    log: { info: write, error: write },
  });
  t.after(async () => {
    await reloader.stop();
    await bundler.close();
  });
  await reloader.start(await bundler.build());
  const next = async (): Promise<string> =>
    (await once(lines, 'line', { signal: AbortSignal.timeout(waitLimitMs) }))[0];
  return { folder, reloader, applied, next };
}

const main = (value: string): string =>
  `import { value } from './value';\nexport const InitModule = () => [value, ${value}];\n`;

test('a save is built, applied and told in one line', async (t) => {
  const { folder, applied, next } = await reloading(t, { 'main.ts': main('1'), 'value.ts': 'export const value = 1;' });
  const line = next();
  await writeFiles(folder, { 'value.ts': 'export const value = 2;' });
  assert.match(await line, /^reloaded value\.ts in \d+ ms$/);
  assert.match(applied[0]!.bundles[0]!.code, /value = 2/);
});

test('a save by way of a new file and a rename, as some editors do it, is one', async (t) => {
  const { folder, applied, next } = await reloading(t, { 'main.ts': main('1'), 'value.ts': 'export const value = 1;' });
  const line = next();
  await writeFiles(folder, { '.value.ts.tmp': 'export const value = 3;' });
  await rename(join(folder, '.value.ts.tmp'), join(folder, 'value.ts'));
  assert.match(await line, /^reloaded value\.ts/);
  assert.equal(applied.length, 1);
});

test('a broken save leaves the old serving and shows its frame; the same again is one line; a good one goes live', async (t) => {
  const { folder, applied, reloader, next } = await reloading(t, {
    'main.ts': main('1'),
    'value.ts': 'export const value = 1;',
  });
  let line = next();
  await writeFiles(folder, { 'value.ts': 'export const value = ;' });
  assert.match(await line, /^not reloaded.*\nvalue\.ts:1:22: .*\n> 1 \| export const value = ;\n/);
  line = next();
  await reloader.reload();
  assert.match(await line, /\nas before: value\.ts:1:22: [^\n]*$/);
  assert.equal(applied.length, 0);
  line = next();
  await writeFiles(folder, { 'value.ts': 'export const value = 2;' });
  assert.match(await line, /^reloaded/);
});

test('an InitModule that fails leaves the old serving', async (t) => {
  let broken = true;
  const { applied, reloader, next } = await reloading(
    t,
    { 'main.ts': main('1'), 'value.ts': 'export const value = 1;' },
    async () => {
      if (broken) throw new Error('InitModule: out of cheese');
    },
  );
  let line = next();
  await reloader.reload();
  assert.match(await line, /not reloaded.*\nInitModule: out of cheese$/);
  broken = false;
  line = next();
  await reloader.reload();
  assert.match(await line, /^reloaded the modules/);
  assert.equal(applied.length, 1);
});

test('changes during a reload bring exactly one more', async (t) => {
  const gate = new EventEmitter();
  let calls = 0;
  const { reloader } = await reloading(t, { 'main.ts': main('1'), 'value.ts': 'export const value = 1;' }, async () => {
    calls++;
    if (calls === 1) await once(gate, 'open');
  });
  const first = reloader.reload();
  const during = [reloader.reload(), reloader.reload(), reloader.reload()];
  gate.emit('open');
  while (calls === 0) await new Promise((done) => setImmediate(done));
  gate.emit('open');
  await Promise.all([first, ...during]);
  assert.equal(calls, 2);
});

test('a save that changes no code is not applied', async (t) => {
  const { folder, applied, reloader } = await reloading(t, {
    'main.ts': main('1'),
    'value.ts': 'export const value = 1;',
  });
  await reloader.reload(new Set([join(folder, 'notes.txt')]));
  assert.equal(applied.length, 0);
});

test('with all files gone the old goes on serving, and a new file goes live', async (t) => {
  const { folder, applied, next } = await reloading(t, { 'main.ts': 'export const InitModule = () => 1;' });
  let line = next();
  await rm(join(folder, 'main.ts'));
  assert.match(await line, /not reloaded.*\nThere are no modules in/);
  line = next();
  await writeFiles(folder, { 'index.js': 'function InitModule() { return 2; }' });
  assert.match(await line, /^reloaded index\.js/);
  assert.equal(applied.length, 1);
});

test('files that modules import from outside the folder are watched too', async (t) => {
  const outside = await moduleFolder(t, { 'shared.ts': 'export const value = 1;' });
  const { applied, next } = await reloading(t, {
    'main.ts': `import { value } from ${JSON.stringify(join(outside, 'shared'))};\nexport const InitModule = () => value;`,
  });
  const line = next();
  await writeFiles(outside, { 'shared.ts': 'export const value = 5;' });
  await line;
  assert.match(applied[0]!.bundles[0]!.code, /value = 5/);
});
