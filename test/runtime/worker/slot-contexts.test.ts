import assert from 'node:assert/strict';
import test from 'node:test';
import { SlotContexts } from '../../../src/runtime/worker/slot-contexts.ts';

const alice = { context: 1, contextText: '{"userId":"alice"}' };
const told = 'O 1\t{"userId":"alice"}\n';

test('an isolate is told a context once; a call that brings its own has nothing before it', () => {
  const contexts = new SlotContexts();
  assert.deepEqual([contexts.before(alice), contexts.before(alice)], [told, '']);
  assert.equal(contexts.before({ context: 0, contextText: '' }), '');
  assert.equal(contexts.opening(), '');
});

test('once all are to be forgotten the next entry begins with that, and what is still needed is told again', () => {
  const contexts = new SlotContexts();
  contexts.before(alice);
  contexts.forget();
  assert.deepEqual([contexts.opening(), contexts.before(alice)], ['o\t\n', told]);
  assert.deepEqual([contexts.opening(), contexts.before(alice)], ['', '']);
});

test('what may not have been read is told again', () => {
  const contexts = new SlotContexts();
  contexts.before(alice);
  contexts.lose();
  assert.deepEqual([contexts.opening(), contexts.before(alice)], ['', told]);
});
