import assert from 'node:assert/strict';
import { test } from 'node:test';
import { moduleFolder } from '../support/module-folder.ts';
import { nk } from './run-nk.ts';

/** A module whose InitModule has this body. */
function moduleOf(body: string): string {
  return `export function InitModule(
  ctx: nkruntime.Context, _logger: nkruntime.Logger, nk: nkruntime.Nakama, initializer: nkruntime.Initializer,
): void {
  ${body}
}
`;
}

test('modules that would serve: what they register, in isolates and with the settings of nk serve', async (t) => {
  const folder = await moduleFolder(t, {
    'main.ts': moduleOf(`initializer.registerRpc(ctx.env['RPC'] ?? '', () => nk.uuidv4());`),
  });
  const { code, stdout } = await nk('check', folder, '--runtime.env', 'RPC=hello');
  assert.equal(code, 0, stdout);
  assert.match(stdout, /\n {2}RPC {2}hello {2}main\.ts:4\n/);
});

test('an InitModule that throws ends with 1 and the place in the TypeScript', async (t) => {
  const folder = await moduleFolder(t, { 'main.ts': moduleOf(`throw new Error('no gold today');`) });
  const { code, stdout } = await nk('check', '--modules', folder);
  assert.equal(code, 1);
  assert.match(stdout, /Error: no gold today\n {4}at InitModule \(main\.ts:4:9\)\n[\s\S]*> 4 \| {3}throw new Error/);
});

test('what cannot be bundled ends with 1 and a code frame', async (t) => {
  const folder = await moduleFolder(t, { 'main.ts': `import 'node:fs';\n${moduleOf('')}` });
  const { code, stdout } = await nk('check', folder);
  assert.equal(code, 1);
  assert.match(stdout, /main\.ts:1:\d+: "node:fs" is a part of Node\.js[\s\S]*> 1 \| import 'node:fs';/);
});
