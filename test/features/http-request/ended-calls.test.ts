import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { createHttpRequestFeature } from '../../../src/features/http-request/index.ts';
import { gameHost, nobody } from '../../runtime/host/support.ts';

const { functions } = createHttpRequestFeature({ allowPrivate: true, allowMetadata: false });
const hangGuard = { timeout: 60_000 };

/** A server that never answers, and says when a request has come and when its connection is gone. */
async function silentServer(t: TestContext) {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => void server.close());
  const asked = once(server, 'request').then(([request]) => request.socket);
  const left = asked.then((socket) => once(socket, 'close'));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked, left };
}

/** Ten minutes: only the end of the call can end it sooner. */
const request = (url: string, nk = 'nk') => `${nk}.httpRequest('${url}', 'get', {}, '', 600000)`;

test('a request ends with its call, when the time of the call is over', hangGuard, async (t) => {
  const { url, left } = await silentServer(t);
  const { host } = await gameHost(t, `initializer.registerRpc('ask', (c, l, nk) => ${request(url)}.body);`, {
    functions: functions!,
    limits: { callTimeMs: 1000 },
  });
  await assert.rejects(host.rpc('ask', nobody, ''), /callTimeMs/);
  await left;
});

test('a request ends with its call, when the worker is killed', hangGuard, async (t) => {
  const { url, asked, left } = await silentServer(t);
  const init = `initializer.registerRpc('ask', async (c, l, nk) => (await ${request(url, 'nk.async')}).body);`;
  const { host } = await gameHost(t, init, { functions: functions!, limits: { callTimeMs: 600_000 } });
  const cut = assert.rejects(host.rpc('ask', nobody, ''), { code: 14 });
  await asked;
  process.kill(host.workerPids()[0]!, 'SIGKILL');
  await Promise.all([cut, left]);
});

test('a request ends with its call, when that did not await it', hangGuard, async (t) => {
  const { url, asked, left } = await silentServer(t);
  const other = createServer((_request, response) => void asked.then(() => response.end()));
  await once(other.listen(0, '127.0.0.1'), 'listening');
  t.after(() => void other.close());
  const answering = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`;
  const init = `
    initializer.registerRpc('ask', async (c, l, nk) => {
      void ${request(url, 'nk.async')}.catch(() => {});
      return (await nk.async.httpRequest('${answering}', 'get')).body;
    });`;
  const { host } = await gameHost(t, init, { functions: functions! });
  assert.equal(await host.rpc('ask', nobody, ''), '');
  await left;
});
