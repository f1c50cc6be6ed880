import assert from 'node:assert/strict';
import test from 'node:test';
import { moduleFunction } from '../../../src/runtime/module-function.ts';
import { json } from '../../../src/runtime/parameters.ts';
import { gameHost, nobody } from './support.ts';

const never = moduleFunction('never', [], () => new Promise(() => {}));
const take = moduleFunction('take', [['value', json()]], (_call, value) => value);

test('a call that waits too long for the host is ended, and its isolate goes on', async (t) => {
  const { host } = await gameHost(
    t,
    `initializer.registerRpc('wait', (ctx, logger, nk) => { for (;;) { try { nk.never(); } catch {} } });
     initializer.registerRpc('waitAsync', (ctx, logger, nk) => nk.async.never());
     initializer.registerRpc('echo', (c, l, n, payload) => payload);`,
    { functions: [never], limits: { callTimeMs: 300, callCpuMs: 300, isolatesPerModule: 1 } },
  );
  for (const id of ['wait', 'waitAsync']) {
    await assert.rejects(host.rpc(id, nobody, ''), { code: 13, message: /module game: .*limit callTimeMs/ });
    assert.equal(await host.rpc('echo', nobody, 'still'), 'still');
  }
});

test('calls that share an entry with one that is ended are answered as if nothing had happened', async (t) => {
  const { host } = await gameHost(
    t,
    `initializer.registerRpc('loop', () => { while (true); });
     initializer.registerRpc('eat', () => { const a = []; while (true) a.push({}); });
     initializer.registerRpc('echo', (c, l, n, payload) => payload);
     initializer.registerRpc('echoAsync', async (c, l, n, payload) => { await new Promise((resolve) => setTimeout(resolve, 1)); return payload; });`,
    { limits: { callCpuMs: 300, heapMb: 64 } },
  );
  for (const [id, limit] of [
    ['loop', /limit callCpuMs/],
    ['eat', /limit (heapMb|callCpuMs)/],
  ] as const) {
    const before = ['a', 'b'].map((payload) => host.rpc('echo', nobody, payload));
    const ended = assert.rejects(host.rpc(id, nobody, ''), { message: limit });
    const after = ['c', 'd'].map((payload) => host.rpc('echo', nobody, payload));
    assert.deepEqual(await Promise.all([...before, ...after]), ['a', 'b', 'c', 'd']);
    await ended;
    assert.equal(await host.rpc('echoAsync', nobody, 'e'), 'e');
  }
});

test('short calls do not wait for a long one', async (t) => {
  const { host } = await gameHost(
    t,
    `initializer.registerRpc('long', () => { const until = Date.now() + 400; while (Date.now() < until); return 'long'; });
     initializer.registerRpc('short', () => 'short');`,
  );
  const order: string[] = [];
  const long = host.rpc('long', nobody, '').then((answer) => order.push(answer));
  await new Promise((resolve) => setTimeout(resolve, 30));
  const short = host.rpc('short', nobody, '').then((answer) => order.push(answer));
  await Promise.all([long, short]);
  assert.deepEqual(order, ['short', 'long']);
});

test('calls that wait for the host do not hold up the others', async (t) => {
  let release = () => {};
  const hold = moduleFunction('hold', [], () => new Promise<void>((resolve) => (release = resolve)));
  const { host } = await gameHost(
    t,
    `initializer.registerRpc('hold', (ctx, logger, nk) => { nk.hold(); return 'held'; });
     initializer.registerRpc('echo', (c, l, n, payload) => payload);`,
    { functions: [hold] },
  );
  const held = host.rpc('hold', nobody, '');
  assert.equal(await host.rpc('echo', nobody, 'meanwhile'), 'meanwhile');
  release();
  assert.equal(await held, 'held');
});

test('what is too large does not cross', async (t) => {
  const { host } = await gameHost(
    t,
    `initializer.registerRpc('echo', (c, l, n, payload) => payload);
     initializer.registerRpc('result', () => 'x'.repeat(20000));
     initializer.registerRpc('argument', (ctx, logger, nk) => nk.take('x'.repeat(20000)));`,
    { functions: [take], limits: { payloadBytes: 10_000 } },
  );
  await assert.rejects(host.rpc('echo', nobody, 'x'.repeat(20_000)), { code: 3, message: /limit payloadBytes/ });
  await assert.rejects(host.rpc('result', nobody, ''), { code: 13, message: /limit payloadBytes/ });
  await assert.rejects(host.rpc('argument', nobody, ''), { code: 13, message: /limit payloadBytes/ });
  assert.equal(await host.rpc('echo', nobody, 'fits'), 'fits');
});

test('nk calls under way, timers and waiting calls are bounded', async (t) => {
  const { host } = await gameHost(
    t,
    `initializer.registerRpc('calls', async (ctx, logger, nk) => { const all = []; for (let i = 0; i < 11; i++) all.push(nk.async.never()); await Promise.any([all[10], new Promise((r, reject) => setTimeout(reject, 500))]); });
     initializer.registerRpc('timers', async () => { for (let i = 0; i < 11; i++) setTimeout(() => {}, 1e6); });
     initializer.registerRpc('never', () => new Promise(() => {}));`,
    { functions: [never], limits: { pendingHostCalls: 10, timersPerIsolate: 10, pendingCalls: 3, callTimeMs: 1000 } },
  );
  await assert.rejects(host.rpc('timers', nobody, ''), { message: /limit timersPerIsolate/ });
  await assert.rejects(
    host.rpc('timers', nobody, ''),
    { message: /limit timersPerIsolate/ },
    'timers end with their call',
  );
  await assert.rejects(host.rpc('calls', nobody, ''), { code: 13 });
  const held = [1, 2, 3].map(() => assert.rejects(host.rpc('never', nobody, ''), { message: /callTimeMs/ }));
  await assert.rejects(host.rpc('never', nobody, ''), { code: 8, message: /limit pendingCalls/ });
  await Promise.all(held);
});

test('log lines have their level, module, call, place and fields, and are bounded', async (t) => {
  const { host, log } = await gameHost(
    t,
    `initializer.registerRpc('log', (ctx, logger, nk) => {
       logger.withField('a', 'b').withFields({ n: 1 }).warn('%d of %s', 1, 'x');
       console.log('from', 'console', { a: 1 });
       for (let i = 0; i < 100; i++) logger.debug('x'.repeat(100));
     });`,
    { limits: { logLinesPerCall: 10, logLineBytes: 50 } },
  );
  await host.rpc('log', nobody, '');
  const [warn, info, ...rest] = log.lines;
  assert.deepEqual(warn, {
    level: 'warn',
    text: '1 of x',
    fields: { module: 'game', call: 'rpc log', place: 'game.js:6', a: 'b', n: '1' },
  });
  assert.equal(info?.level, 'info');
  assert.match(info!.text, /^from console /);
  assert.equal(rest.length, 9);
  assert.equal(rest[0]?.text, `${'x'.repeat(50)}…`);
  assert.match(rest.at(-1)!.text, /92 further log lines .*limit logLinesPerCall/);
});

test('timers that a call left behind do not run on', async (t) => {
  const seen: unknown[] = [];
  const note = moduleFunction('note', [], () => {
    seen.push(1);
  });
  const { host } = await gameHost(
    t,
    `initializer.registerRpc('leave', async (ctx, logger, nk) => { await null; setInterval(() => { kept.note(); }, 1); });
     const kept = nk;
     initializer.registerRpc('echo', (c, l, n, payload) => payload);`,
    { functions: [note] },
  );
  await host.rpc('leave', nobody, '');
  await host.rpc('echo', nobody, '');
  const before = seen.length;
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.equal(seen.length, before);
});

test('an isolate that keeps too much in buffers is replaced', async (t) => {
  const { host, log } = await gameHost(
    t,
    `const kept = [];
     initializer.registerRpc('keep', () => { kept.push(new Uint8Array(20e6).fill(1)); return String(kept.length); });`,
    { limits: { arrayBufferMb: 10 } },
  );
  assert.equal(await host.rpc('keep', nobody, ''), '1');
  while (!log.lines.some(({ fields }) => fields.limit === 'arrayBufferMb')) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.equal(await host.rpc('keep', nobody, ''), '1');
});

test('a worker that needs too much memory is killed and replaced; its calls are told the limit', async (t) => {
  const { host } = await gameHost(
    t,
    `const kept = [];
     initializer.registerRpc('eat', () => { for (;;) kept.push(new Array(1e6).fill(kept.length)); });
     initializer.registerRpc('echo', (c, l, n, payload) => payload);`,
    { limits: { heapMb: 8000, workerMemoryMb: 300, callCpuMs: 20_000, callTimeMs: 20_000 } },
  );
  await assert.rejects(host.rpc('eat', nobody, ''), {
    code: 14,
    message: /rpc eat of module game.*limit workerMemoryMb/,
  });
  assert.equal(await host.rpc('echo', nobody, 'back'), 'back');
});
