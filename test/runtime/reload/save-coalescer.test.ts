import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { longestWaitMs, quietMs, SaveCoalescer } from '../../../src/runtime/reload/save-coalescer.ts';

function coalescer(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const handedOn: string[][] = [];
  return {
    saves: new SaveCoalescer((files) => handedOn.push([...files])),
    handedOn,
    tick: (ms: number) => t.mock.timers.tick(ms),
  };
}

test('changes that are close together are handed on once, when they pause', (t) => {
  const { saves, handedOn, tick } = coalescer(t);
  saves.changed('a.ts');
  tick(quietMs - 1);
  saves.changed('b.ts');
  saves.changed('a.ts');
  tick(quietMs - 1);
  assert.deepEqual(handedOn, []);
  tick(1);
  assert.deepEqual(handedOn, [['a.ts', 'b.ts']]);
  tick(longestWaitMs * 2);
  assert.equal(handedOn.length, 1);
});

test('changes that never pause are handed on all the same', (t) => {
  const { saves, handedOn, tick } = coalescer(t);
  for (let passedMs = 0; passedMs <= longestWaitMs; passedMs += 10) {
    saves.changed('a.ts');
    tick(10);
  }
  assert.deepEqual(handedOn, [['a.ts']]);
});

test('after stop nothing is handed on', (t) => {
  const { saves, handedOn, tick } = coalescer(t);
  saves.changed('a.ts');
  saves.stop();
  tick(longestWaitMs);
  assert.deepEqual(handedOn, []);
});
