import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { migrateUp, migrationStatus } from '../../src/database/migrate-command.ts';
import { migrations } from '../../src/database/migrations/migrations.ts';
import { createTestDatabase } from '../support/databases.ts';

describe('nk migrate', { skip: !process.env.NK_TEST_POSTGRES }, () => {
  it('shows what is to be done, does it once, and shows that it is done', async () => {
    const { url, drop } = await createTestDatabase(process.env.NK_TEST_POSTGRES ?? '');
    const ids = migrations.map(({ id }) => id);
    const before = await migrationStatus(url);
    assert.deepEqual(
      before,
      ids.map((id) => ({ id, appliedAt: null })),
    );
    assert.deepEqual(await migrateUp(url), ids);
    assert.deepEqual(await migrateUp(url), []);
    assert.ok((await migrationStatus(url)).every(({ appliedAt }) => appliedAt !== null));
    await drop();
  });
});
