import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { RecordSender } from '../../../src/runtime/worker/record-sender.ts';

/** A sender whose pipe notes what leaves together, and whether more is to come. */
function sender(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout', 'setImmediate'] });
  const frames: string[][] = [];
  let held: string[] = [];
  const state = { isMoreComing: false };
  const records = new RecordSender(
    {
      holdRecord: (record) => void held.push(record),
      flush() {
        frames.push(held);
        held = [];
      },
    },
    () => state.isMoreComing,
  );
  return { records, frames, state, endTurn: () => t.mock.timers.tick(0) };
}

test('records of one turn leave together at its end', (t) => {
  const { records, frames, endTurn } = sender(t);
  records.send('1');
  records.send('2');
  assert.deepEqual(frames, []);
  endTurn();
  records.send('3');
  endTurn();
  assert.deepEqual(frames, [['1', '2'], ['3']]);
});

test('while more is coming they wait for it', (t) => {
  const { records, frames, state } = sender(t);
  state.isMoreComing = true;
  records.send('1');
  t.mock.timers.tick(0);
  assert.deepEqual(frames, []);
  state.isMoreComing = false;
  records.send('2');
  t.mock.timers.tick(0);
  assert.deepEqual(frames, [['1', '2']]);
  t.mock.timers.tick(10);
  assert.deepEqual(frames, [['1', '2']]);
});

test('they wait a millisecond at most', (t) => {
  const { records, frames, state } = sender(t);
  state.isMoreComing = true;
  records.send('1');
  t.mock.timers.tick(0);
  records.send('2');
  t.mock.timers.tick(1);
  assert.deepEqual(frames, [['1', '2']]);
});
