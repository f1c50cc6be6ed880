import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { queryObjects } from 'node:v8';
import { ModuleError, startModuleHost } from '../../../src/runtime/host/index.ts';
import { LoadedModule } from '../../../src/runtime/host/loaded-module.ts';
import type { ModuleBundle } from '../../../src/runtime/module-bundle.ts';
import { moduleFunction } from '../../../src/runtime/module-function.ts';
import { hostFor, keptLog, moduleOf, nobody } from '../host/support.ts';
import { answered, assertPlaceInLog, endsAs } from './support.ts';

const loop = `while (true);`;
/** What no time limit reaches: only the end of its process ends it. */
const stuck = `const a = []; a[4294967290] = 1; a.sort(); a.reverse();`;
const limits = { callCpuMs: 300, callTimeMs: 1500, initTimeMs: 400, heapMb: 64, workerMemoryMb: 600 };

const bystander = moduleOf('bystander', `initializer.registerRpc('echo', (c, l, n, payload) => payload);`);
const never = moduleFunction('never', [], () => new Promise(() => {}));

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The attacker with this InitModule; whatever comes of it, it has an RPC that says so. */
const attackerOf = (init: string, topLevel = '') =>
  moduleOf('attacker', `initializer.registerRpc('attackerEcho', (c, l, n, payload) => payload);\n${init}`, topLevel);

/** Modules that attack while they start, with the line that the author is told, where there is one. */
const starts: readonly (readonly [name: string, bundle: ModuleBundle, line?: number])[] = [
  ['a loop at import time', attackerOf('', loop), 3],
  ['a loop in InitModule', attackerOf(loop), 6],
  ['a loop in InitModule after an await', moduleOf('attacker', `return (async () => { await null; ${loop} })();`), 5],
  ['an InitModule that never ends', moduleOf('attacker', `return new Promise(() => {});`)],
  ['an InitModule that waits for the host for ever', attackerOf(`nk.never();`)],
  ['a flood of objects in InitModule', attackerOf(`const a = []; while (true) a.push({ a: 1 });`)],
  ['what cannot be interrupted in InitModule', attackerOf(stuck)],
];

const readsLimit = (line: number | undefined) => (error: Error) => {
  assert.ok(error instanceof ModuleError && error.module === 'attacker', String(error));
  assert.match(error.message, /\(limit \w+\)/);
  if (line !== undefined) assert.match(error.stack!, new RegExp(`attacker.js:${line}:`));
  return true;
};

test('a module that attacks while the server starts does not start, and says which limit it broke where', async () => {
  const options = { node: 'n', version: '1', hookNames: [], workerCount: 1, log: keptLog(), functions: [] };
  const [, bundle, line] = starts[0]!;
  await assert.rejects(startModuleHost({ ...options, bundles: [bundle], limits }), readsLimit(line));
});

test('a module that attacks while it starts as a new version changes nothing:', async (t) => {
  const { host } = await hostFor(t, [attackerOf(''), bystander], { limits, functions: [never] });
  for (const [name, bundle, line] of starts) {
    await t.test(name, async () => {
      const order: string[] = [];
      const replaced = assert
        .rejects(host.replace([bundle, bystander]), readsLimit(line))
        .then(() => order.push('refused'));
      for (const id of ['echo', 'attackerEcho']) assert.equal(await host.rpc(id, nobody, id), id);
      order.push('answered meanwhile');
      await replaced;
      assert.deepEqual(order, ['answered meanwhile', 'refused']);
      for (const id of ['echo', 'attackerEcho']) assert.equal(await answered(host, id), 'still here');
    });
  }
});

test('a loop in a handler of whatever kind is ended, and told with its line', async (t) => {
  const kinds = ['before', 'after', 'rtBefore', 'rtAfter', 'storageIndexFilter', 'callback'] as const;
  const registered = [
    `initializer.registerBeforeGetAccount(attack);`,
    `initializer.registerAfterGetAccount(attack);`,
    `initializer.registerRtBefore('ChannelJoin', attack);`,
    `initializer.registerRtAfter('ChannelJoin', attack);`,
    `initializer.registerStorageIndexFilter('index', attack);`,
    `initializer.registerLeaderboardReset(attack);`,
  ].join('\n');
  const { host, log } = await hostFor(
    t,
    [moduleOf('attacker', registered, `const attack = () => { ${loop} };`), bystander],
    {
      limits,
    },
  );
  const names = {
    storageIndexFilter: 'index',
    callback: 'LeaderboardReset',
    before: 'GetAccount',
    after: 'GetAccount',
  };
  for (const kind of kinds) {
    log.lines.length = 0;
    const name = kind in names ? names[kind as keyof typeof names] : 'ChannelJoin';
    const order: string[] = [];
    const attack = endsAs('limit', async () => {
      await host.hook(kind, name)!.call(nobody, '{}', '{}');
      return '';
    }).then(() => order.push(kind));
    await host.rpc('echo', nobody, '').then(() => order.push('echo'));
    await attack;
    assert.deepEqual(order, ['echo', kind]);
    assertPlaceInLog(log.lines, 'attacker.js:3');
  }
});

test('what V8 does with an isolate between calls holds up no other module', async (t) => {
  const attack = `globalThis.kept = new FinalizationRegistry(() => { ${loop} });
    for (let i = 0; i < 100; i++) kept.register({}, i);
    for (let k = 0; k < 30; k++) Array.from({ length: 2e4 }, (_, i) => ({ i }));`;
  const { host } = await hostFor(t, [attackerOf(`initializer.registerRpc('attack', () => { ${attack} });`), bystander]);
  await host.rpc('attack', nobody, '');
  const [pid] = host.workerPids();
  // The worker looks after its isolates several times a second.
  for (let i = 0; i < 10; i++) {
    await wait(100);
    assert.equal(await host.rpc('echo', nobody, 'x'), 'x');
  }
  assert.deepEqual(host.workerPids(), [pid]);
});

test('calls that bring too much along to wait together are refused, those of other modules are not', async (t) => {
  const { host } = await hostFor(
    t,
    [attackerOf(`initializer.registerRpc('never', (c, l, nk) => nk.async.never());`), bystander],
    { limits: { pendingBytes: 50_000, pendingCalls: 10, callTimeMs: 500 }, functions: [never] },
  );
  const large = 'x'.repeat(40_000);
  const held = assert.rejects(host.rpc('never', nobody, large), /callTimeMs/);
  await assert.rejects(host.rpc('never', nobody, large), { code: 8, message: /module attacker .*limit pendingBytes/ });
  const many = Array.from({ length: 9 }, () => assert.rejects(host.rpc('never', nobody, ''), /callTimeMs/));
  await assert.rejects(host.rpc('never', nobody, ''), { code: 8, message: /module attacker .*limit pendingCalls/ });
  assert.equal(await host.rpc('echo', nobody, large), large);
  await Promise.all([held, ...many]);
  assert.equal(await host.rpc('attackerEcho', nobody, large), large, 'what was answered waits no more');
});

test('a call larger than what may wait together is served by itself', async (t) => {
  const { host } = await hostFor(t, [bystander], { limits: { pendingBytes: 10 } });
  assert.equal(await host.rpc('echo', nobody, 'x'.repeat(100)), 'x'.repeat(100));
});

test('a worker that keeps its calls under load keeps nothing of those that are answered', async (t) => {
  if (process.platform !== 'linux') return t.skip('the memory of another process is read from /proc');
  const slow = moduleFunction('slow', [], () => wait(5));
  const { host } = await hostFor(
    t,
    [attackerOf(`initializer.registerRpc('slow', (c, l, nk) => { nk.slow(); nk.slow(); });`), bystander],
    { functions: [slow], limits: { workerMemoryMb: 4000, isolatesPerModule: 2 } },
  );
  const [pid] = host.workerPids();
  const large = 'x'.repeat(500_000);
  // The queue never runs empty. What is held of one call is 500 kB: a worker's own heap has room for some 200.
  let left = 400;
  const caller = async () => {
    while (left-- > 0) await host.rpc('slow', nobody, large);
  };
  await Promise.all(Array.from({ length: 20 }, caller));
  assert.deepEqual(host.workerPids(), [pid]);
});

test('a worker that comes near its memory limit renews isolates, which drops their garbage, and lives', async (t) => {
  const counter = attackerOf(`let calls = 0; initializer.registerRpc('count', () => String(++calls));`);
  const measured = await hostFor(t, [counter]);
  const usualMb = residentMb(measured.host.workerPids()[0]!);
  if (usualMb === undefined) return t.skip('the memory of another process is read from /proc');
  const { host } = await hostFor(t, [counter], { limits: { workerMemoryMb: Math.round(usualMb * 1.35) } });
  const [pid] = host.workerPids();
  assert.equal(await host.rpc('count', nobody, ''), '1');
  // A fresh isolate counts from the start.
  while ((await host.rpc('count', nobody, '')) !== '1') await wait(50);
  assert.deepEqual(host.workerPids(), [pid]);
});

test('a worker that stands still is replaced; other workers serve on', async (t) => {
  if (process.platform === 'win32') return t.skip('there is no SIGSTOP');
  const { host, log } = await hostFor(t, [bystander], { workerCount: 2, limits: { workerSilenceMs: 2000 } });
  const [still, other] = host.workerPids();
  process.kill(still!, 'SIGSTOP');
  const calls = await Promise.allSettled(Array.from({ length: 10 }, () => host.rpc('echo', nobody, 'x')));
  const cutOff = calls.filter((call) => call.status === 'rejected');
  assert.equal(calls.length - cutOff.length, 5, 'the calls of the other worker are answered');
  for (const { reason } of cutOff) assert.match(reason.message, /limit workerSilenceMs/);
  assert.equal(await answered(host, 'echo'), 'still here');
  assert.ok(host.workerPids().includes(other!) && !host.workerPids().includes(still!));
  assert.ok(log.lines.some(({ fields }) => fields.limit === 'workerSilenceMs'));
});

test('calls go past a worker that has begun to be silent', async (t) => {
  if (process.platform === 'win32') return t.skip('there is no SIGSTOP');
  const { host } = await hostFor(t, [bystander], { workerCount: 2, limits: { workerSilenceMs: 60_000 } });
  const [still] = host.workerPids();
  process.kill(still!, 'SIGSTOP');
  await wait(2000);
  const calls = Array.from({ length: 100 }, () => host.rpc('echo', nobody, 'x'));
  assert.deepEqual(new Set(await Promise.all(calls)), new Set(['x']));
});

test('a server that stood still itself does not take its workers for silent', async (t) => {
  const { host } = await hostFor(t, [bystander], { limits: { workerSilenceMs: 2000 } });
  const [pid] = host.workerPids();
  await wait(600);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3000);
  await wait(600);
  assert.deepEqual(host.workerPids(), [pid]);
  assert.equal(await host.rpc('echo', nobody, 'x'), 'x');
});

test('a module that does not start again where its worker was replaced leaves the others be', async (t) => {
  const started = Date.now();
  const time = moduleFunction('started', [], () => started);
  const { host } = await hostFor(
    t,
    [
      moduleOf(
        'attacker',
        `const from = nk.started();
         initializer.registerRpc('attackerEcho', (c, l, n, payload) => payload);
         if (Date.now() > globalThis.until) ${loop}`,
        `globalThis.until = ${started + 2000};`,
      ),
      bystander,
    ],
    { limits, functions: [time] },
  );
  assert.equal(await host.rpc('attackerEcho', nobody, 'x'), 'x');
  while (Date.now() <= started + 2000) await wait(50);
  process.kill(host.workerPids()[0]!, 'SIGKILL');
  assert.equal(await answered(host, 'echo'), 'still here');
  await assert.rejects(host.rpc('attackerEcho', nobody, ''), {
    message: /module attacker: .*limit (initTimeMs|callTimeMs)/,
  });
  assert.equal(await host.rpc('echo', nobody, 'x'), 'x');
});

/** Version `n` of a module whose calls take a moment, each in its own way. */
const version = (n: number) =>
  moduleOf(
    'game',
    `initializer.registerRpc('timer', async () => { await new Promise((resolve) => setTimeout(resolve, 20)); return '${n}'; });
     initializer.registerRpc('parked', (c, l, nk) => { nk.slow(); return '${n}'; });
     initializer.registerRpc('waiting', async (c, l, nk) => { await nk.async.slow(); return '${n}'; });
     initializer.registerRpc('quick', () => '${n}');`,
  );

test('a thousand calls that are under way during reloads all end on the code on which they began', async (t) => {
  const slow = moduleFunction('slow', [], () => wait(20));
  const { host } = await hostFor(t, [version(1)], { functions: [slow], limits: { callTimeMs: 60_000 } });
  for (let n = 2; n <= 4; n++) {
    const ids = ['timer', 'parked', 'waiting', 'quick'];
    const calls = Array.from({ length: 1000 }, (_, i) => host.rpc(ids[i % ids.length]!, nobody, ''));
    await host.replace([version(n)]);
    assert.equal(await host.rpc('quick', nobody, ''), String(n));
    assert.deepEqual(new Set(await Promise.all(calls)), new Set([String(n - 1)]));
  }
});

test('reload after reload, modules leave nothing behind', async (t) => {
  const held = 8;
  const module = (n: number) =>
    moduleOf(
      'game',
      `const kept = new Uint8Array(${held}e6).fill(1);
       const list = Array.from({ length: 1e5 }, (_, i) => ({ i }));
       setInterval(() => kept.length + list.length, 10);
       initializer.registerRpc('version', async () => { setInterval(() => kept, 1e6); await null; return '${n}' + kept.length * 0; });`,
    );
  const { host } = await hostFor(t, [module(0)]);
  const reload = async (n: number) => {
    await host.replace([module(n)]);
    assert.equal(await host.rpc('version', nobody, ''), `${n}0`);
  };
  for (let n = 1; n <= 10; n++) await reload(n);
  const before = residentMb(host.workerPids()[0]!);
  const modulesBefore = queryObjects(LoadedModule, { format: 'count' });
  for (let n = 11; n <= 50; n++) await reload(n);
  assert.equal(queryObjects(LoadedModule, { format: 'count' }), modulesBefore);
  if (before === undefined) return;
  const grownMb = residentMb(host.workerPids()[0]!)! - before;
  assert.ok(grownMb < (40 * held) / 4, `40 reloads left ${grownMb} MB`);
});

test('floods of memory leave nothing behind once they are ended', async (t) => {
  const floods = ['a.push({ a: 1 })', 'a.push(new Uint8Array(1e6).fill(1))', "a.push('x'.repeat(1e6) + a.length)"];
  const init = floods
    .map((flood, i) => `initializer.registerRpc('flood${i}', () => { const a = []; while (true) ${flood}; });`)
    .join('\n');
  const { host } = await hostFor(t, [attackerOf(init), bystander], { limits });
  const usualMb = residentMb(host.workerPids()[0]!);
  if (usualMb === undefined) return t.skip('the memory of another process is read from /proc');
  for (let round = 0; round < 6; round++) {
    await assert.rejects(host.rpc(`flood${round % floods.length}`, nobody, ''));
    assert.equal(await answered(host, 'echo'), 'still here');
  }
  while ((residentMb(host.workerPids()[0]!) ?? 0) > usualMb + 2 * limits.heapMb) await wait(50);
});

/** Resident memory of a process; undefined where the system does not tell it as Linux does. */
function residentMb(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;
}
