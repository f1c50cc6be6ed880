import assert from 'node:assert/strict';
import test from 'node:test';
import { CallContexts } from '../../../src/runtime/host/call-contexts.ts';
import { moduleFunction } from '../../../src/runtime/module-function.ts';
import { text } from '../../../src/runtime/parameters.ts';
import { gameHost } from './support.ts';

const ROUNDS = 5;

/** The `ctx` fields that a caller brings, as an RPC sees them. */
const shown = `
  initializer.registerRpc('show', (ctx) => {
    const { env, node, version, executionMode, ...brought } = ctx;
    const seen = JSON.stringify(brought);
    ctx.userId = 'another';
    for (const name in ctx.vars) ctx.vars[name] = 'changed';
    for (const name in ctx.headers) ctx.headers[name][0] = 'changed';
    return seen;
  });`;

test('each call has a context of its own, however often its caller has called', async (t) => {
  const { host } = await gameHost(t, shown);
  const brought = { userId: 'u', vars: { ['__proto__']: 'p', a: 'b' }, headers: { Accept: ['x', 'y'] } };
  const contextText = '{"userId":"u","vars":{"__proto__":"p","a":"b"},"headers":{"Accept":["x","y"]}}';
  for (let round = 0; round < ROUNDS; round++) {
    assert.equal(await host.rpc('show', { contextText }, ''), JSON.stringify(brought));
  }
});

test('what only one call brings is in its context alone', async (t) => {
  const { host } = await gameHost(t, shown);
  for (let round = 0; round < ROUNDS; round++) {
    const origin = { contextText: '{"userId":"u"}', ownContextText: `{"round":${round}}` };
    assert.equal(await host.rpc('show', origin, ''), `{"userId":"u","round":${round}}`);
    assert.equal(await host.rpc('show', { contextText: '{"userId":"u"}' }, ''), '{"userId":"u"}');
    assert.equal(await host.rpc('show', { contextText: '{}', ownContextText: '{"a":1}' }, ''), '{"a":1}');
  }
});

test('more callers than are remembered each have their own', async (t) => {
  const { host } = await gameHost(t, shown);
  const ask = async (n: number) => {
    const contextText = `{"userId":"u${n}"}`;
    assert.equal(await host.rpc('show', { contextText }, ''), contextText);
  };
  const callers = Array.from({ length: 3000 }, (_, n) => n);
  for (let round = 0; round < 3; round++) await Promise.all(callers.map(ask));
  for (const n of [0, 1500, 2999]) for (let round = 0; round < ROUNDS; round++) await ask(n);
});

test('calls that others go on without keep theirs: those that an isolate gave back, or did not begin', async (t) => {
  const slow = moduleFunction('slow', [['user', text()]], async (_call, user) => {
    await new Promise((resolve) => setTimeout(resolve, 15));
    return user;
  });
  const { host } = await gameHost(
    t,
    `initializer.registerRpc('wait', (ctx, logger, nk) => nk.slow(ctx.userId));
     initializer.registerRpc('compute', (ctx) => { const until = Date.now() + 3; while (Date.now() < until); return ctx.userId; });`,
    { functions: [slow] },
  );
  for (let round = 0; round < ROUNDS; round++) {
    const users = Array.from({ length: 30 }, (_, n) => `u${n}`);
    const answers = await Promise.all(
      users.flatMap((userId) => {
        const origin = { contextText: `{"userId":"${userId}"}`, userId };
        return ['wait', 'compute'].map((id) => host.rpc(id, origin, ''));
      }),
    );
    assert.deepEqual(
      answers,
      users.flatMap((userId) => [userId, userId]),
    );
  }
});

test('a worker is told a context at its second call, and forgets all when there are too many', () => {
  const contexts = new CallContexts();
  const told: string[] = [];
  const numberOf = (name: string) => contexts.numberOf(name, (head) => told.push(head));
  assert.deepEqual([numberOf('a'), numberOf('a'), numberOf('a'), numberOf('b')], [0, 1, 1, 0]);
  assert.deepEqual(told, ['O 1']);
  for (let n = 0; n < 1024; n++) for (let round = 0; round < 2; round++) numberOf(`caller ${n}`);
  assert.equal(told.filter((head) => head === 'o').length, 1);
  // Numbers are never given again.
  assert.equal(new Set(told.filter((head) => head !== 'o')).size, 1025);
  assert.deepEqual([numberOf('a'), numberOf('a')], [0, 1026]);
  assert.equal(numberOf('x'.repeat(5000)) + numberOf('x'.repeat(5000)), 0);
});
