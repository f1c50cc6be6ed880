import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { inTransaction, openDatabase } from '../../src/database/database.ts';
import { createTestDatabase } from '../support/databases.ts';

const serverUrl = process.env.NK_TEST_POSTGRES;

describe('stopping the database finishes what was begun', () => {
  it('on PGlite', () => stopMeanwhile('memory'));

  it('on PostgreSQL', { skip: !serverUrl }, async () => {
    const { url, drop } = await createTestDatabase(serverUrl ?? '');
    await stopMeanwhile(url).finally(drop);
  });
});

async function stopMeanwhile(url: string): Promise<void> {
  const { db, stop } = await openDatabase({ url });
  const users = Array.from({ length: 50 }, () => randomUUID());
  const begun = Promise.allSettled([
    ...users.map((id) => db.insertInto('users').values({ id, username: id }).execute()),
    inTransaction(db, async (transaction) => {
      const id = randomUUID();
      await transaction.insertInto('users').values({ id, username: id }).execute();
      return transaction.selectFrom('users').select('id').where('id', '=', id).execute();
    }),
  ]);
  // What is begun has taken its place by the next turn.
  await new Promise((resolve) => setImmediate(resolve));
  await stop();
  const failed = (await begun).filter((outcome) => outcome.status === 'rejected');
  assert.deepEqual(failed, []);
}
