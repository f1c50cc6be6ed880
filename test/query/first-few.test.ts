import assert from 'node:assert/strict';
import { it } from 'node:test';
import { FirstFew } from '../../src/query/first-few.ts';

const ascending = (a: number, b: number) => a - b;

function firstOf(limit: number, values: readonly number[]): number[] {
  const few = new FirstFew<number>(limit, ascending);
  for (const value of values) few.add(value);
  return few.sorted();
}

it('the first few of many are what sorting them all gives', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const values = Array.from({ length: seed }, (_, i) => (i * seed * 7919) % 101);
    for (const limit of [1, 2, 10, seed, seed + 1]) {
      assert.deepEqual(firstOf(limit, values), values.toSorted(ascending).slice(0, limit), `${seed} ${limit}`);
    }
  }
});
