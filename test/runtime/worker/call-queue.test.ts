import assert from 'node:assert/strict';
import test from 'node:test';
import { CallQueue } from '../../../src/runtime/worker/call-queue.ts';
import type { WorkerCall } from '../../../src/runtime/worker/slot.ts';

const LIGHT = 1;
const PARKING = 2;

function call(id: number, handler = LIGHT, alone = false, series = 0): WorkerCall {
  return {
    id,
    handler,
    series,
    context: 0,
    contextText: '',
    record: '',
    receivedAt: id,
    entered: false,
    alone,
    effects: false,
  };
}

const ids = (calls: readonly WorkerCall[]) => calls.map(({ id }) => id);

function queueOf(...calls: WorkerCall[]): CallQueue {
  const queue = new CallQueue();
  queue.learnParks(PARKING);
  for (const each of calls) queue.add(each);
  return queue;
}

test('calls that do not wait enter together, in their order', () => {
  const queue = queueOf(call(1), call(2), call(3));
  assert.deepEqual(ids(queue.take(1)), [1, 2, 3]);
  assert.equal(queue.size, 0);
  assert.deepEqual(queue.take(1), []);
});

test('calls of handlers that wait are kept apart and shared out among the idle isolates', () => {
  const queue = queueOf(call(1, PARKING), call(2), call(3, PARKING), call(4, PARKING), call(5, PARKING));
  assert.deepEqual(ids(queue.take(2)), [1, 3]);
  assert.deepEqual(ids(queue.take(1)), [2]);
  assert.deepEqual(ids(queue.take(1)), [4, 5]);
});

test('a handler that has not waited for long counts as one that does not', () => {
  const queue = queueOf();
  for (let i = 0; i < 63; i++) queue.learnCalm([call(1, PARKING)]);
  queue.add(call(1, PARKING));
  queue.add(call(2, PARKING));
  assert.deepEqual([ids(queue.take(2)), ids(queue.take(1))], [[1], [2]]);
  queue.learnCalm([call(1, PARKING)]);
  queue.add(call(3, PARKING));
  queue.add(call(4, PARKING));
  assert.deepEqual(ids(queue.take(2)), [3, 4]);
});

test('calls that were given back are the next ones', () => {
  const queue = queueOf(call(1), call(2), call(3));
  const [first, ...others] = queue.take(1);
  queue.add(call(4));
  queue.putBack(others);
  assert.equal(first?.id, 1);
  assert.deepEqual(ids(queue.take(1)), [2, 3, 4]);
});

test('a call that must be alone shares its entry with none', () => {
  const queue = queueOf(call(1), call(2, LIGHT, true), call(3));
  assert.deepEqual(ids(queue.take(1)), [1]);
  assert.deepEqual(ids(queue.take(1)), [2]);
  assert.deepEqual(ids(queue.take(1)), [3]);
});

test('calls that have waited too long are taken out', () => {
  const queue = queueOf(call(1), call(2, PARKING), call(3), call(4, PARKING));
  assert.deepEqual(ids(queue.takeOlderThan(3)), [1, 2]);
  assert.equal(queue.size, 2);
});

test('the order holds through many takes', () => {
  const queue = queueOf();
  const seen: number[] = [];
  for (let id = 1; id <= 20_000; id++) {
    queue.add(call(id));
    if (id % 300 === 0) seen.push(...ids(queue.take(1)));
  }
  while (queue.size > 0) seen.push(...ids(queue.take(1)));
  assert.deepEqual(
    seen,
    Array.from({ length: 20_000 }, (_, i) => i + 1),
  );
});

test('calls of one series enter together, the first of them standing in line for all', () => {
  const queue = queueOf(call(1, LIGHT, false, 7), call(2), call(3, LIGHT, false, 7), call(4, LIGHT, false, 8));
  assert.deepEqual(ids(queue.take(1)), [1, 3, 2, 4]);
});

test('a call of a series waits for those of it that are in an isolate', () => {
  const [first, second, third] = [1, 2, 3].map((id) => call(id, LIGHT, false, 7));
  const queue = queueOf(first!);
  assert.deepEqual(ids(queue.take(1)), [1]);
  queue.add(second!);
  queue.add(third!);
  assert.deepEqual(queue.take(1), []);
  queue.ended(first!);
  assert.deepEqual(ids(queue.take(1)), [2, 3]);
  queue.ended(second!);
  assert.deepEqual(queue.take(1), []);
});

test('calls of a series that came back wait for the one before them', () => {
  const [first, second, third] = [1, 2, 3].map((id) => call(id, LIGHT, false, 7));
  const queue = queueOf(first!, second!, third!);
  queue.take(1);
  queue.putBack([second!, third!]);
  assert.deepEqual(queue.take(1), []);
  queue.ended(first!);
  assert.deepEqual(ids(queue.take(1)), [2, 3]);
});

test('nothing of a series enters along with a handler that waits, must be alone or is known to go on', () => {
  const lingering = 3;
  for (const [handler, alone] of [
    [PARKING, false],
    [LIGHT, true],
    [lingering, false],
  ] as const) {
    const [first, second] = [call(10, lingering, false, 6), call(11, LIGHT, false, 6)];
    const queue = queueOf(first, second);
    queue.take(1);
    queue.putBack([second]);
    queue.learnLingering([second]);
    queue.add(call(1, handler, alone, 7));
    queue.add(call(2, LIGHT, false, 7));
    assert.deepEqual(ids(queue.take(1)), [1]);
  }
});

test('while light calls are held only the others are given out', () => {
  const queue = queueOf(call(1), call(2, PARKING), call(3));
  assert.deepEqual(ids(queue.take(1, true)), [2]);
  assert.deepEqual(queue.take(1, true), []);
  assert.equal(queue.size, 2);
  assert.deepEqual(ids(queue.take(1)), [1, 3]);
});
