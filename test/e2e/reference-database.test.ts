import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { sql } from 'kysely';
import { openDatabase } from '../../src/database/database.ts';
import { migrations, referenceMigrationIds } from '../../src/database/migrations/migrations.ts';
import { ada, bert, cleo, groupId, makeReferenceDatabase } from '../fixtures/reference-database.ts';
import { createTestDatabase } from '../support/databases.ts';
import { moduleFolder } from '../support/module-folder.ts';
import { startTestServer } from '../support/server.ts';

const kinds = process.env.NK_TEST_POSTGRES ? ['the embedded database', 'PostgreSQL'] : ['the embedded database'];

for (const kind of kinds) {
  describe(`a database that Nakama has made, on ${kind}`, () => {
    it('is served as it is: players sign in, find what is theirs, and play on', async () => {
      const url = await databaseUrl(kind);
      await within(url, (db) => makeReferenceDatabase(db));
      const server = await startTestServer({ database: url });

      // biome-ignore lint/suspicious/noExplicitAny: tests reach into it
      const call = async (method: string, path: string, authorization: string, body?: unknown): Promise<any> => {
        const response = await fetch(`${server.url}${path}`, {
          method,
          headers: { authorization },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        const answer = await response.json();
        return response.ok ? answer : { status: response.status };
      };
      const serverKey = `Basic ${Buffer.from('defaultkey:').toString('base64')}`;
      const signIn = async (by: string, account: object) =>
        call('POST', `/v2/account/authenticate/${by}?create=false`, serverKey, account);

      const { token } = await signIn('device', { id: ada.deviceId });
      const asAda = (method: string, path: string, body?: unknown) => call(method, path, `Bearer ${token}`, body);
      const { user, wallet } = await asAda('GET', '/v2/account');
      assert.deepEqual(
        [user.id, user.display_name, user.metadata, wallet, user.create_time],
        [ada.id, 'Ada', '{"level": 7}', '{"gems": 3, "gold": 9223372036854775807}', '2025-05-01T08:00:00Z'],
      );
      const { friends } = await asAda('GET', '/v2/friend');
      assert.deepEqual([friends[0].user.id, friends[0].state], [bert.id, 0]);
      const { user_groups } = await asAda('GET', `/v2/user/${ada.id}/group`);
      assert.deepEqual(
        [user_groups[0].group.id, user_groups[0].group.edge_count, user_groups[0].state],
        [groupId, 2, 0],
      );
      const { notifications } = await asAda('GET', '/v2/notification');
      assert.ok(notifications.some(({ code }: { code: number }) => code === -2));
      const version = '0123456789abcdef0123456789abcdef';
      const object_ids = [{ collection: 'saves', key: 'one', user_id: ada.id }];
      const { objects } = await asAda('POST', '/v2/storage', { object_ids });
      assert.deepEqual([objects[0].value, objects[0].version], ['{"n": 12345678901234567890}', version]);
      const { acks } = await asAda('PUT', '/v2/storage', {
        objects: [{ collection: 'saves', key: 'one', value: '{"n": 1}', version }],
      });
      assert.equal(acks[0].user_id, ada.id);
      const locked = [{ collection: 'saves', key: 'all', value: '{}' }];
      assert.deepEqual(await asAda('PUT', '/v2/storage', { objects: locked }), { status: 400 });

      const { email, password } = bert;
      assert.ok((await signIn('email', { email, password })).token);
      assert.deepEqual(await signIn('email', { email, password: 'another one' }), { status: 401 });
      assert.deepEqual(await signIn('custom', { id: cleo.customId }), { status: 403 });
      await server.stop();

      await within(url, async (db) => {
        const { rows } = await sql<{ id: string; at: string }>`
          select id, applied_at::text as at from migration_info order by id`.execute(db);
        assert.deepEqual(
          rows.map(({ id }) => id),
          [...referenceMigrationIds].sort(),
        );
        assert.deepEqual(new Set(rows.map(({ at }) => at.slice(0, 4))), new Set(['2026']));
        const own = await db.selectFrom('nk_migration').select('id').execute();
        assert.equal(own.length, migrations.length);
      });
    });
  });
}

/** The address of a new, empty database. */
async function databaseUrl(kind: string): Promise<string> {
  if (kind === 'the embedded database') return `pglite:${await moduleFolder({ after }, {})}`;
  const { url, drop } = await createTestDatabase(process.env.NK_TEST_POSTGRES!);
  after(drop);
  return url;
}

/** Does something with a database as it is, without the server. */
async function within(url: string, work: (db: Parameters<typeof makeReferenceDatabase>[0]) => Promise<void>) {
  const database = await openDatabase({ url, isMigrated: false });
  try {
    await work(database.db);
  } finally {
    await database.stop();
  }
}
