import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { startMaintenance } from '../../../src/database/pglite/maintenance.ts';

const CHECKPOINT_INTERVAL_MS = 5 * 60_000;

it('checkpoints after activity, vacuums now and then, and leaves an idle database alone', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const statements: string[] = [];
  let activity = 0;
  const execute = async (statement: string) => {
    activity++;
    statements.push(statement);
  };
  const end = startMaintenance(execute, () => activity, assert.ifError);

  t.mock.timers.tick(CHECKPOINT_INTERVAL_MS);
  await turn();
  assert.deepEqual(statements, []);

  for (let interval = 0; interval < 6; interval++) {
    activity++;
    t.mock.timers.tick(CHECKPOINT_INTERVAL_MS);
    await turn();
    t.mock.timers.tick(CHECKPOINT_INTERVAL_MS);
    await turn();
  }
  assert.deepEqual(statements, [...Array(6).fill('checkpoint'), 'vacuum analyze']);

  end();
  activity++;
  t.mock.timers.tick(CHECKPOINT_INTERVAL_MS);
  await turn();
  assert.equal(statements.length, 7);
});

it('reports what fails and goes on', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const failure = new Error('disk full');
  const errors: unknown[] = [];
  let activity = 0;
  const end = startMaintenance(
    () => Promise.reject(failure),
    () => activity,
    (error) => errors.push(error),
  );
  for (let interval = 0; interval < 2; interval++) {
    activity++;
    t.mock.timers.tick(CHECKPOINT_INTERVAL_MS);
    await turn();
  }
  end();
  assert.deepEqual(errors, [failure, failure]);
});
