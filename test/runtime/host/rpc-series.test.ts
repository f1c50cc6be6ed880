import assert from 'node:assert/strict';
import test from 'node:test';
import { moduleFunction } from '../../../src/runtime/module-function.ts';
import type { RpcSeries } from '../../../src/runtime/module-host.ts';
import { text } from '../../../src/runtime/parameters.ts';
import { answered } from '../attacks/support.ts';
import { gameHost, hostFor, moduleOf, nobody } from './support.ts';

/** Handlers that say when they begin and end, each ending in another way. */
const HANDLERS = `
  initializer.registerRpc('quick', (c, l, nk, name) => { nk.say('+' + name); nk.say('-' + name); return name; });
  initializer.registerRpc('parked', (c, l, nk, name) => { nk.say('+' + name); nk.pause(); nk.say('-' + name); return name; });
  initializer.registerRpc('later', async (c, l, nk, name) => {
    nk.say('+' + name);
    await new Promise((resolve) => setTimeout(resolve, 20));
    nk.say('-' + name);
    return name;
  });
  initializer.registerRpc('throws', (c, l, nk, name) => { nk.say('+' + name); nk.say('-' + name); throw { message: name, code: 3 }; });
  initializer.registerRpc('loop', () => { while (true); });`;

function recorded() {
  const said: string[] = [];
  const say = moduleFunction('say', [['word', text()]], (_call, word) => void said.push(word), {
    deferredWhen: 'always',
  });
  const pause = moduleFunction('pause', [], () => new Promise<void>((resolve) => setTimeout(resolve, 20)));
  return { said, functions: [say, pause] };
}

/** Calls one RPC after another without waiting; resolves to the answers, an error as its message. */
function callAll(series: RpcSeries, ids: readonly string[]): Promise<string[]> {
  return Promise.all(
    ids.map((id, i) => series.call(id, nobody, `${id}${i}`).catch((error: unknown) => (error as Error).message)),
  );
}

test('RPCs of one series begin in their order, each when the one before it has ended', async (t) => {
  const { said, functions } = recorded();
  const { host } = await gameHost(t, HANDLERS, { functions });
  const ids = ['later', 'quick', 'quick', 'parked', 'throws', 'later', 'parked', 'quick'];
  const names = ids.map((id, i) => `${id}${i}`);
  // Thrice: handlers are treated otherwise once they are known to wait.
  for (let round = 0; round < 3; round++) {
    said.length = 0;
    assert.deepEqual(await callAll(host.rpcSeries(), ids), names);
    assert.deepEqual(
      said,
      names.flatMap((name) => [`+${name}`, `-${name}`]),
    );
  }
});

test('one series does not wait for another', async (t) => {
  const { host } = await gameHost(t, HANDLERS, { functions: recorded().functions });
  const order: string[] = [];
  const slow = callAll(host.rpcSeries(), ['later', 'later', 'later']).then(() => order.push('slow'));
  const fast = callAll(host.rpcSeries(), ['quick', 'quick', 'quick']).then(() => order.push('fast'));
  await Promise.all([slow, fast]);
  assert.deepEqual(order, ['fast', 'slow']);
});

test('a series goes on after a call that was ended by a limit', async (t) => {
  const { said, functions } = recorded();
  const { host } = await gameHost(t, HANDLERS, { functions, limits: { callCpuMs: 200 } });
  const answers = await callAll(host.rpcSeries(), ['quick', 'loop', 'quick', 'quick']);
  assert.match(answers.splice(1, 1)[0]!, /limit callCpuMs/);
  assert.deepEqual(answers, ['quick0', 'quick2', 'quick3']);
  assert.deepEqual(said, ['+quick0', '-quick0', '+quick2', '-quick2', '+quick3', '-quick3']);
});

test('a series goes on after a call that waited too long', async (t) => {
  const never = moduleFunction('never', [], () => new Promise(() => {}));
  const { host } = await gameHost(
    t,
    `initializer.registerRpc('stuck', (c, l, nk) => nk.async.never());
     initializer.registerRpc('parked', (c, l, nk) => nk.never());
     initializer.registerRpc('quick', () => 'quick');`,
    { functions: [never], limits: { callTimeMs: 300 } },
  );
  for (const id of ['stuck', 'parked', 'stuck', 'parked']) {
    const [first, second] = await callAll(host.rpcSeries(), [id, 'quick']);
    assert.match(first!, /limit callTimeMs/);
    assert.equal(second, 'quick');
  }
});

test('a series admits calls of the module that it is in, while there are few; an idle one admits any', async (t) => {
  const other = moduleOf('other', `initializer.registerRpc('elsewhere', () => 'there');`);
  const { host } = await hostFor(t, [moduleOf('game', HANDLERS), other], { functions: recorded().functions });
  const series = host.rpcSeries();
  assert.deepEqual([series.admits('quick'), series.admits('elsewhere'), series.admits('unknown')], [true, true, false]);
  const answers: Promise<string>[] = [];
  while (series.admits('LATER')) {
    answers.push(series.call('later', nobody, ''));
    assert.equal(series.admits('elsewhere'), false);
  }
  assert.ok(answers.length > 1);
  await Promise.all(answers);
  assert.ok(series.admits('elsewhere'));
});

test('calls on new modules wait until those on the old ones have ended', async (t) => {
  const { promise, resolve: open } = Promise.withResolvers<void>();
  const gate = moduleFunction('gate', [], () => promise);
  const version = (n: number) =>
    moduleOf(
      'game',
      `initializer.registerRpc('version', () => '${n}');
       initializer.registerRpc('held', (c, l, nk) => { nk.gate(); return '${n}'; });`,
    );
  const { host } = await hostFor(t, [version(1)], { functions: [gate] });
  const series = host.rpcSeries();
  const held = series.call('held', nobody, '');
  const behind = series.call('version', nobody, '');
  assert.ok(series.admits('version'));
  await host.replace([version(2)]);
  assert.equal(series.admits('version'), false);
  open();
  assert.deepEqual(await Promise.all([held, behind]), ['1', '1']);
  assert.equal(await series.call('version', nobody, ''), '2');
});

test('a series goes on when its worker was killed', async (t) => {
  const { host } = await gameHost(t, HANDLERS, { functions: recorded().functions });
  const series = host.rpcSeries();
  const cut = Promise.allSettled([series.call('later', nobody, ''), series.call('quick', nobody, '')]);
  process.kill(host.workerPids()[0]!, 'SIGKILL');
  assert.deepEqual(
    (await cut).map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  assert.ok(series.admits('quick'));
  assert.equal(await answered(host, 'quick'), 'still here');
  assert.equal(await series.call('quick', nobody, 'q'), 'q');
});
