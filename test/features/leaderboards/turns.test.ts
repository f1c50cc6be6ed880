import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Turns } from '../../../src/features/leaderboards/turns.ts';

it('works of one key run one after another, those of others beside them, and a failure holds up nobody', async () => {
  const turns = new Turns();
  const seen: string[] = [];
  const gates: (() => void)[] = [];
  const work =
    (name: string, fails = false) =>
    async () => {
      seen.push(`${name} begins`);
      await new Promise<void>((resolve) => gates.push(resolve));
      seen.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    };
  const settled = Promise.allSettled([
    turns.run('a', work('first', true)),
    turns.run('a', work('second')),
    turns.run('b', work('other')),
  ]);
  assert.deepEqual(seen, ['first begins', 'other begins']);
  for (let i = 0; i < 3; i++) {
    gates.shift()!();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const outcomes = (await settled).map(({ status }) => status);
  assert.deepEqual(outcomes, ['rejected', 'fulfilled', 'fulfilled']);
  assert.deepEqual(seen.slice(2), ['first ends', 'second begins', 'other ends', 'second ends']);
  assert.equal(await turns.run('a', () => Promise.resolve('again')), 'again');
});
