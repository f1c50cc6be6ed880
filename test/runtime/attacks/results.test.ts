import assert from 'node:assert/strict';
import test from 'node:test';
import { hostFor, moduleOf, nobody } from '../host/support.ts';
import { endsAs, type Outcome } from './support.ts';

const loop = `while (true);`;

const results: [name: string, source: string, outcome: Outcome][] = [
  ['a getter that loops', `({ get a() { ${loop} } })`, 'limit'],
  ['a proxy whose traps loop', `new Proxy({}, { ownKeys() { ${loop} }, get() { ${loop} } })`, 'limit'],
  ['a thenable that loops', `({ then() { ${loop} } })`, 'limit'],
  ['a getter for then that loops', `({ get then() { ${loop} } })`, 'limit'],
  ['a thenable that never settles', `({ then() {} })`, 'limit'],
  ['a thenable that throws', `({ then() { throw new Error('x'); } })`, 'harmless'],
  ['a toJSON that loops', `({ toJSON() { ${loop} } })`, 'limit'],
  ['an object that holds itself', `(() => { const a = {}; a.a = a; return a; })()`, 'harmless'],
  [
    'an object a hundred thousand deep',
    `(() => { let a = {}; for (let i = 0; i < 1e5; i++) a = { a }; return a; })()`,
    'harmless',
  ],
  ['a function', `() => 1`, 'harmless'],
  ['a BigInt', `({ a: 1n })`, 'harmless'],
  ['text with half a surrogate', `({ a: '\\ud800' })`, 'harmless'],
  ['text larger than may cross', `({ a: 'x'.repeat(3e7) })`, 'either'],
  [
    'keys of the prototype',
    `JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}')`,
    'harmless',
  ],
];

test('what hooks return cannot harm the server', async (t) => {
  const init = results
    .map(([, source], i) => `initializer.registerRtBefore('Attack${i}', () => (${source}));`)
    .join('\n');
  const { host } = await hostFor(
    t,
    [moduleOf('attacker', init), moduleOf('bystander', `initializer.registerRpc('echo', () => 'still here');`)],
    { limits: { callCpuMs: 300, callTimeMs: 1000 } },
  );
  for (const [i, [name, , outcome]] of results.entries()) {
    await t.test(name, async () => {
      await endsAs(outcome, async () => {
        const answer = await host.hook('rtBefore', `Attack${i}`)!.call(nobody, '{}');
        return JSON.stringify(JSON.parse(answer ?? 'null'));
      });
      assert.equal(await host.rpc('echo', nobody, ''), 'still here');
      assert.equal((Object.prototype as { polluted?: unknown }).polluted, undefined);
    });
  }
});
