import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { after, describe, it } from 'node:test';
import { queryObjects } from 'node:v8';
import { SocketSession } from '../../src/gateway/socket-session.ts';
import { moduleFolder } from '../support/module-folder.ts';
import { openSocket, signIn } from '../support/players.ts';
import { clientFrame, Opcode, RawClient, upgradeRequest } from '../support/raw-client.ts';
import { startTestServer } from '../support/server.ts';

const module = `
const room = { mode: 2, label: 'room' };
const table = { mode: 200, label: 'table' };

function InitModule(ctx, logger, nk: nkruntime.Nakama, initializer: nkruntime.Initializer) {
  initializer.registerRpc('echo', (ctx, logger, nk, payload) => payload);
  initializer.registerRpc('slow', async () => {
    await new Promise((resolve) => setTimeout(resolve, 3500));
  });
  initializer.registerRpc('count', (ctx, logger, nk) => {
    let connections = 0;
    nk.notificationSendAll('x', {}, 1, false, { where: () => ((connections += 1), false) });
    return JSON.stringify({ connections, inRoom: nk.streamCount(room) });
  });
  initializer.registerRpc('sit', (ctx, logger, nk) => {
    nk.streamUserJoin(ctx.userId!, ctx.sessionId!, table, true);
  });
  initializer.registerRpc('flood', (ctx, logger, nk) => {
    const text = 'x'.repeat(60_000);
    for (let i = 0; i < 20; i++) nk.streamSend(table, text);
    return String(nk.streamCount(table));
  });
}
`;

const settings = {
  'socket.ping_period_ms': 100,
  'socket.pong_wait_ms': 2000,
  'socket.read_timeout_ms': 500,
  'socket.close_ack_wait_ms': 200,
} as const;

const modulesDir = await moduleFolder({ after }, { 'main.ts': module });
const server = await startTestServer({ modulesDir, config: settings });
const player = await signIn(server);
const { token } = player.session;

/** What the server holds of connections, by its own account. */
async function counts(): Promise<{ connections: number; inRoom: number }> {
  const { payload } = await player.client.rpc(player.session, 'count', {});
  return payload as { connections: number; inRoom: number };
}

async function untilNobodyIsConnected(): Promise<void> {
  while ((await counts()).connections > 0) await new Promise((resolve) => setImmediate(resolve));
}

/** The HTTP status with which the server answers these bytes; null when it ends the connection without one. */
async function statusOf(request: string | Uint8Array): Promise<number | null> {
  const client = await RawClient.connect(server);
  client.send(request);
  await client.until((received) => received.includes('\r\n\r\n'));
  client.drop();
  const status = /^HTTP\/1\.1 (\d+)/.exec(client.received.toString('latin1'))?.[1];
  return status === undefined ? null : Number(status);
}

/** A session token, signed as the server does it. */
function tokenOf(uid: string, { key = 'defaultencryptionkey', expiresAt = 4_000_000_000 } = {}): string {
  const claims = { tid: randomUUID(), uid, usn: 'somebody', exp: expiresAt, iat: 1 };
  const parts = [{ alg: 'HS256', typ: 'JWT' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  return [...parts, createHmac('sha256', key).update(parts.join('.')).digest('base64url')].join('.');
}

function jsonFrame(value: unknown): Buffer {
  return clientFrame(Opcode.TEXT, JSON.stringify(value));
}

/** Checks that a connection is served. */
async function pingPong(client: RawClient): Promise<void> {
  client.send(jsonFrame({ cid: 'p', ping: {} }));
  let frame = await client.frame();
  while (frame && frame.opcode !== Opcode.TEXT) frame = await client.frame();
  assert.deepEqual(JSON.parse(String(frame?.payload)), { cid: 'p', pong: {} });
}

describe('messages that are none', () => {
  const texts: Record<string, string> = {
    'not JSON': 'hello',
    'cut off': '{"ping":{',
    'no object': '[]',
    'a string': '"ping"',
    nothing: '',
    'of an unknown kind': '{"teleport":{}}',
    'with an unknown field beside': '{"cid":"1","ping":{},"extra":1}',
    'with an unknown field within': '{"channel_join":{"target":"a","type":1,"colour":"red"}}',
    'two in one': '{"ping":{},"rpc":{"id":"echo"}}',
    'with a value of another type': '{"channel_join":{"target":{},"type":1}}',
    'without a message': '{"cid":"1"}',
    'that only servers send': '{"channel_message_ack":{}}',
    'nested to the limit': '['.repeat(4000),
    'nested to the limit, in a known field': `{"status_update":${'{"status":'.repeat(390)}`,
  };
  for (const [name, text] of Object.entries(texts)) {
    it(`${name}: the connection is closed, others are not`, async () => {
      const [bad, other] = [await RawClient.open(server, token), await RawClient.open(server, token)];
      bad.send(clientFrame(Opcode.TEXT, text));
      assert.equal(await bad.closeCode(), 1000);
      await bad.closed;
      await pingPong(other);
      other.drop();
    });
  }

  const binaries: Record<string, Uint8Array> = {
    garbage: Buffer.from('ffffffffffffffffffff', 'hex'),
    'cut off': Buffer.from('0a0f31', 'hex'),
    'a length beyond all measure': Buffer.from('0affffffff0f', 'hex'),
    'groups without end': Buffer.alloc(4000, 0x1b),
    nothing: Buffer.alloc(0),
  };
  for (const [name, bytes] of Object.entries(binaries)) {
    it(`${name}, as protobuf: the connection is closed`, async () => {
      const bad = await RawClient.open(server, token, '&format=protobuf');
      bad.send(clientFrame(Opcode.BINARY, bytes));
      assert.equal(await bad.closeCode(), 1000);
      await bad.closed;
    });
  }

  it('in the other kind of frame: the connection is closed', async () => {
    const json = await RawClient.open(server, token);
    json.send(clientFrame(Opcode.BINARY, '{"ping":{}}'));
    assert.equal(await json.closeCode(), 1000);
    const protobuf = await RawClient.open(server, token, '&format=protobuf');
    protobuf.send(clientFrame(Opcode.TEXT, '{"ping":{}}'));
    assert.equal(await protobuf.closeCode(), 1000);
  });
});

describe('frames', () => {
  const broken: Record<string, [Uint8Array, number]> = {
    'not masked': [clientFrame(Opcode.TEXT, '{"ping":{}}', { isMasked: false }), 1002],
    'with reserved bits': [clientFrame(Opcode.TEXT, '{"ping":{}}', { reservedBits: 4 }), 1002],
    'of no known kind': [clientFrame(0x5, 'x'), 1002],
    'a continuation of nothing': [clientFrame(Opcode.CONTINUATION, '{}'), 1002],
    'a ping in parts': [clientFrame(Opcode.PING, 'x', { isLast: false }), 1002],
    'a ping that is too long': [clientFrame(Opcode.PING, 'x'.repeat(126)), 1002],
    'a close with half a code': [clientFrame(Opcode.CLOSE, 'x'), 1002],
    'text that is not UTF-8': [clientFrame(Opcode.TEXT, Buffer.from([0x22, 0xc3, 0x28, 0x22])), 1007],
    'longer than socket.max_message_size_bytes': [clientFrame(Opcode.TEXT, 'x'.repeat(4097)), 1009],
    'that announce 2^62 bytes': [Buffer.from('81ff400000000000000000000000', 'hex'), 1009],
  };
  for (const [name, [bytes, code]] of Object.entries(broken)) {
    it(`${name}: closed with ${code}`, async () => {
      const bad = await RawClient.open(server, token);
      bad.send(bytes);
      assert.equal(await bad.closeCode(), code);
      await bad.closed;
    });
  }

  it('in parts make one message, also with a ping between them and byte by byte', async () => {
    const client = await RawClient.open(server, token);
    const parts = [
      clientFrame(Opcode.TEXT, '{"cid":', { isLast: false }),
      clientFrame(Opcode.CONTINUATION, '', { isLast: false }),
      clientFrame(Opcode.PING, 'still there?'),
      clientFrame(Opcode.CONTINUATION, '"1","ping":{}}'),
    ];
    for (const byte of Buffer.concat(parts)) client.send(Buffer.from([byte]));
    const kinds: string[] = [];
    while (kinds.length < 2) {
      const frame = await client.frame();
      if (frame?.opcode !== Opcode.PING) kinds.push(String(frame?.payload));
    }
    assert.deepEqual(kinds, ['still there?', '{"cid":"1","pong":{}}']);
    client.drop();
  });

  it('in parts that together are too long: closed with 1009', async () => {
    const client = await RawClient.open(server, token);
    client.send(clientFrame(Opcode.TEXT, 'x'.repeat(2000), { isLast: false }));
    for (let i = 0; i < 3; i++) client.send(clientFrame(Opcode.CONTINUATION, 'x'.repeat(1000), { isLast: false }));
    assert.equal(await client.closeCode(), 1009);
  });

  it('in empty parts without end: the connection is closed', async () => {
    const client = await RawClient.open(server, token);
    client.send(clientFrame(Opcode.TEXT, '', { isLast: false }));
    const part = clientFrame(Opcode.CONTINUATION, '', { isLast: false });
    client.send(Buffer.concat(Array(200_000).fill(part)));
    assert.equal(await client.closeCode(), 1008);
  });
});

describe('connections', () => {
  it('that are pinged and do not answer are given up; those that answer are kept', async () => {
    const [silent, alive] = [await RawClient.open(server, token), await RawClient.open(server, token)];
    let isGone = false;
    silent.closed.then(() => (isGone = true));
    while (!isGone) {
      const frame = await alive.frame();
      assert.ok(frame, 'who answers pings is kept');
      if (frame.opcode === Opcode.PING) alive.send(clientFrame(Opcode.PONG, frame.payload));
    }
    await pingPong(alive);
    alive.drop();
  });

  it('that do not read are ended while others are served, and leave nothing behind', async () => {
    await untilNobodyIsConnected();
    const slow = await RawClient.open(server, token);
    slow.send(jsonFrame({ rpc: { id: 'sit' } }));
    await slow.frame();
    slow.socket.pause();
    const reader = await openSocket(player);
    let heard = 0;
    reader.onstreamdata = () => heard++;
    await reader.rpc('sit');
    let sent = 0;
    while ((await reader.rpc('flood')).payload === '2') sent += 20;
    assert.ok(heard >= sent, 'who reads gets everything');
    assert.deepEqual(await counts(), { connections: 1, inRoom: 0 });
    reader.disconnect(false);
    slow.drop();
    await untilNobodyIsConnected();
    assert.equal(queryObjects(SocketSession, { format: 'count' }), 0);
  });

  it('that send faster than they are served get every answer, in order', async () => {
    const client = await RawClient.open(server, token);
    const total = 2000;
    const messages = Array.from({ length: total }, (_, n) =>
      jsonFrame({ cid: `${n}`, rpc: { id: 'echo', payload: `${n}` } }),
    );
    client.send(Buffer.concat(messages));
    for (let n = 0; n < total; n++) {
      let frame = await client.frame();
      while (frame?.opcode === Opcode.PING) frame = await client.frame();
      assert.deepEqual(JSON.parse(String(frame?.payload)), { cid: `${n}`, rpc: { id: 'echo', payload: `${n}` } });
    }
    client.drop();
  });

  it('whose messages wait for a slow call are not taken for silent', async () => {
    const client = await RawClient.open(server, token);
    const waiting = Array.from({ length: 200 }, (_, n) => jsonFrame({ cid: `${n}`, ping: {} }));
    client.send(Buffer.concat([jsonFrame({ cid: 'slow', rpc: { id: 'slow' } }), ...waiting]));
    const answered: string[] = [];
    while (answered.length < 201) {
      const frame = await client.frame();
      assert.ok(frame, 'the connection is kept');
      if (frame.opcode === Opcode.TEXT) answered.push((JSON.parse(String(frame.payload)) as { cid: string }).cid);
    }
    assert.deepEqual(answered, ['slow', ...waiting.map((_, n) => `${n}`)]);
    client.drop();
  });

  it('that go away in the middle of their messages take them along', async () => {
    for (let round = 0; round < 20; round++) {
      const client = await RawClient.open(server, token);
      client.send(Buffer.concat(Array(500).fill(jsonFrame({ rpc: { id: 'echo', payload: 'x' } }))));
      client.drop();
    }
    await untilNobodyIsConnected();
  });

  it('opened and dropped ten thousand times leave nothing behind', async () => {
    await untilNobodyIsConnected();
    const batch = 250;
    for (let opened = 0; opened < 10_000; opened += batch) {
      const tokens = Array.from({ length: batch }, () => tokenOf(randomUUID()));
      const clients = await Promise.all(tokens.map((one) => RawClient.open(server, one, '&status=true')));
      clients.forEach((client, i) => {
        client.send(jsonFrame({ channel_join: { target: i % 10 === 0 ? 'room' : `other-${i % 25}`, type: 1 } }));
      });
      for (const client of clients.slice(0, batch / 2)) client.drop();
      for (const client of clients.slice(batch / 2)) client.socket.end();
      await Promise.all(clients.map((client) => client.closed));
    }
    await untilNobodyIsConnected();
    assert.deepEqual(await counts(), { connections: 0, inRoom: 0 });
    assert.equal(queryObjects(SocketSession, { format: 'count' }), 0);
  });
});

describe('handshakes', () => {
  it('with a token that is wrong, expired, logged out or of another kind are refused, on HTTP as well', async () => {
    const loggedOut = await signIn(server);
    await loggedOut.client.sessionLogout(loggedOut.session, loggedOut.session.token, loggedOut.session.refresh_token);
    const bad: Record<string, string> = {
      none: '',
      garbage: 'abc',
      'signed with another key': tokenOf(player.userId, { key: 'otherkey' }),
      expired: tokenOf(player.userId, { expiresAt: 1000 }),
      unsigned: `${Buffer.from('{"alg":"none"}').toString('base64url')}.${token.split('.')[1]}.`,
      'changed after signing': token.replace(/\.[^.]+\./, `.${Buffer.from('{"uid":"x"}').toString('base64url')}.`),
      'a refresh token': player.session.refresh_token,
      'logged out': loggedOut.session.token,
    };
    for (const [name, value] of Object.entries(bad)) {
      assert.equal(await statusOf(upgradeRequest(`/ws?token=${value}`)), 401, name);
      const request = `GET /v2/account HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${value}\r\n\r\n`;
      assert.equal(await statusOf(request), 401, name);
    }
    assert.equal(await statusOf(upgradeRequest(`/ws?token=${tokenOf(player.userId)}`)), 101, 'a good one is not');
  });

  it('at other addresses, with addresses that are none, and in other formats are refused', async () => {
    assert.equal(await statusOf(upgradeRequest('/nowhere')), 404);
    assert.equal(await statusOf(upgradeRequest('//')), 404);
    assert.equal(await statusOf(upgradeRequest('http://[/ws')), 404);
    assert.equal(await statusOf(upgradeRequest(`/ws?format=xml&token=${token}`)), 400);
    assert.equal(await statusOf(upgradeRequest(`/ws?token=${token}`).replace(/Sec-WebSocket-Key.*\r\n/, '')), 400);
  });

  it('that are refused and reset by the client do no harm', async () => {
    for (let round = 0; round < 200; round++) {
      const client = await RawClient.connect(server);
      client.send(upgradeRequest(round % 2 === 0 ? '/nowhere' : '/ws?token=abc'));
      client.drop();
    }
    await counts();
  });

  it('that are refused end the connection, also when the client keeps its side open', async () => {
    const client = await RawClient.connect(server);
    client.socket.allowHalfOpen = true;
    client.send(upgradeRequest('/nowhere'));
    const more = setInterval(() => client.send('x'), 10);
    await client.closed;
    clearInterval(more);
  });

  it('that are never finished are ended', async () => {
    const started = ['', 'GET /ws', upgradeRequest(`/ws?token=${token}`).slice(0, -2)];
    const clients = await Promise.all(started.map(() => RawClient.connect(server)));
    for (const [i, client] of clients.entries()) client.send(started[i]!);
    await Promise.all(clients.map(({ closed }) => closed));
  });
});

describe('HTTP requests', () => {
  const post = (lines: string, body = '') =>
    `POST /v2/rpc/echo HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n${lines}\r\n\r\n${body}`;

  it('that are malformed are answered with 400', async () => {
    assert.equal(await statusOf('hello\r\n\r\n'), 400);
    assert.equal(await statusOf(post('Content-Length: -1')), 400);
    assert.equal(await statusOf(post('Content-Length: 1\r\nTransfer-Encoding: chunked')), 400);
    assert.equal(await statusOf(post('Transfer-Encoding: chunked', 'zz\r\n')), 400);
  });

  it('with headers that are too long are answered with 431', async () => {
    assert.equal(await statusOf(post(`X: ${'x'.repeat(20_000)}`)), 431);
    assert.equal(await statusOf(post(Array(3000).fill('X: y').join('\r\n'))), 431);
  });

  it('with bodies that are too long are refused, announced or not', async () => {
    assert.equal(await statusOf(post('Content-Length: 262145')), 400);
    assert.equal(
      await statusOf(post('Transfer-Encoding: chunked', `40001\r\n${'x'.repeat(0x40001)}\r\n0\r\n\r\n`)),
      400,
    );
  });

  it('with JSON nested without end are refused', async () => {
    const body = '['.repeat(250_000);
    const lines = `Authorization: Basic ${btoa('defaultkey:')}\r\nContent-Length: ${body.length}`;
    const request = `POST /v2/account/authenticate/device HTTP/1.1\r\nHost: x\r\n${lines}\r\n\r\n${body}`;
    assert.equal(await statusOf(request), 400);
  });

  it('whose bodies never come, or drip, are answered with 408', async () => {
    assert.equal(await statusOf(post('Content-Length: 10', 'abc')), 408);
    const dripping = await RawClient.connect(server);
    dripping.send(post('Content-Length: 100000'));
    const drip = setInterval(() => dripping.send('x'), 20);
    await dripping.closed;
    clearInterval(drip);
    assert.match(dripping.received.toString(), /^HTTP\/1\.1 408 /);
  });

  it('that are cut off do no harm', async () => {
    for (let round = 0; round < 100; round++) {
      const client = await RawClient.connect(server);
      client.send(post('Content-Length: 10', 'abc'));
      client.drop();
    }
    await counts();
  });
});
