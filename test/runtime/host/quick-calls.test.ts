import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import type { RuntimeHost } from '../../../src/runtime/host/index.ts';
import { moduleFunction } from '../../../src/runtime/module-function.ts';
import { text } from '../../../src/runtime/parameters.ts';
import { assertPlaceInLog } from '../attacks/support.ts';
import { hostFor, moduleOf, nobody } from './support.ts';

// Calls of handlers that were quick for long run on the worker's main thread while there is nothing else to do. Whether
// one did shows by the isolate: one whose call took longer there, or wanted to wait, makes room for a fresh one.

/** More calls than it takes to count as quick. */
const MANY = 260;

const bystander = moduleOf('bystander', `initializer.registerRpc('echo', (c, l, n, payload) => payload);`);

/** A module whose RPC `play` does what its payload says, and tells how many calls its isolate has had. */
async function playedHost(t: TestContext, deeds: string) {
  const asked: string[] = [];
  const told: string[] = [];
  const functions = [
    moduleFunction('ask', [['word', text()]], async (_call, word) => {
      asked.push(word);
      return `${word}!`;
    }),
    moduleFunction('tell', [['word', text()]], (_call, word) => void told.push(word), { deferredWhen: 'always' }),
  ];
  const play = `initializer.registerRpc('play', (ctx, logger, nk, payload) => { calls++; ${deeds} return String(calls); });`;
  const started = await hostFor(t, [moduleOf('game', play, 'let calls = 0;'), bystander], {
    functions,
    limits: { callCpuMs: 300, heapMb: 64 },
  });
  return { ...started, asked, told };
}

async function becomeQuick(host: RuntimeHost): Promise<void> {
  for (let i = 1; i <= MANY; i++) assert.equal(await host.rpc('play', nobody, ''), String(i));
}

test('a call that must wait after all does so elsewhere: what it did has happened once', async (t) => {
  const { host, asked, told } = await playedHost(
    t,
    `if (payload === 'ask') { nk.tell('before'); const answer = nk.ask('how much'); nk.tell('after'); return answer + calls; }`,
  );
  await becomeQuick(host);
  assert.equal(await host.rpc('play', nobody, 'ask'), 'how much!1');
  assert.deepEqual(asked, ['how much']);
  assert.deepEqual(told, ['before', 'after']);
  assert.equal(await host.rpc('play', nobody, 'ask'), 'how much!2');
});

test('that it could not wait where it was is nothing that the module can catch', async (t) => {
  const { host, asked } = await playedHost(
    t,
    `if (payload === 'ask') { try { return nk.ask('a') + calls; } catch (error) { return 'caught ' + error; } finally { calls += 1000; } }`,
  );
  await becomeQuick(host);
  assert.equal(await host.rpc('play', nobody, 'ask'), 'a!1');
  assert.deepEqual(asked, ['a']);
});

test('an endless loop in a handler that was quick is ended and told with its line; others are served meanwhile', async (t) => {
  const { host, log } = await playedHost(t, `\nif (payload === 'loop') while (true);\n`);
  await becomeQuick(host);
  const order: string[] = [];
  const looping = assert
    .rejects(host.rpc('play', nobody, 'loop'), { message: /limit callCpuMs/ })
    .then(() => order.push('ended'));
  for (const payload of ['a', 'b', 'c']) assert.equal(await host.rpc('echo', nobody, payload), payload);
  order.push('served');
  await looping;
  assert.deepEqual(order, ['served', 'ended']);
  assertPlaceInLog(log.lines, 'game.js:6');
  assert.match(await host.rpc('play', nobody, ''), /^\d+$/);
});

test('so is one that fills its memory, and one that throws goes on', async (t) => {
  const { host } = await playedHost(
    t,
    `if (payload === 'eat') { const a = []; while (true) a.push({}); } if (payload === 'throw') throw new Error('no ' + calls);`,
  );
  await becomeQuick(host);
  await assert.rejects(host.rpc('play', nobody, 'throw'), { message: `Error: no ${MANY + 1}` });
  assert.equal(await host.rpc('play', nobody, ''), String(MANY + 2));
  await assert.rejects(host.rpc('play', nobody, 'eat'), { message: /limit (heapMb|callCpuMs)/ });
  assert.equal(await host.rpc('echo', nobody, 'still'), 'still');
  assert.match(await host.rpc('play', nobody, ''), /^\d+$/);
});

test('a call that takes a while is begun again where it may take it', async (t) => {
  const { host } = await playedHost(
    t,
    `if (payload === 'long') { const until = Date.now() + 120; while (Date.now() < until); }`,
  );
  await becomeQuick(host);
  assert.equal(await host.rpc('play', nobody, 'long'), '1');
  assert.equal(await host.rpc('play', nobody, 'long'), '2');
});

test('calls that come together, and handlers that go on after an await, run as ever', async (t) => {
  const { host } = await playedHost(t, `if (payload === 'later') return Promise.resolve().then(() => 'later');`);
  await becomeQuick(host);
  assert.equal(await host.rpc('play', nobody, 'later'), 'later');
  const answers = await Promise.all(Array.from({ length: 50 }, () => host.rpc('play', nobody, '')));
  assert.equal(new Set(answers).size, 50);
});

test('random numbers of many calls are all different', async (t) => {
  const { host } = await playedHost(t, `if (payload === 'uuid') return nk.uuidv4();`);
  const seen = new Set<string>();
  for (let i = 0; i < 700; i++) seen.add(await host.rpc('play', nobody, 'uuid'));
  assert.equal(seen.size, 700);
});
