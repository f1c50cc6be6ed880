import assert from 'node:assert/strict';
import test from 'node:test';
import { ModuleError } from '../../../src/runtime/host/index.ts';
import { moduleFunction } from '../../../src/runtime/module-function.ts';
import { text } from '../../../src/runtime/parameters.ts';
import { gameHost, hostFor, moduleOf, nobody } from './support.ts';

/** An nk function that answers a number of its own to each call, after a moment. */
function ticket() {
  const taken: string[] = [];
  const fn = moduleFunction('ticket', [['who', text()]], async (_call, who) => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    return `${who}${taken.push(who)}`;
  });
  return { fn, taken };
}

test('InitModule has its effects once, and every isolate has the answers', async (t) => {
  const { fn, taken } = ticket();
  const seen: string[] = [];
  const hold = moduleFunction('hold', [['ticket', text()]], async (_call, given) => {
    seen.push(given);
    await new Promise((resolve) => setTimeout(resolve, 30));
  });
  const { host, log } = await gameHost(
    t,
    `logger.info('starting');
     const mine = nk.ticket('a') + nk.ticket('b');
     initializer.registerRpc('mine', (ctx, logger, nk) => { nk.hold(mine); return mine; });`,
    { functions: [fn, hold], workerCount: 2 },
  );
  const answers = await Promise.all(Array.from({ length: 12 }, () => host.rpc('mine', nobody, '')));
  assert.deepEqual(new Set(answers), new Set(['a1b2']));
  assert.deepEqual(taken, ['a', 'b']);
  assert.equal(seen.length, 12);
  assert.equal(log.lines.filter((line) => line.text === 'starting').length, 1);
});

test('InitModule may be asynchronous', async (t) => {
  const { fn, taken } = ticket();
  const { host } = await gameHost(
    t,
    `return (async () => {
       const [a, b] = await Promise.all([nk.async.ticket('a'), nk.async.ticket('b')]);
       await new Promise((resolve) => setTimeout(resolve, 2));
       initializer.registerRpc('mine', () => a + b);
     })();`,
    { functions: [fn], workerCount: 2 },
  );
  const answers = await Promise.all(Array.from({ length: 4 }, () => host.rpc('mine', nobody, '')));
  assert.deepEqual(new Set(answers), new Set(['a1b2']));
  assert.equal(taken.length, 2);
});

test('an isolate that registers in another order still runs the right functions', async (t) => {
  const { host } = await gameHost(
    t,
    `const names = ['a', 'b', 'c', 'd', 'e'].sort(() => Math.random() - 0.5);
     for (const name of names) initializer.registerRpc(name, () => name);`,
    { workerCount: 2 },
  );
  const names = ['a', 'b', 'c', 'd', 'e', 'a', 'b', 'c', 'd', 'e'];
  assert.deepEqual(await Promise.all(names.map((name) => host.rpc(name, nobody, ''))), names);
});

test('modules start in their order and see each other only through nk', async (t) => {
  const order: string[] = [];
  const note = moduleFunction('note', [['text', text()]], (call, given) => {
    order.push(`${call.module} ${call.label} ${given}`);
  });
  await hostFor(t, [moduleOf('b', `nk.note('first');`), moduleOf('a', `nk.note('second');`)], { functions: [note] });
  assert.deepEqual(order, ['b InitModule first', 'a InitModule second']);
});

test('ctx of InitModule has the constants only', async (t) => {
  const { host } = await gameHost(t, `const seen = JSON.stringify(ctx); initializer.registerRpc('ctx', () => seen);`, {
    environment: { A: '1' },
  });
  assert.deepEqual(JSON.parse(await host.rpc('ctx', nobody, '')), { env: { A: '1' }, node: 'node1', version: '1.0.0' });
});

test('the start fails with the module, the message and the stack of what went wrong', async (t) => {
  const broken: [name: string, init: string, topLevel: string, message: RegExp][] = [
    ['thrown', `null.x;`, '', /Cannot read properties of null/],
    ['rejected', `return Promise.reject(new Error('later'));`, '', /later/],
    ['object', `throw { message: 'own words', code: 3 };`, '', /^own words$/],
    ['toplevel', '', `undefinedName();`, /undefinedName is not defined/],
    ['function', `nk.ticket(5);`, '', /who must be text/],
  ];
  for (const [name, init, topLevel, message] of broken) {
    await assert.rejects(hostFor(t, [moduleOf(name, init, topLevel)], { functions: [ticket().fn] }), (error) => {
      assert.ok(error instanceof ModuleError);
      assert.equal(error.module, name);
      assert.equal(error.kind, 'init');
      assert.match(error.message, message);
      if (name !== 'object') assert.match(error.stack!, new RegExp(`${name}\\.js:\\d+:\\d+`));
      return true;
    });
  }
});

test('a start that takes too long or too much is ended with the limit', async (t) => {
  const limits = { initTimeMs: 600, initCpuMs: 300, heapMb: 64 };
  const greedy: [init: string, topLevel: string, limit: RegExp][] = [
    ['while (true);', '', /computed for longer than 300 ms \(limit initCpuMs\)/],
    ['', 'while (true);', /limit initCpuMs/],
    ['return new Promise(() => {});', '', /limit initTimeMs/],
    ['', 'const a = []; while (true) a.push({});', /limit heapMb|limit initCpuMs/],
    ['', 'throw { get message() { while (true); } };', /game/],
  ];
  for (const [init, topLevel, limit] of greedy) {
    await assert.rejects(hostFor(t, [moduleOf('game', init, topLevel)], { limits }), (error) => {
      assert.ok(error instanceof ModuleError);
      assert.match(error.message, limit);
      if (topLevel.startsWith('throw')) return true;
      assert.equal(error.kind, 'limit');
      return true;
    });
  }
});

test('what InitModule throws is told, also when it is nothing', async (t) => {
  for (const [thrown, message] of [
    ['null', 'null was thrown'],
    ['undefined', 'undefined was thrown'],
    ["'no database'", 'Error: no database'],
  ] as const) {
    await assert.rejects(gameHost(t, `throw ${thrown};`), { name: 'ModuleError', message });
  }
});

test('a module without InitModule starts and registers nothing', async (t) => {
  const { host } = await hostFor(t, [{ name: 'empty', version: 1, fileName: 'empty.js', code: '1;' }]);
  assert.deepEqual(host.registrations(), []);
});

test('with read-only globals what top-level variables hold is frozen, one level deep', async (t) => {
  const code = `'use strict';
var state = { deep: { n: 0 } };
function helper() {}
var list = [1];
function InitModule(ctx, logger, nk, initializer) {
  const attempt = (change) => { try { change(); return 'changed'; } catch (error) { return error.name; } };
  initializer.registerRpc('change', () => [
    attempt(() => { state.x = 1; }), attempt(() => { helper.x = 1; }), attempt(() => { list.push(2); }),
    attempt(() => { state.deep.n++; }), attempt(() => { state = {}; }),
  ].join());
}
globalThis.__nkModule = { InitModule };
globalThis.__nkGlobals = () => [state, helper, list];`;
  const bundle = { name: 'game', version: 1, fileName: 'game.js', code };
  const frozen = await hostFor(t, [bundle], { readOnlyGlobals: true });
  assert.equal(await frozen.host.rpc('change', nobody, ''), 'TypeError,TypeError,TypeError,changed,changed');
  const free = await hostFor(t, [bundle]);
  assert.equal(await free.host.rpc('change', nobody, ''), 'changed,changed,changed,changed,changed');
});
