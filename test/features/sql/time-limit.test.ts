import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openDatabase } from '../../../src/database/database.ts';
import { moduleFolder } from '../../support/module-folder.ts';
import { signIn } from '../../support/players.ts';
import { databaseKinds, freshDatabase, startTestServer } from '../../support/server.ts';

const module = `
const ENDLESS = 'SELECT count(*) /* endless */ FROM generate_series(1, 1000000000000) n';
function endless(ctx, logger, nk) { return JSON.stringify(nk.sqlQuery(ENDLESS)); }
async function endlessAsync(ctx, logger, nk) { return JSON.stringify(await nk.async.sqlQuery(ENDLESS)); }
function quick(ctx, logger, nk) { return JSON.stringify(nk.sqlQuery('SELECT 1 AS one')); }
function InitModule(ctx, logger, nk, initializer) {
  initializer.registerRpc('endless', endless);
  initializer.registerRpc('endlessasync', endlessAsync);
  initializer.registerRpc('quick', quick);
}`;

for (const kind of databaseKinds) {
  describe(`a module's endless statement, on ${kind}`, () => {
    let database = '';
    let server: Awaited<ReturnType<typeof startTestServer>>;
    before(async () => {
      database = await freshDatabase(kind);
      const modulesDir = await moduleFolder({ after }, { 'main.js': module });
      server = await startTestServer({ modulesDir, database, config: { 'runtime.limits.call_time_ms': 1500 } });
    });

    for (const rpc of ['endless', 'endlessasync']) {
      test(`${rpc}: ends with its call, and others are served again`, async () => {
        const player = await signIn(server);
        const failing = player.client.rpc(player.session, rpc, {});
        await assert.rejects(failing, (response: Response) => response.status === 500);
        assert.deepEqual((await player.client.rpc(player.session, 'quick', {})).payload, [{ one: 1 }]);
        assert.equal((await player.client.getAccount(player.session)).user?.id, player.userId);
      });
    }

    test('nothing of it runs on at the server', { skip: kind === 'memory' }, async () => {
      const { db, stop } = await openDatabase({ url: database, isMigrated: false });
      const running = () =>
        db.executeQuery<{ query: string }>({
          ...db.selectFrom('users').selectAll().compile(),
          sql: `select query from pg_stat_activity where datname = current_database() and state = 'active' and pid <> pg_backend_pid()`,
        });
      while ((await running()).rows.some(({ query }) => query.includes('endless')));
      await stop();
    });
  });
}
