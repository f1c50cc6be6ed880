import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { moduleFolder } from '../../support/module-folder.ts';
import { signIn } from '../../support/players.ts';
import { databaseKinds, suiteServer } from '../../support/server.ts';

const modulesDir = await moduleFolder(
  { after },
  {
    'main.js': `
const ENDLESS = 'SELECT count(*) /* endless */ FROM generate_series(1, 1000000000000) n';
const RUNNING = "SELECT query FROM pg_stat_activity WHERE state = 'active' AND datname = current_database()"
  + " AND pid <> pg_backend_pid() AND query LIKE '%endless%'";
function endless(ctx, logger, nk) { return JSON.stringify(nk.sqlQuery(ENDLESS)); }
async function endlessAsync(ctx, logger, nk) { return JSON.stringify(await nk.async.sqlExec(ENDLESS)); }
function running(ctx, logger, nk) { return JSON.stringify(nk.sqlQuery(RUNNING)); }
function InitModule(ctx, logger, nk, initializer) {
  initializer.registerRpc('endless', endless);
  initializer.registerRpc('endlessasync', endlessAsync);
  initializer.registerRpc('running', running);
}`,
  },
);

for (const kind of databaseKinds) {
  describe(`a module's endless statement, on ${kind}`, () => {
    const server = suiteServer(kind, { modulesDir, config: { 'runtime.limits.call_time_ms': 1500 } });

    for (const rpc of ['endless', 'endlessasync']) {
      test(`${rpc}: ends with its call, and others are served again`, async () => {
        const player = await signIn(server);
        const failing = player.client.rpc(player.session, rpc, {});
        await assert.rejects(failing, (response: Response) => response.status === 500);
        assert.equal((await player.client.getAccount(player.session)).user?.id, player.userId);
        for (;;) {
          const { payload } = await player.client.rpc(player.session, 'running', {});
          if ((payload as object[]).length === 0) break;
        }
      });
    }
  });
}
