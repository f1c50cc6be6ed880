import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { silentLog } from '../../../src/observability/log.ts';
import { bundleModules } from '../../../src/runtime/bundle/bundler.ts';
import { startModuleHost } from '../../../src/runtime/host/index.ts';
import { moduleFunction } from '../../../src/runtime/module-function.ts';

const stopGraceMs = 1000;
const examples = fileURLToPath(new URL('../../../examples/modules/', import.meta.url));

test('the examples load into isolates, and an npm package works in one', async (t) => {
  const { bundles } = await bundleModules(examples);
  const host = await startModuleHost({
    bundles,
    functions: [moduleFunction('leaderboardCreate', [], () => undefined)],
    node: 'test',
    version: 'test',
    hookNames: ['AuthenticateDevice', 'AuthenticateCustom', 'AuthenticateEmail', 'CreateGroup', 'WriteStorageObjects'],
    workerCount: 1,
    log: silentLog,
  });
  t.after(() => host.stop(stopGraceMs));

  const places = new Map(
    host.registrations().map(({ kind, name, place }) => [`${kind} ${name}`, place?.split(':')[0]]),
  );
  assert.equal(places.get('rtBefore ChannelMessageSend'), 'chat-filter.ts');
  assert.equal(places.get('after AuthenticateDevice'), 'welcome.ts');
  assert.equal(places.get('before CreateGroup'), 'guarded-groups.ts');

  const player = { contextText: '{"userId":"6f1f0e6e-6b0c-4f0e-9d8f-2f1d5a3c7b11"}' };
  assert.equal(await host.rpc('purchase_price', player, '{"item":"map","amount":3}'), '{"gold":36}');
  await assert.rejects(host.rpc('purchase_price', player, '{"item":"mop","amount":1}'), {
    code: 3,
    message: /^item: /,
  });
});

test('the chat filter masks mild words and refuses others', async (t) => {
  const { bundles } = await bundleModules(examples, { entry: 'chat-filter.ts' });
  const host = await startModuleHost({
    bundles,
    functions: [],
    node: 'test',
    version: 'test',
    hookNames: [],
    workerCount: 1,
    log: silentLog,
  });
  t.after(() => host.stop(stopGraceMs));
  const filter = (text: string) =>
    host
      .hook('rtBefore', 'ChannelMessageSend')!
      .call(
        { contextText: '{}' },
        JSON.stringify({ cid: '1', channelMessageSend: { content: JSON.stringify({ text }) } }),
      );

  const passed = JSON.parse((await filter('Heck, what a game'))!);
  assert.deepEqual(JSON.parse(passed.channelMessageSend.content), { text: '****, what a game' });
  assert.equal(passed.cid, '1');
  await assert.rejects(filter('a slur'), { code: 3, message: 'mind your language' });
});
