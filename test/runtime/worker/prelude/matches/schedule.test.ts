import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import type { Match } from '../../../../../src/runtime/worker/prelude/matches/match.ts';

/** As much of a match as is scheduled. */
const matchAt = (rate: number) => ({ rate, dueMs: 0, isScheduled: false }) as Match;

/** A schedule of its own with a clock that stands until it is set. */
async function schedule(t: TestContext) {
  t.mock.timers.enable({ apis: ['Date'], now: 1_000_000 });
  const fresh: typeof import('../../../../../src/runtime/worker/prelude/matches/schedule.ts') = await import(
    `../../../../../src/runtime/worker/prelude/matches/schedule.ts?${Math.random()}`
  );
  const { setClock, dueMatch, nextMatch, scheduleFirst, scheduleNext, unschedule } = fresh;
  /** Lets time pass and gives the loops that ran, with when they were due. */
  const run = (untilMs: number, isIdle = false) => {
    const loops: [Match, number][] = [];
    for (let next = nextMatch(); next && next.dueMs <= untilMs; next = nextMatch()) {
      setClock(isIdle ? untilMs : next.dueMs);
      const due = dueMatch()!;
      loops.push([due, due.dueMs]);
      unschedule(due);
      scheduleNext(due);
    }
    setClock(untilMs);
    return loops;
  };
  setClock(0);
  return { run, setClock, dueMatch, nextMatch, scheduleFirst, unschedule };
}

test('loops come a period after each other, without drift', async (t) => {
  const { scheduleFirst, run } = await schedule(t);
  for (const rate of [1, 3, 10, 60]) {
    const match = matchAt(rate);
    scheduleFirst(match);
    const from = match.dueMs;
    const ran = run(from + 60_000).filter(([other]) => other === match);
    const last = ran.at(-1)![1];
    assert.ok(Math.abs((last - from) * rate - 1000 * (ran.length - 1)) < 1e-3, `rate ${rate}`);
  }
});

test('matches of one rate share four moments of their period, evenly', async (t) => {
  const { scheduleFirst } = await schedule(t);
  const counts = new Map<number, number>();
  for (let i = 0; i < 100; i++) {
    const match = matchAt(10);
    scheduleFirst(match);
    const moment = match.dueMs % 100;
    counts.set(moment, (counts.get(moment) ?? 0) + 1);
  }
  assert.deepEqual([...counts.entries()].sort(), [
    [0, 25],
    [25, 25],
    [50, 25],
    [75, 25],
  ]);
});

test('the one that is due first comes first, whatever its rate', async (t) => {
  const { scheduleFirst, nextMatch, unschedule } = await schedule(t);
  const matches = [1, 60, 7, 30, 60].map(matchAt);
  for (const match of matches) scheduleFirst(match);
  const order: number[] = [];
  for (let next = nextMatch(); next; next = nextMatch()) {
    order.push(next.dueMs);
    unschedule(next);
  }
  assert.deepEqual(
    order,
    order.toSorted((a, b) => a - b),
  );
  assert.equal(order.length, 5);
});

test('loops that are a little late are made up for; of a long silence most are left out, and the moment is kept', async (t) => {
  const { scheduleFirst, run } = await schedule(t);
  const match = matchAt(10);
  scheduleFirst(match);
  const from = match.dueMs;
  assert.equal(run(from + 200, true).length, 3, 'two late ones, and the one that is due');
  const afterSilence = run(from + 100_000, true);
  assert.ok(afterSilence.length <= 4, `${afterSilence.length} loops at once`);
  assert.equal(Math.round(match.dueMs - from) % 100, 0);
});

test('one that was taken out is not due', async (t) => {
  const { scheduleFirst, unschedule, nextMatch } = await schedule(t);
  const [a, b] = [matchAt(10), matchAt(10)];
  scheduleFirst(a);
  scheduleFirst(b);
  unschedule(a);
  unschedule(a);
  assert.equal(nextMatch(), b);
  unschedule(b);
  assert.equal(nextMatch(), undefined);
});
