import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { moduleFolder } from '../../support/module-folder.ts';
import { signIn } from '../../support/players.ts';
import { databaseKinds, freshDatabase, startTestServer, suiteServer } from '../../support/server.ts';

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
const DISOBEDIENT = "do $$ begin loop begin loop end loop;"
  + " exception when query_canceled then null; end; end loop; end $$";
function note(ctx, logger, nk) {
  nk.storageWrite([{ collection: 'notes', key: 'kept', userId: ctx.userId, value: { kept: true } }]);
}
function disobedient(ctx, logger, nk) { nk.sqlExec(DISOBEDIENT); }
function InitModule(ctx, logger, nk, initializer) {
  initializer.registerRpc('endless', endless);
  initializer.registerRpc('endlessasync', endlessAsync);
  initializer.registerRpc('running', running);
  initializer.registerRpc('note', note);
  initializer.registerRpc('disobedient', disobedient);
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

/** In memory the data would go with the engine. */
const keptKinds = databaseKinds.map((kind) => (kind === 'memory' ? 'a folder' : kind));

for (const kind of keptKinds) {
  test(`a module's statement that goes on when it is cancelled costs its call, and nothing else, on ${kind}`, async (t) => {
    const folder = kind === 'a folder' && (await mkdtemp(join(tmpdir(), 'nk-disobedient-')));
    if (folder) t.after(() => rm(folder, { recursive: true }));
    const database = folder ? `pglite:${folder}` : await freshDatabase(kind);
    const server = await startTestServer({ modulesDir, database, config: { 'runtime.limits.call_time_ms': 1500 } });
    const { client, session, userId } = await signIn(server);
    await client.rpc(session, 'note', {});
    for (let attempt = 0; attempt < 2; attempt++) {
      const response: Response = await client.rpc(session, 'disobedient', {}).then(
        () => assert.fail('the call ended well'),
        (refusal) => refusal,
      );
      assert.match(((await response.json()) as { message: string }).message, /callTimeMs/);
      const { objects } = await client.readStorageObjects(session, {
        object_ids: [{ collection: 'notes', key: 'kept', user_id: userId }],
      });
      assert.deepEqual(objects[0]?.value, { kept: true });
    }
    await server.stop();
  });
}
