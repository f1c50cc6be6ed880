import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OrderedScores } from '../../../../src/features/leaderboards/ranks/ordered-scores.ts';
import type { ScorePlace } from '../../../../src/features/leaderboards/record-queries.ts';

const MAX_INT8 = 2n ** 63n - 1n;

/** Numbers below a bound, the same ones for the same seed. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** An owner id that has a number at its end: one after another, unlike random ones. */
function ownerAt(i: number): string {
  return `00000000-0000-4000-8000-${i.toString(16).padStart(12, '0')}`;
}

function compare(a: ScorePlace, b: ScorePlace): number {
  for (const key of ['score', 'subscore', 'ownerId'] as const) {
    if (a[key] !== b[key]) return a[key] < b[key] ? -1 : 1;
  }
  return 0;
}

function check(scores: OrderedScores, expected: Iterable<ScorePlace>): void {
  const sorted = [...expected].sort(compare);
  assert.equal(scores.size, sorted.length);
  for (const [i, place] of sorted.entries()) {
    assert.equal(scores.indexOf(place.ownerId), i);
    assert.deepEqual(scores.at(i), place);
  }
  assert.equal(scores.at(sorted.length), undefined);
}

describe('ordered scores', () => {
  it('are in the order of score, subscore and owner', () => {
    const scores = new OrderedScores();
    const ids = ['ffffffff-ffff-4fff-bfff-ffffffffffff', '0a1b2c3d-4e5f-4a6b-8c7d-9e8f7a6b5c4d'];
    const places: ScorePlace[] = [
      { score: MAX_INT8, subscore: 0n, ownerId: ids[0]! },
      { score: 2n ** 32n, subscore: 2n ** 40n + 1n, ownerId: ids[1]! },
      { score: 2n ** 32n, subscore: 2n ** 40n, ownerId: ownerAt(1) },
      { score: 2n ** 32n - 1n, subscore: MAX_INT8, ownerId: ownerAt(2) },
      { score: 0n, subscore: 0n, ownerId: ownerAt(4) },
      { score: 0n, subscore: 0n, ownerId: ownerAt(3) },
    ];
    for (const place of places) scores.put(place);
    check(scores, places);
  });

  it('know nothing of an owner who has none', () => {
    const scores = new OrderedScores();
    assert.equal(scores.indexOf(ownerAt(1)), -1);
    assert.equal(scores.at(0), undefined);
    scores.delete(ownerAt(1));
    scores.put({ score: 1n, subscore: 0n, ownerId: ownerAt(1) });
    assert.equal(scores.indexOf(ownerAt(2)), -1);
    assert.equal(scores.at(-1), undefined);
  });

  for (const [name, seed, owners, range] of [
    ['few owners who often change', 1, 50, 10],
    ['many owners, many ties', 2, 6_000, 20],
    ['many owners, few ties', 3, 6_000, 1_000_000],
  ] as const) {
    it(`agree with a sorted list: ${name}`, () => {
      const random = randomFrom(seed);
      const scores = new OrderedScores();
      const expected = new Map<string, ScorePlace>();
      const steps = owners * 3;
      for (let step = 0; step < steps; step++) {
        const ownerId = ownerAt(random(owners));
        if (random(4) === 0) {
          scores.delete(ownerId);
          expected.delete(ownerId);
        } else {
          const place = { score: BigInt(random(range)), subscore: BigInt(random(2)), ownerId };
          scores.put(place);
          expected.set(ownerId, place);
        }
      }
      check(scores, expected.values());
      // Chunks empty and grow together again.
      for (const ownerId of [...expected.keys()]) {
        if (random(10) === 0) continue;
        scores.delete(ownerId);
        expected.delete(ownerId);
      }
      check(scores, expected.values());
    });
  }

  it('take no more room for having changed often, and less of it when most are gone', () => {
    const scores = new OrderedScores();
    const putAll = (round: number) => {
      for (let i = 0; i < 5_000; i++) {
        scores.put({ score: BigInt(((i + round) * 7_919) % 5_000), subscore: 0n, ownerId: ownerAt(round * 5_000 + i) });
      }
    };
    const deleteAll = (round: number) => {
      for (let i = 0; i < 5_000; i++) scores.delete(ownerAt(round * 5_000 + i));
    };
    putAll(0);
    const full = scores.byteLength;
    assert.ok(full < 5_000 * 80, `${full} bytes`);
    for (let round = 0; round < 5; round++) {
      deleteAll(round);
      putAll(round + 1);
    }
    assert.ok(scores.byteLength <= full * 1.1, `${scores.byteLength} bytes after ${full}`);
    for (let i = 0; i < 5_000; i++) if (i % 50 !== 0) scores.delete(ownerAt(25_000 + i));
    // What is left in chunks would fit into one.
    assert.ok(full - scores.byteLength > 4 * 4_096, `${scores.byteLength} bytes after ${full}`);
  });

  it('that come in order, rising or falling, are as good as others', () => {
    for (const direction of [1, -1]) {
      const scores = new OrderedScores();
      const places = Array.from({ length: 3_000 }, (_, i) => ({
        score: BigInt(direction === 1 ? i : 3_000 - i),
        subscore: 0n,
        ownerId: ownerAt(i),
      }));
      for (const place of places) scores.put(place);
      check(scores, places);
    }
  });
});
