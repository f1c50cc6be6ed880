import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { silentLog } from '../../../src/observability/log.ts';
import { ModuleBundler } from '../../../src/runtime/bundle/bundler.ts';
import { startModuleHost } from '../../../src/runtime/host/index.ts';
import { ModuleReloader } from '../../../src/runtime/reload/module-reloader.ts';
import { moduleFolder, writeFiles } from '../../support/module-folder.ts';

const stopGraceMs = 1000;
const waitLimitMs = 20_000;
const nobody = { contextText: '{}' };

/** A module whose RPC `version` answers this; InitModule fails with `broken`. */
function moduleText(answer: string): string {
  const failure = answer === 'broken' ? `  throw new Error('not today');\n` : '';
  return `import { answer } from './answer';

export function InitModule(_ctx: unknown, _logger: unknown, _nk: unknown, initializer: nkruntime.Initializer): void {
${failure}  initializer.registerRpc('version', () => answer + ' ${answer}');
}
`;
}

/** Modules in real isolates, reloaded when saved; `next` waits for the next line of the log. */
async function serving(t: TestContext) {
  const folder = await moduleFolder(t, {
    'main.ts': moduleText('one'),
    'answer.ts': `export const answer = 'version';`,
  });
  const bundler = new ModuleBundler(folder);
  const outcome = await bundler.build();
  const host = await startModuleHost({
    bundles: outcome.bundles,
    functions: [],
    node: 'test',
    version: 'test',
    hookNames: [],
    workerCount: 1,
    log: silentLog,
  });
  const lines = new EventEmitter();
  const write = (...line: unknown[]): void => void lines.emit('line', line.at(-1));
  const reloader = new ModuleReloader({
    bundler,
    apply: ({ bundles }) => host.replace(bundles),
    log: { info: write, error: write },
  });
  t.after(async () => {
    await reloader.stop();
    await bundler.close();
    await host.stop(stopGraceMs);
  });
  await reloader.start(outcome);
  const next = async (): Promise<string> =>
    (await once(lines, 'line', { signal: AbortSignal.timeout(waitLimitMs) }))[0];
  return { folder, host, next };
}

test('a save changes what calls run, and a broken one does not', async (t) => {
  const { folder, host, next } = await serving(t);
  assert.equal(await host.rpc('version', nobody, ''), 'version one');

  let line = next();
  await writeFiles(folder, { 'main.ts': moduleText('two') });
  assert.match(await line, /^reloaded main\.ts/);
  assert.equal(await host.rpc('version', nobody, ''), 'version two');

  line = next();
  await writeFiles(folder, { 'main.ts': moduleText('broken') });
  assert.match(
    await line,
    /^not reloaded.*\nError: not today\n {4}at InitModule \(main\.ts:4:9\)\n\n(.*\n)*> 4 \| {3}throw/,
  );
  assert.equal(await host.rpc('version', nobody, ''), 'version two');

  line = next();
  await writeFiles(folder, { 'main.ts': moduleText('three') });
  assert.match(await line, /^reloaded main\.ts/);
  assert.equal(await host.rpc('version', nobody, ''), 'version three');
});

test('a folder in whose place another is put at once, as compilers do, goes on being watched', async (t) => {
  const { folder, host, next } = await serving(t);
  for (const answer of ['two', 'three', 'four']) {
    const line = next();
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    writeFileSync(join(folder, 'answer.ts'), `export const answer = 'version';`);
    writeFileSync(join(folder, 'main.ts'), moduleText(answer));
    assert.match(await line, /^reloaded /);
    assert.equal(await host.rpc('version', nobody, ''), `version ${answer}`);
  }
});
