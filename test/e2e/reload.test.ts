import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { loggedLines } from '../support/logged-lines.ts';
import { moduleFolder, writeFiles } from '../support/module-folder.ts';
import { openSocket, signIn } from '../support/players.ts';
import { startTestServer } from '../support/server.ts';

/** How long a reload may take before the test is given up. */
const hangGuardMs = 30_000;

/** A module whose RPCs answer this; `held` waits until `release` is called. */
function moduleText(answer: string): string {
  return `
    function InitModule(ctx, logger, nk: nkruntime.Nakama, initializer: nkruntime.Initializer) {
      initializer.registerRpc('version', () => '${answer}');
      initializer.registerRpc('held', async (ctx, logger, nk) => {
        logger.info('held');
        while (nk.localcacheGet('released') !== 'yes') await new Promise((resolve) => setTimeout(resolve, 10));
        return '${answer}';
      });
      initializer.registerRpc('release', (ctx, logger, nk) => nk.localcachePut('released', 'yes', 60));
    }
  `;
}

it('saving a module changes what open sockets are answered, and closes none', { timeout: hangGuardMs }, async () => {
  const lines = loggedLines();
  const modulesDir = await moduleFolder({ after }, { 'main.ts': moduleText('one') });
  const server = await startTestServer({ modulesDir, watch: true, log: lines.log });
  const player = await signIn(server);
  const sockets = [await openSocket(player), await openSocket(player, 'protobuf')];
  let closed = 0;
  for (const socket of sockets) socket.ondisconnect = () => closed++;
  const answers = () => Promise.all(sockets.map(async (socket) => (await socket.rpc('version')).payload));
  assert.deepEqual(await answers(), ['one', 'one']);

  const isHeld = lines.until(/^held$/);
  const held = sockets[0]!.rpc('held');
  await isHeld;
  let told = lines.until(/^reloaded/);
  await writeFiles(modulesDir, { 'main.ts': moduleText('two') });
  await told;
  assert.equal((await sockets[1]!.rpc('version')).payload, 'two');
  await sockets[1]!.rpc('release');
  assert.equal((await held).payload, 'one', 'a call finishes on the code that it started on');
  assert.deepEqual(await answers(), ['two', 'two']);

  told = lines.until(/^not reloaded/);
  await writeFiles(modulesDir, { 'main.ts': `${moduleText('three')} }` });
  await told;
  assert.deepEqual(await answers(), ['two', 'two'], 'a save that does not compile changes nothing');

  told = lines.until(/^reloaded/);
  await writeFiles(modulesDir, { 'main.ts': moduleText('four') });
  await told;
  assert.deepEqual(await answers(), ['four', 'four']);
  assert.equal(closed, 0);
  for (const socket of sockets) socket.disconnect(false);
});
