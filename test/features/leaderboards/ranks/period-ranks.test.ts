import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Board } from '../../../../src/features/leaderboards/board.ts';
import { PeriodRanks } from '../../../../src/features/leaderboards/ranks/period-ranks.ts';
import type { ScoreRow } from '../../../../src/features/leaderboards/record-queries.ts';

const STORED = 2_500;
const ownerAt = (i: number) => `00000000-0000-4000-8000-${i.toString(16).padStart(12, '0')}`;
/** What the database has: owner i with the score i. */
const stored: ScoreRow[] = Array.from({ length: STORED }, (_, i) => ({
  owner_id: ownerAt(i),
  score: BigInt(i),
  subscore: 0n,
}));

function boardOf(isDescending: boolean): Board {
  return new Board({
    id: 'board',
    authoritative: false,
    isDescending,
    operator: 0,
    resetSchedule: null,
    metadata: '{}',
    hasRanks: true,
    createMicros: 1n,
  });
}

/** Ranks that are read from `stored`; each page comes when it is let through. */
function reading(isDescending = false) {
  const asked: (() => void)[] = [];
  const ranks = new PeriodRanks({ board: boardOf(isDescending), endSec: 0 }, (after, limit) => {
    const rows = stored.filter(({ score }) => score > after.score).slice(0, limit);
    return new Promise((resolve) => asked.push(() => resolve(rows)));
  });
  const letPageThrough = async () => {
    asked.shift()!();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { ranks, letPageThrough };
}

describe('ranks of a period', () => {
  it('begin at the lowest score, or on a descending board at the highest', async () => {
    for (const isDescending of [false, true]) {
      const { ranks, letPageThrough } = reading(isDescending);
      await letPageThrough();
      assert.equal(ranks.isLoaded, false);
      await letPageThrough();
      await ranks.loaded;
      assert.equal(ranks.isLoaded, true);
      assert.equal(ranks.count, STORED);
      const first = isDescending ? STORED - 1 : 0;
      assert.equal(ranks.rankOf(ownerAt(first)), 1);
      assert.equal(ranks.at(1)!.ownerId, ownerAt(first));
      assert.equal(ranks.rankOf(ownerAt(STORED - 1 - first)), STORED);
      assert.equal(ranks.rankOf(ownerAt(STORED)), 0);
      assert.equal(ranks.at(STORED + 1), undefined);
    }
  });

  it('know what is written while they are read better than what is read', async () => {
    const { ranks, letPageThrough } = reading();
    await letPageThrough();
    // Of the page that was read, of the one to come, and somebody new.
    ranks.put({ ownerId: ownerAt(0), score: 10_001n, subscore: 0n });
    ranks.put({ ownerId: ownerAt(STORED - 1), score: 10_002n, subscore: 0n });
    ranks.put({ ownerId: ownerAt(STORED), score: 10_003n, subscore: 0n });
    await letPageThrough();
    await ranks.loaded;
    assert.equal(ranks.count, STORED + 1);
    const ranksOf = [0, STORED - 1, STORED].map((i) => ranks.rankOf(ownerAt(i)));
    assert.deepEqual(ranksOf, [STORED - 1, STORED, STORED + 1]);
  });

  it('do not bring back what is deleted while they are read', async () => {
    const { ranks, letPageThrough } = reading();
    await letPageThrough();
    ranks.delete(ownerAt(0));
    ranks.delete(ownerAt(STORED - 1));
    await letPageThrough();
    await ranks.loaded;
    assert.equal(ranks.count, STORED - 2);
    assert.equal(ranks.rankOf(ownerAt(STORED - 1)), 0);
    // Once all is read, an owner who is gone may come again.
    ranks.put({ ownerId: ownerAt(0), score: 0n, subscore: 0n });
    assert.equal(ranks.rankOf(ownerAt(0)), 1);
  });

  it('are not there when reading fails, or is no longer wanted', async () => {
    const failing = new PeriodRanks({ board: boardOf(true), endSec: 0 }, () => Promise.reject(new Error('gone')));
    await assert.rejects(failing.loaded, /gone/);
    assert.equal(failing.isLoaded, false);
    const { ranks, letPageThrough } = reading();
    ranks.end();
    await letPageThrough();
    await assert.rejects(ranks.loaded, /no longer/);
  });
});
