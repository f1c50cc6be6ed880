import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RuntimeHost } from '../../../src/runtime/host/index.ts';
import { moduleFunction } from '../../../src/runtime/module-function.ts';
import { gameHost, hostFor, moduleOf, nobody } from './support.ts';

const index = `initializer.registerStorageIndex('heroes', 'saves', null, ['level'], ['level'], 100);`;

test('a storage index is registered with what it was given', async (t) => {
  const { host } = await gameHost(t, index);
  const [registration] = host.registrations();
  assert.deepEqual(registration, {
    kind: 'storageIndex',
    name: 'heroes',
    module: 'game',
    place: 'game.js:5',
    data: ['heroes', 'saves', null, ['level'], ['level'], 100, null],
  });
});

test('indexes are told apart by case, and one name has one index', async (t) => {
  const { host } = await gameHost(t, `${index}\n${index.replace('heroes', 'Heroes')}`);
  assert.deepEqual(
    host.registrations().map(({ name }) => name),
    ['heroes', 'Heroes'],
  );
  await assert.rejects(hostFor(t, [moduleOf('twice', `${index}\n${index}`)]), /there is an index heroes already/);
});

test('a filter gets the object and answers true or false', async (t) => {
  const filter = `initializer.registerStorageIndexFilter('heroes', (ctx, logger, nk, write) => write.value.level > 5);`;
  const { host } = await gameHost(t, filter);
  const hook = host.hook('storageIndexFilter', 'heroes')!;
  assert.equal(await hook.call(nobody, '{"value":{"level":6}}'), 'true');
  assert.equal(await hook.call(nobody, '{"value":{"level":5}}'), 'false');
  assert.equal(host.hook('storageIndexFilter', 'Heroes'), undefined);
});

test('a filter runs while every isolate waits for it', async (t) => {
  let host: RuntimeHost | undefined;
  const ask = moduleFunction('storageIndexList', [], () =>
    host!.hook('storageIndexFilter', 'heroes')!.call(nobody, '{}'),
  );
  const init = `
    initializer.registerStorageIndexFilter('heroes', () => true);
    initializer.registerRpc('list', (ctx, logger, nk) => nk.storageIndexList());`;
  ({ host } = await gameHost(t, init, { functions: [ask], limits: { isolatesPerModule: 1 } }));
  const answers = await Promise.all(Array.from({ length: 5 }, () => host!.rpc('list', nobody, '')));
  assert.deepEqual(answers, Array(5).fill('true'));
});
