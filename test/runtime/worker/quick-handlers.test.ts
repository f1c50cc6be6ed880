import assert from 'node:assert/strict';
import test from 'node:test';
import { QuickHandlers } from '../../../src/runtime/worker/quick-handlers.ts';

const HANDLER = 7;

function learned(handlers: QuickHandlers, times: number): boolean {
  for (let i = 0; i < times; i++) handlers.learn(HANDLER, 0.1, true);
  return handlers.isQuick(HANDLER);
}

test('a handler counts as quick when it was so two hundred times in a row', () => {
  const handlers = new QuickHandlers();
  assert.equal(learned(handlers, 199), false);
  assert.equal(learned(handlers, 1), true);
  assert.equal(handlers.isQuick(HANDLER + 1), false);
});

test('one that asked something, or went on after its entry, begins anew', () => {
  const handlers = new QuickHandlers();
  learned(handlers, 199);
  handlers.learn(HANDLER, 0.1, false);
  assert.equal(learned(handlers, 199), false);
  assert.equal(learned(handlers, 1), true);
});

test('an entry that took long does not count', () => {
  const handlers = new QuickHandlers();
  learned(handlers, 199);
  handlers.learn(HANDLER, 5, true);
  assert.equal(handlers.isQuick(HANDLER), false);
  assert.equal(learned(handlers, 1), true);
});

test('one that was not what it counted as must be quick for twice as long', () => {
  const handlers = new QuickHandlers();
  learned(handlers, 200);
  handlers.wasNot(HANDLER);
  assert.equal(learned(handlers, 399), false);
  assert.equal(learned(handlers, 1), true);
  handlers.wasNot(HANDLER);
  assert.equal(learned(handlers, 799), false);
  assert.equal(learned(handlers, 1), true);
});
