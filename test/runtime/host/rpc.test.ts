import assert from 'node:assert/strict';
import test from 'node:test';
import { StatusError } from '../../../src/protocol/status.ts';
import { gameHost, nobody } from './support.ts';

test('an RPC answers the text that its function returns', async (t) => {
  const { host } = await gameHost(t, `initializer.registerRpc('echo', (ctx, logger, nk, payload) => payload);`);
  const payload = 'line\nbreak\t"quoted" \u2028 \ud83d\ude00 \ud800';
  assert.equal(await host.rpc('echo', nobody, payload), payload);
});

test('an RPC is found whatever the case of its id', async (t) => {
  const { host } = await gameHost(t, `initializer.registerRpc('GetScore', () => '1');`);
  assert.equal(host.hasRpc('GETSCORE'), true);
  assert.equal(await host.rpc('getscore', nobody, ''), '1');
});

test('an unknown RPC is not found', async (t) => {
  const { host } = await gameHost(t, '');
  assert.equal(host.hasRpc('nothing'), false);
  await assert.rejects(host.rpc('nothing', nobody, ''), { code: 5 });
});

test('nothing returned is the empty payload; anything but text is an error that names the type', async (t) => {
  const { host } = await gameHost(
    t,
    `initializer.registerRpc('undefined', () => {});
     initializer.registerRpc('null', () => null);
     initializer.registerRpc('number', () => 5);
     initializer.registerRpc('object', async () => ({}));`,
  );
  assert.equal(await host.rpc('undefined', nobody, ''), '');
  assert.equal(await host.rpc('null', nobody, ''), '');
  await assert.rejects(host.rpc('number', nobody, ''), { code: 13, message: /number/ });
  await assert.rejects(host.rpc('object', nobody, ''), { code: 13, message: /object/ });
});

test('what a function throws reaches the caller with its code and message', async (t) => {
  const thrown: [source: string, code: number, message: string | RegExp][] = [
    [`{ message: 'no such arena', code: 5 }`, 5, 'no such arena'],
    [`{ message: 'only text' }`, 13, 'only text'],
    [`{ message: 'zero', code: 0 }`, 13, 'zero'],
    [`{ message: 'fraction', code: 3.5 }`, 13, 'fraction'],
    [`{ message: 'text', code: '5' }`, 13, 'text'],
    [`{ message: 'unknown', code: 77 }`, 77, 'unknown'],
    [`{ code: 9 }`, 9, /./],
    [`new Error('plain')`, 13, /plain/],
    [`Object.assign(new Error('coded'), { code: 3 })`, 3, /coded/],
    [`new (class Refusal { message = 'own class'; code = 7; })()`, 7, 'own class'],
    [`'just text'`, 13, /just text/],
    [`42`, 13, /42/],
    [`null`, 13, /null/],
    [`Symbol('s')`, 13, /./],
  ];
  const { host } = await gameHost(
    t,
    thrown
      .flatMap(([source], i) => [
        `initializer.registerRpc('now${i}', () => { throw ${source}; });`,
        `initializer.registerRpc('later${i}', async () => { await null; throw ${source}; });`,
      ])
      .join('\n'),
  );
  for (const [i, [source, code, message]] of thrown.entries()) {
    for (const id of [`now${i}`, `later${i}`]) {
      await assert.rejects(host.rpc(id, nobody, ''), (error) => {
        assert.ok(error instanceof StatusError);
        assert.equal(error.code, code, source);
        if (typeof message === 'string') assert.equal(error.message, message);
        else assert.match(error.message, message);
        return true;
      });
    }
  }
});

test('ctx has the caller, the constants of the server and nothing of an earlier call', async (t) => {
  const { host } = await gameHost(
    t,
    `initializer.registerRpc('ctx', (ctx) => { const text = JSON.stringify(ctx); ctx.env.A = 'changed'; ctx.more = 1; return text; });`,
    { environment: { A: '1' } },
  );
  const origin = { contextText: '{"userId":"u1","vars":{"__proto__":"x"}}' };
  for (let i = 0; i < 2; i++) {
    assert.deepEqual(JSON.parse(await host.rpc('ctx', origin, '')), {
      userId: 'u1',
      vars: JSON.parse('{"__proto__":"x"}'),
      env: { A: '1' },
      node: 'node1',
      version: '1.0.0',
      executionMode: 'rpc',
    });
  }
});

test('handlers may be asynchronous, and timers run within a call', async (t) => {
  const { host } = await gameHost(
    t,
    `initializer.registerRpc('sleep', async (ctx, logger, nk, payload) => {
       await new Promise((resolve) => setTimeout(resolve, 5));
       await new Promise((resolve) => queueMicrotask(resolve));
       return payload;
     });
     initializer.registerRpc('thenable', () => ({ then: (resolve) => resolve('from then') }));`,
  );
  const answers = await Promise.all(['a', 'b', 'c'].map((payload) => host.rpc('sleep', nobody, payload)));
  assert.deepEqual(answers, ['a', 'b', 'c']);
  assert.equal(await host.rpc('thenable', nobody, ''), 'from then');
});

test('many calls at once are each answered with their own', async (t) => {
  const { host } = await gameHost(t, `initializer.registerRpc('echo', (ctx, logger, nk, payload) => payload);`);
  const payloads = Array.from({ length: 500 }, (_, i) => `call ${i}`);
  assert.deepEqual(await Promise.all(payloads.map((payload) => host.rpc('echo', nobody, payload))), payloads);
});
