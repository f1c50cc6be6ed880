import assert from 'node:assert/strict';
import test from 'node:test';
import { ModuleError } from '../../../src/runtime/host/index.ts';
import { moduleFunction } from '../../../src/runtime/module-function.ts';
import { answered } from '../attacks/support.ts';
import { gameHost, hostFor, moduleOf, nobody } from './support.ts';

/** Version `n` of a module whose calls take a moment. */
const version = (n: number) =>
  moduleOf(
    'game',
    `initializer.registerRpc('version', async () => { await new Promise((resolve) => setTimeout(resolve, 20)); return '${n}'; });
     initializer.registerRpc('only${n}', () => '');`,
  );

test('new modules take over in one step; calls under way end on the old ones', async (t) => {
  const { host } = await hostFor(t, [version(1)]);
  const before = Array.from({ length: 100 }, () => host.rpc('version', nobody, ''));
  await host.replace([version(2)]);
  assert.equal(await host.rpc('version', nobody, ''), '2');
  assert.deepEqual(new Set(await Promise.all(before)), new Set(['1']));
  assert.equal(host.hasRpc('only1'), false);
  assert.equal(host.hasRpc('only2'), true);
});

test('calls that come during a replacement are all answered', async (t) => {
  const { host } = await hostFor(t, [version(1)]);
  const replaced = host.replace([version(2)]).then(() => true);
  const answers: Promise<string>[] = [];
  for (let done = false; !done; ) {
    answers.push(host.rpc('version', nobody, ''));
    done = await Promise.race([replaced, new Promise<false>((resolve) => setTimeout(() => resolve(false), 1))]);
  }
  for (const answer of await Promise.all(answers)) assert.match(answer, /^[12]$/);
});

test('modules that do not start leave the old ones serving', async (t) => {
  const { host } = await hostFor(t, [version(1)]);
  await assert.rejects(host.replace([moduleOf('game', 'null.x;')]), ModuleError);
  await assert.rejects(host.replace([version(2), moduleOf('other', '', 'null.x;')]), ModuleError);
  assert.equal(await host.rpc('version', nobody, ''), '1');
  assert.equal(host.hasRpc('only1'), true);
  await host.replace([version(3)]);
  assert.equal(await host.rpc('version', nobody, ''), '3');
});

test('a worker that is killed is replaced, and its calls are answered with an error', async (t) => {
  const { host, log } = await hostFor(t, [version(1)]);
  const [pid] = host.workerPids();
  const cut = host.rpc('version', nobody, '');
  process.kill(pid!, 'SIGKILL');
  await assert.rejects(cut, { code: 14 });
  assert.equal(await answered(host, 'version'), '1');
  assert.notEqual(host.workerPids()[0], pid);
  assert.ok(log.lines.some(({ level, text }) => level === 'error' && text.includes('ended unexpectedly')));
});

test('a worker that is killed takes no call of another worker with it', async (t) => {
  const hold = moduleFunction('hold', [], () => new Promise((resolve) => setTimeout(resolve, 100)));
  const { host } = await gameHost(t, `initializer.registerRpc('hold', (c, l, nk) => { nk.hold(); return 'held'; });`, {
    functions: [hold],
    workerCount: 2,
  });
  const calls = Array.from({ length: 8 }, () => host.rpc('hold', nobody, ''));
  process.kill(host.workerPids()[0]!, 'SIGKILL');
  const outcomes = await Promise.allSettled(calls);
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 4);
});

test('a worker that keeps dying is replaced more and more slowly', async (t) => {
  const { host, log } = await hostFor(t, [version(1)]);
  const delays = () =>
    log.lines.flatMap(({ fields }) => (fields.restartInMs === undefined ? [] : [fields.restartInMs]));
  for (let death = 1; death <= 5; death++) {
    while (host.workerPids().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    process.kill(host.workerPids()[0]!, 'SIGKILL');
    while (delays().length < death) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.deepEqual(delays(), [0, 0, 0, 200, 400]);
  await assert.rejects(host.rpc('version', nobody, ''), { code: 14 });
});

test('stopping lets calls end and refuses new ones', async (t) => {
  const { host } = await hostFor(t, [version(1)]);
  const call = host.rpc('version', nobody, '');
  const stopped = host.stop(5000);
  await assert.rejects(host.rpc('version', nobody, ''), { code: 14 });
  assert.equal(await call, '1');
  await stopped;
  assert.deepEqual(host.workerPids(), []);
});

test('stopping cuts off calls that outlast the grace', async (t) => {
  const { host } = await gameHost(t, `initializer.registerRpc('never', () => new Promise(() => {}));`);
  const call = assert.rejects(host.rpc('never', nobody, ''), { code: 14 });
  await host.stop(10);
  await call;
});
