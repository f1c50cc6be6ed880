import assert from 'node:assert/strict';
import { test } from 'node:test';
import { initProject } from '../src/cli/init.ts';
import { startTestServer } from '../src/testing.ts';
import { moduleFolder } from './support/module-folder.ts';

test('what nk init writes serves as it stands, and is tested as its own test does it', async (t) => {
  const folder = await moduleFolder(t, {});
  await initProject(folder);
  const server = await startTestServer(folder);
  t.after(() => server.stop());

  const ada = await server.signIn('ada');
  assert.deepEqual(await ada.rpc('hello', { greeting: 'Welcome' }), { message: 'Welcome, ada!' });
  assert.deepEqual(await ada.rpc('hello'), { message: 'Hello, ada!' });

  const grace = await server.signIn('grace');
  await grace.put('/v2/account', { display_name: '  Grace   H  ' });
  const account = (await grace.get('/v2/account')) as { user: { display_name: string } };
  assert.equal(account.user.display_name, 'Grace H');
  await assert.rejects(grace.put('/v2/account', { display_name: 'x'.repeat(21) }), /at most 20 letters/);
  await assert.rejects(grace.rpc('unknown'), Error);
});
