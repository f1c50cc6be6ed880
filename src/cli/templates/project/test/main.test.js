import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startTestServer } from 'nk-server/testing';

/** A real server on the modules of this project, with a database in memory. */
let server;
before(async () => {
  server = await startTestServer('.');
});
after(() => server.stop());

test('hello greets the player', async () => {
  const player = await server.signIn('ada');
  assert.deepEqual(await player.rpc('hello', { greeting: 'Welcome' }), { message: 'Welcome, ada!' });
});

test('display names are tidied, and long ones refused', async () => {
  const player = await server.signIn('grace');
  await player.put('/v2/account', { display_name: '  Grace   H  ' });
  assert.equal((await player.get('/v2/account')).user.display_name, 'Grace H');
  await assert.rejects(player.put('/v2/account', { display_name: 'x'.repeat(21) }), /at most 20 letters/);
});
