import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Notification, Socket } from '@heroiclabs/nakama-js';
import { freePort } from '../support/free-port.ts';
import { moduleFolder } from '../support/module-folder.ts';
import { Inbox, openSocket, signIn } from '../support/players.ts';
import { startTestServer } from '../support/server.ts';

/** What a socket is told before it is closed. */
async function lastWords(socket: Socket): Promise<Notification> {
  const notifications = new Inbox<Notification>();
  const ends = new Inbox<unknown>();
  socket.onnotification = notifications.push;
  socket.ondisconnect = ends.push;
  await ends.next();
  assert.ok(!notifications.isEmpty, 'a notification came before the end');
  return notifications.next();
}

test("session.single_socket: a new socket closes the user's others, which are told so", async () => {
  const server = await startTestServer({ config: { 'session.single_socket': true } });
  const [player, other] = [await signIn(server), await signIn(server)];
  const bystander = await openSocket(other);
  const first = await openSocket(player);
  const told = lastWords(first);
  const second = await openSocket(player);
  assert.deepEqual([(await told).code, (await told).subject], [-7, 'single_socket']);
  await second.rpc('purchase_price', '{"item":"potion","amount":1}');
  await bystander.rpc('purchase_price', '{"item":"potion","amount":1}');
});

test('usersBanId tells the open sockets of the user, and closes them', async (t) => {
  const modulesDir = await moduleFolder(t, {
    'main.js': `function InitModule(ctx, logger, nk, initializer) {
      initializer.registerRpc('ban', function (ctx, logger, nk, payload) { nk.usersBanId([JSON.parse(payload)]); });
    }`,
  });
  const server = await startTestServer({ modulesDir });
  const [bad, good] = [await signIn(server), await signIn(server)];
  const told = lastWords(await openSocket(bad));
  await good.client.rpc(good.session, 'ban', bad.userId as unknown as object);
  assert.deepEqual([(await told).code, (await told).subject], [-8, 'banned']);
});

test('socket.response_headers are on every response that does not set them itself', async () => {
  const headers = ['X-Game=chess', 'Content-Type=text/nothing'];
  const server = await startTestServer({ config: { 'socket.response_headers': headers } });
  for (const path of ['/', '/healthcheck', '/nowhere', '/ws']) {
    const response = await fetch(server.url + path);
    assert.equal(response.headers.get('x-game'), 'chess', path);
  }
  assert.equal((await fetch(`${server.url}/healthcheck`)).headers.get('content-type'), 'application/json');
});

test('socket.proxy_count: which of the forwarded addresses modules see', async (t) => {
  const modulesDir = await moduleFolder(t, {
    'main.js': `function InitModule(ctx, logger, nk, initializer) {
      initializer.registerRpc('ip', function (ctx) { return ctx.clientIp; });
    }`,
  });
  const server = await startTestServer({ modulesDir, config: { 'socket.proxy_count': 2 } });
  const headers = { 'x-forwarded-for': '6.6.6.6, 1.1.1.1, 10.0.0.8' };
  const response = await fetch(`${server.url}/v2/rpc/ip?http_key=defaulthttpkey&unwrap`, { headers });
  assert.equal(await response.text(), '1.1.1.1');
});

test('metrics.prometheus_port: what the server counts, until it stops', async () => {
  const port = await freePort();
  const server = await startTestServer({ config: { 'metrics.prometheus_port': port } });
  const player = await signIn(server);
  const socket = await openSocket(player);
  await socket.rpc('purchase_price', '{"item":"potion","amount":1}');
  await socket.rpc('purchase_price', '{}').catch(() => {});
  const text = await (await fetch(`http://127.0.0.1:${port}/`)).text();
  assert.match(text, /^nakama_sessions\{.*\} 1$/m);
  const counted = (kind: string, name: string, outcome: string) =>
    new RegExp(`_count\\{kind="${kind}",name="${name}",outcome="${outcome}",.*\\} 1$`, 'm');
  assert.match(text, counted('operation', 'AuthenticateDevice', 'ok'));
  assert.match(text, counted('message', 'Rpc', 'ok'));
  assert.match(text, counted('rpc', 'purchase_price', 'ok'));
  assert.match(text, counted('rpc', 'purchase_price', 'error'));
  await server.stop();
  await assert.rejects(fetch(`http://127.0.0.1:${port}/`));
});
