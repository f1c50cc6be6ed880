import assert from 'node:assert/strict';
import test from 'node:test';
import { hostFor, moduleOf, nobody } from './support.ts';

test('isolates that start from one snapshot do not share their randomness', async (t) => {
  const init = (id: string) =>
    `const early = [Math.random(), nk.uuidv4()];
     initializer.registerRpc('${id}', () => JSON.stringify([...early, Math.random(), nk.uuidv4(), crypto.randomUUID()]));`;
  const { host } = await hostFor(t, [moduleOf('a', init('a')), moduleOf('b', init('b'))], { workerCount: 2 });
  const answers = await Promise.all(['a', 'a', 'b', 'b'].map((id) => host.rpc(id, nobody, '')));
  const values = answers.flatMap((answer) => JSON.parse(answer) as unknown[]);
  assert.equal(new Set(values).size, values.length);
});

test('modules share nothing but the server', async (t) => {
  const { host } = await hostFor(t, [
    moduleOf(
      'a',
      `globalThis.shared = 1; Array.prototype.own = 1; initializer.registerRpc('a', () => String(globalThis.shared));`,
    ),
    moduleOf('b', `initializer.registerRpc('b', () => String([globalThis.shared, [].own]));`),
  ]);
  assert.equal(await host.rpc('a', nobody, ''), '1');
  assert.equal(await host.rpc('b', nobody, ''), ',');
});

test('modules run in strict mode, with the date in UTC', async (t) => {
  const { host } = await hostFor(t, [
    moduleOf(
      'game',
      `initializer.registerRpc('strict', function () { let name; try { undeclared = 1; } catch (error) { name = error.name; } return name + this + new Date(0).getHours(); });`,
    ),
  ]);
  assert.equal(await host.rpc('strict', nobody, ''), 'ReferenceErrorundefined0');
});
