import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { windowSizes } from '../../../src/features/leaderboards/record-list.ts';

describe('the window around an owner', () => {
  it('has half of it, rounded down, after the owner and the rest before', () => {
    for (const [limit, before, after] of [
      [1, 0, 0],
      [2, 0, 1],
      [3, 1, 1],
      [4, 1, 2],
      [100, 49, 50],
    ] as const) {
      assert.deepEqual(windowSizes(limit, 1000, 1000), { before, after }, `limit ${limit}`);
    }
  });

  it('is filled from the other side where one has too few', () => {
    assert.deepEqual(windowSizes(5, 0, 100), { before: 0, after: 4 });
    assert.deepEqual(windowSizes(5, 1, 100), { before: 1, after: 3 });
    assert.deepEqual(windowSizes(5, 100, 0), { before: 4, after: 0 });
    assert.deepEqual(windowSizes(5, 100, 1), { before: 3, after: 1 });
  });

  it('is as large as it may be, and never larger', () => {
    for (let limit = 1; limit <= 7; limit++) {
      for (let countBefore = 0; countBefore <= 8; countBefore++) {
        for (let countAfter = 0; countAfter <= 8; countAfter++) {
          const { before, after } = windowSizes(limit, countBefore, countAfter);
          assert.ok(before <= countBefore && after <= countAfter);
          assert.equal(before + 1 + after, Math.min(limit, countBefore + 1 + countAfter));
        }
      }
    }
  });
});
