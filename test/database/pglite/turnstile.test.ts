import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Turnstile } from '../../../src/database/pglite/turnstile.ts';

it('statements pass together until one wants the connection alone; then in the order in which they came', async () => {
  const turnstile = new Turnstile();
  const order: string[] = [];
  const note = (name: string) => () => {
    order.push(name);
  };
  assert.equal(turnstile.pass(), undefined);
  await turnstile.hold();
  const waiting = [
    turnstile.pass()?.then(note('a')),
    turnstile.hold().then(note('alone')),
    turnstile.pass()?.then(note('b')),
  ];
  turnstile.release();
  await Promise.all(waiting.slice(0, 2));
  assert.deepEqual(order, ['a', 'alone']);
  assert.notEqual(turnstile.pass(), undefined);
  turnstile.release();
  await waiting[2];
  assert.deepEqual(order, ['a', 'alone', 'b']);
});

it('who waits for a transaction that never ends is told why', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const turnstile = new Turnstile();
  await turnstile.hold();
  const waiting = turnstile.pass();
  t.mock.timers.tick(30_000);
  await assert.rejects(waiting ?? Promise.resolve(), /inside inTransaction, use the transaction it gives/);
  turnstile.release();
  assert.equal(turnstile.pass(), undefined);
});

it('does not let the queue grow without end', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const turnstile = new Turnstile();
  await turnstile.hold();
  const waiting = Array.from({ length: 20_000 }, () => turnstile.pass());
  await assert.rejects(turnstile.pass() ?? Promise.resolve(), /more than 20000 statements wait/);
  turnstile.release();
  await Promise.all(waiting);
});
