import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import type { Notification, Socket } from '@heroiclabs/nakama-js';
import { freePort } from '../support/free-port.ts';
import { moduleFolder } from '../support/module-folder.ts';
import { Inbox, openSocket, signIn } from '../support/players.ts';
import { clientFrame, Opcode, RawClient } from '../support/raw-client.ts';
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

/** More than the system takes from a server for a client that does not read. */
const LARGE = 16_000_000;

test('socket.write_timeout_ms: a client that does not take its response is left', async (t) => {
  const modulesDir = await moduleFolder(t, {
    'main.js': `function InitModule(ctx, logger, nk, initializer) {
      initializer.registerRpc('large', function () { return 'x'.repeat(${LARGE}); });
    }`,
  });
  const request = 'GET /v2/rpc/large?http_key=defaulthttpkey&unwrap HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
  for (const [timeoutMs, isWhole] of [
    [60_000, true],
    [200, false],
  ] as const) {
    const server = await startTestServer({ modulesDir, config: { 'socket.write_timeout_ms': timeoutMs } });
    const socket = connect(server.port, '127.0.0.1');
    let received = 0;
    socket.on('data', (chunk) => {
      // It is heard at first, and then not for a while.
      if (received === 0) {
        socket.pause();
        setTimeout(() => socket.resume(), 1000);
      }
      received += chunk.length;
    });
    socket.on('error', () => {});
    socket.write(request);
    await once(socket, 'close');
    assert.equal(received > LARGE, isWhole, `${received} bytes with ${timeoutMs} ms`);
    await server.stop();
  }
});

test('socket.ping_backoff_threshold: who sends that many messages in a ping period is not pinged', async () => {
  for (const [threshold, isPinged] of [
    [3, false],
    [1_000_000, true],
  ] as const) {
    const server = await startTestServer({
      config: {
        'socket.ping_period_ms': 100,
        'socket.pong_wait_ms': 60_000,
        'socket.ping_backoff_threshold': threshold,
      },
    });
    const [busy, silent] = [await signIn(server), await signIn(server)];
    const [talking, listening] = await Promise.all(
      [busy, silent].map(({ session }) => RawClient.open(server, session.token)),
    );
    let pings = 0;
    const message = clientFrame(Opcode.TEXT, '{"cid":"1","ping":{}}');
    let isOver = false;
    const talk = (async () => {
      while (!isOver) {
        talking!.send(message);
        let frame = await talking!.frame();
        for (; frame?.opcode === Opcode.PING; frame = await talking!.frame()) pings++;
      }
    })();
    for (let heard = 0; heard < 2; heard++) assert.equal((await listening!.frame())?.opcode, Opcode.PING);
    isOver = true;
    await talk;
    assert.equal(pings > 0, isPinged, `${pings} pings at ${threshold}`);
    for (const client of [talking!, listening!]) client.drop();
    await server.stop();
  }
});

test('session.max_*: what one socket may be in, and whom it may follow', async () => {
  const server = await startTestServer({
    config: {
      'session.max_channels': 2,
      'session.max_matches': 2,
      'session.max_parties': 2,
      'session.max_follows': 2,
    },
  });
  const players = await Promise.all([1, 2, 3, 4].map(() => signIn(server)));
  const socket = await openSocket(players[0]!);
  const [second, third, fourth] = players.slice(1).map(({ userId }) => userId);
  const refused = (what: string) => ({ code: 3, message: new RegExp(`^a session may ${what} at a time$`) });
  await socket.joinChat('room-1', 1, false, false);
  await socket.joinChat(second!, 2, false, false);
  await assert.rejects(socket.joinChat('room-2', 1, false, false), refused('be in 2 channels'));
  await socket.createMatch();
  await socket.createMatch();
  await assert.rejects(socket.createMatch(), refused('be in 2 matches'));
  await socket.createParty(true, 4);
  await socket.createParty(true, 4);
  await assert.rejects(socket.createParty(true, 4), refused('be in 2 parties'));
  await socket.followUsers([second!, third!]);
  await assert.rejects(socket.followUsers([fourth!]), refused('follow 2 users'));
});

test('session.max_streams: what modules may put a socket into', async (t) => {
  const modulesDir = await moduleFolder(t, {
    'main.js': `function InitModule(ctx, logger, nk, initializer) {
      initializer.registerRpc('enter', function (ctx, logger, nk, payload) {
        try {
          nk.streamUserJoin(ctx.userId, ctx.sessionId, { mode: 100, label: payload }, false, false);
          return 'in';
        } catch (error) {
          return error.name + ': ' + error.message;
        }
      });
    }`,
  });
  const server = await startTestServer({ modulesDir, config: { 'session.max_streams': 1 } });
  const socket = await openSocket(await signIn(server));
  assert.equal((await socket.rpc('enter', 'a')).payload, 'in');
  assert.equal((await socket.rpc('enter', 'b')).payload, 'GoError: a session may be in 1 streams at a time');
});

/** Far longer than what a test waits for takes; only a test that would wait for ever ends by it. */
const hangGuard = { timeout: 30_000 };

test('socket.idle_timeout_ms: a connection on which nothing is asked is closed', hangGuard, async () => {
  const server = await startTestServer({ config: { 'socket.idle_timeout_ms': 100 } });
  const client = await RawClient.connect(server);
  for (let times = 0; times < 2; times++) {
    const before = client.received.length;
    client.send('GET /healthcheck HTTP/1.1\r\nHost: x\r\n\r\n');
    await client.until((received) => received.length > before && received.subarray(-2).toString() === '{}');
  }
  assert.equal(client.socket.closed, false);
  await client.closed;
});

test('socket.max_request_size_bytes: a longer body is refused', async () => {
  const server = await startTestServer({ config: { 'socket.max_request_size_bytes': 200 } });
  const { session } = await signIn(server);
  const update = async (location: string) => {
    const response = await fetch(`${server.url}/v2/account`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${session.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ location }),
    });
    return response.status;
  };
  assert.deepEqual([await update('x'.repeat(180)), await update('x'.repeat(200))], [200, 400]);
});

test("session.single_session: a new sign-in ends the user's earlier tokens", async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  const server = await startTestServer({ config: { 'session.single_session': true } });
  const { client, session } = await signIn(server);
  const { devices } = await client.getAccount(session);
  // Tokens of the same second as the sign-in stay alive.
  t.mock.timers.tick(2000);
  const second = await client.authenticateDevice(devices![0]!.id!, false);
  await assert.rejects(client.getAccount(session), { status: 401 });
  assert.equal((await client.getAccount(second)).user?.id, session.user_id);
});

test('matchmaker.max_tickets: how many a socket may have at a time', async () => {
  const server = await startTestServer({ config: { 'matchmaker.max_tickets': 1 } });
  const socket = await openSocket(await signIn(server));
  const { ticket } = await socket.addMatchmaker('*', 2, 2);
  await assert.rejects(socket.addMatchmaker('*', 2, 2), {
    message: 'a session may have 1 matchmaker tickets at a time',
  });
  await socket.removeMatchmaker(ticket);
  await socket.addMatchmaker('*', 2, 2);
});

test('leaderboard.blacklist_rank_cache: boards of which no ranks are kept', async (t) => {
  const modulesDir = await moduleFolder(t, {
    'main.js': `function InitModule(ctx, logger, nk, initializer) {
      for (const id of ['ranked', 'plain']) nk.leaderboardCreate(id, false, 'desc', 'best', null, null, true);
    }`,
  });
  const server = await startTestServer({ modulesDir, config: { 'leaderboard.blacklist_rank_cache': ['plain'] } });
  const { client, session, userId } = await signIn(server);
  const rankOn = async (board: string) => {
    await client.writeLeaderboardRecord(session, board, { score: '1' });
    return (await client.listLeaderboardRecords(session, board, [userId])).owner_records?.[0]?.rank ?? 0;
  };
  assert.deepEqual([await rankOn('ranked'), await rankOn('plain')], [1, 0]);
});
