import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { CallSender } from '../../../src/runtime/host/call-sender.ts';

/** A sender whose pipe notes what leaves: held calls when they are released, or with one that is sent. */
function sender(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const gone: string[] = [];
  let held: string[] = [];
  const release = () => {
    gone.push(...held);
    held = [];
  };
  const calls = new CallSender({
    send(head) {
      held.push(head);
      release();
    },
    hold: (head) => void held.push(head),
    release,
  });
  return { calls, gone };
}

test('a call to a worker that has spoken since the last one leaves at once', (t) => {
  const { calls, gone } = sender(t);
  calls.send('1', '');
  calls.heard();
  calls.send('2', '');
  assert.deepEqual(gone, ['1', '2']);
});

test('calls to a worker that has not spoken since wait until it does', (t) => {
  const { calls, gone } = sender(t);
  for (const head of ['1', '2', '3']) calls.send(head, '');
  assert.deepEqual(gone, ['1']);
  calls.heard();
  assert.deepEqual(gone, ['1', '2', '3']);
  calls.send('4', '');
  assert.deepEqual(gone, ['1', '2', '3']);
});

test('they wait a millisecond at most', (t) => {
  const { calls, gone } = sender(t);
  calls.send('1', '');
  calls.send('2', '');
  t.mock.timers.tick(1);
  assert.deepEqual(gone, ['1', '2']);
  calls.send('3', '');
  assert.deepEqual(gone, ['1', '2']);
  t.mock.timers.tick(1);
  assert.deepEqual(gone, ['1', '2', '3']);
});

test('a worker that is gone is sent nothing', (t) => {
  const { calls, gone } = sender(t);
  calls.send('1', '');
  calls.send('2', '');
  calls.stop();
  t.mock.timers.tick(10);
  assert.deepEqual(gone, ['1']);
});

test('what need not go at once goes with whatever is sent next, and at its time at the latest', (t) => {
  const { calls, gone } = sender(t);
  calls.sendWithin(8, 'a', '');
  calls.sendWithin(8, 'b', '');
  t.mock.timers.tick(7);
  assert.deepEqual(gone, []);
  t.mock.timers.tick(1);
  assert.deepEqual(gone, ['a', 'b']);
  calls.sendWithin(8, 'c', '');
  calls.send('1', '');
  assert.deepEqual(gone, ['a', 'b', 'c', '1']);
});
