import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { startTestServer, type TestPlayer, type TestServer } from '../src/testing.ts';

// The example modules, each doing in a real server what it is there to show.

// biome-ignore lint/suspicious/noExplicitAny: what a server sends is what is being tested
type Envelope = { cid?: string } & Record<string, any>;
const waitLimitMs = 10_000;

async function examples(t: TestContext, weatherUrl: string): Promise<TestServer> {
  const folder = fileURLToPath(new URL('../examples/modules/', import.meta.url));
  const server = await startTestServer(folder, { settings: { 'runtime.env': [`WEATHER_URL=${weatherUrl}`] } });
  t.after(() => server.stop());
  return server;
}

/** A service that answers what it was asked. */
async function weatherService(t: TestContext): Promise<{ url: string; requests: number }> {
  const service = { url: '', requests: 0 };
  const http = createServer((request, response) => {
    service.requests++;
    response.end(JSON.stringify({ asked: request.url }));
  });
  http.listen(0, '127.0.0.1');
  t.after(() => http.close());
  await once(http, 'listening');
  service.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/`;
  return service;
}

/** A player's socket: `ask` answers the reply, `until` the first message of a kind, past or to come. */
async function connect(t: TestContext, server: TestServer, player: TestPlayer) {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws?token=${player.token}`);
  t.after(() => socket.terminate());
  const received: Envelope[] = [];
  socket.on('message', (data) => received.push(JSON.parse(String(data))));
  await once(socket, 'open');
  let lastCid = 0;
  const find = async (fits: (envelope: Envelope) => boolean): Promise<Envelope> => {
    for (;;) {
      const found = received.find(fits);
      if (found) return found;
      await once(socket, 'message', { signal: AbortSignal.timeout(waitLimitMs) });
    }
  };
  const ask = (message: Envelope): Promise<Envelope> => {
    const cid = String(++lastCid);
    socket.send(JSON.stringify({ cid, ...message }));
    return find((envelope) => envelope.cid === cid);
  };
  return {
    received,
    ask,
    rpc: (id: string, payload: unknown) => ask({ rpc: { id, payload: JSON.stringify(payload) } }),
    until: (kind: string) => find((envelope) => envelope[kind] !== undefined),
  };
}

async function userId(player: TestPlayer): Promise<string> {
  return ((await player.get('/v2/account')) as { user: { id: string } }).user.id;
}

test('examples', async (t) => {
  const weather = await weatherService(t);
  const server = await examples(t, weather.url);

  await t.test('welcome: a new player finds one notification, however often they sign in', async () => {
    await server.signIn('newcomer');
    const player = await server.signIn('newcomer');
    const { notifications } = (await player.get('/v2/notification?limit=10')) as {
      notifications: { subject: string }[];
    };
    assert.deepEqual(
      notifications.map(({ subject }) => subject),
      ['Welcome!'],
    );
  });

  await t.test('chat filter: mild words are masked on the way, others refused', async () => {
    const socket = await connect(t, server, await server.signIn('talker'));
    const { channel } = await socket.ask({ channel_join: { target: 'lobby', type: 1 } });
    const say = (text: string) =>
      socket.ask({ channel_message_send: { channel_id: channel.id, content: JSON.stringify({ text }) } });
    await say('what the heck');
    const { channel_message } = await socket.until('channel_message');
    assert.deepEqual(JSON.parse(channel_message.content), { text: 'what the ****' });
    assert.equal((await say('a slur')).error.message, 'mind your language');
  });

  await t.test('game notifications: only the connections in which the game is played are told', async () => {
    const atChess = await server.signIn('rook', { game: 'chess' });
    const atPoker = await server.signIn('rook', { game: 'poker' });
    const [chess, poker] = [await connect(t, server, atChess), await connect(t, server, atPoker)];
    const challenger = await server.signIn('pawn');
    await challenger.rpc('chess_challenge', { userId: await userId(atChess) });
    const { notifications } = await chess.until('notifications');
    assert.equal(notifications.notifications[0].subject, 'A game of chess?');
    await poker.ask({ ping: {} });
    assert.ok(poker.received.every((envelope) => !envelope.notifications));
    await assert.rejects(challenger.rpc('maintenance', { game: 'chess', minutes: 5 }), /for servers only/);
  });

  await t.test('spectators: who watches sees who else does, and what is sent there', async () => {
    const first = await connect(t, server, await server.signIn('watcher'));
    const second = await connect(t, server, await server.signIn('latecomer'));
    await first.rpc('spectate', { table: 'seven' });
    const { rpc } = await second.rpc('spectate', { table: 'seven' });
    assert.deepEqual(JSON.parse(rpc.payload).watching.sort(), ['latecomer', 'watcher']);
    await second.rpc('spectate_cheer', { table: 'seven', text: 'bravo' });
    const { stream_data } = await first.until('stream_data');
    assert.deepEqual(JSON.parse(stream_data.data), { from: 'latecomer', text: 'bravo' });
  });

  await t.test('guarded groups: founding one takes a level', async () => {
    const player = await server.signIn('beginner');
    await assert.rejects(player.post('/v2/group', { name: 'Too Soon' }), /takes level 10, you have 1/);
  });

  await t.test('purchase: a wrong request is told what is wrong', async () => {
    const player = await server.signIn('buyer');
    assert.deepEqual(await player.rpc('purchase_price', { item: 'shield', amount: 2 }), { gold: 60 });
    await assert.rejects(player.rpc('purchase_price', { item: 'shield', amount: 0 }), /^Error: amount: /);
  });

  await t.test('weather: the service is asked once, and its answer kept', async () => {
    const player = await server.signIn('sailor');
    const place = { latitude: 54, longitude: 10 };
    assert.deepEqual(await player.rpc('weather', place), {
      asked: '/?latitude=54&longitude=10&current=temperature_2m',
    });
    await player.rpc('weather', place);
    assert.equal(weather.requests, 1);
  });
});
