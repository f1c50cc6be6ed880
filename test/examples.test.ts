import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
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

/** Calls an RPC as a server does. */
async function callAsServer(server: TestServer, id: string, payload: unknown): Promise<void> {
  const response = await fetch(`${server.url}/v2/rpc/${id}?http_key=defaulthttpkey`, {
    method: 'POST',
    body: JSON.stringify(JSON.stringify(payload)),
  });
  assert.equal(response.status, 200, await response.text());
}

/** What a player has of each currency. */
async function walletOf(player: TestPlayer): Promise<unknown> {
  return JSON.parse(((await player.get('/v2/account')) as { wallet: string }).wallet);
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

  await t.test('equipment: only what is owned can be worn, and only the server says what is', async () => {
    const player = await server.signIn('knight');
    const id = await userId(player);
    const sword = { item: 'iron-sword' };
    await assert.rejects(player.rpc('item_equip', sword), /you have no iron-sword/);
    await assert.rejects(player.rpc('item_grant', { userId: id, ...sword }), /for servers only/);
    for (const collection of ['inventory', 'equipment']) {
      const objects = [{ collection, key: 'iron-sword', value: '{}' }];
      await assert.rejects(player.put('/v2/storage', { objects }), /is written by the server/);
    }
    await player.put('/v2/storage', { objects: [{ collection: 'notes', key: 'mine', value: '{}' }] });

    await callAsServer(server, 'item_grant', { userId: id, ...sword });
    assert.deepEqual(await player.rpc('item_equip', sword), { slot: 'hand', ...sword });
    await assert.rejects(player.rpc('item_equip', { item: 'crown' }), /there is no crown/);
    const beholder = await server.signIn('beholder');
    const { objects } = (await beholder.get(`/v2/storage/equipment/${id}?limit=10`)) as {
      objects: { key: string; value: string }[];
    };
    assert.deepEqual(
      objects.map(({ key, value }) => [key, JSON.parse(value)]),
      [['hand', sword]],
    );
  });

  /** Five claims at once. The wallet after them tells how many paid. */
  const claimAtOnce = async (player: TestPlayer) => {
    const claims = await Promise.allSettled(Array.from({ length: 5 }, () => player.rpc('daily_reward')));
    for (const claim of claims) {
      if (claim.status === 'rejected') assert.match(String(claim.reason), /the reward of .* is claimed/);
    }
    const paid = claims.flatMap((claim) => (claim.status === 'fulfilled' ? [claim.value] : []));
    assert.deepEqual(paid, [{ coins: 100, day: new Date().toISOString().slice(0, 10) }]);
    assert.deepEqual(await walletOf(player), { coins: 100 });
  };

  await t.test('daily reward: of claims at once one pays, and none for the rest of the day', async () => {
    const player = await server.signIn('early-bird');
    await claimAtOnce(player);
    await assert.rejects(player.rpc('daily_reward'), /is claimed/);
    // Several isolates serve by now: these claims overlap, of one who has never claimed and of one who has.
    await claimAtOnce(await server.signIn('early-worm'));
    const claim = { collection: 'rewards', key: 'daily', value: JSON.stringify({ day: '2020-01-01' }) };
    const returning = await server.signIn('late-riser');
    await returning.put('/v2/storage', { objects: [claim] });
    await claimAtOnce(returning);
  });

  await t.test('daily reward: who has claimed cannot undo the claim', async () => {
    const player = await server.signIn('early-bird');
    const id = { collection: 'rewards', key: 'daily' };
    await assert.rejects(player.put('/v2/storage', { objects: [{ ...id, value: '{}' }] }));
    await assert.rejects(player.put('/v2/storage/delete', { object_ids: [id] }));
    await assert.rejects(player.rpc('daily_reward'), /is claimed/);
  });

  await t.test('referral: who brings a new player is rewarded once, and told', async () => {
    const referrer = await server.signIn('recruiter');
    const recruit = await server.signIn('recruit', { referrer: 'recruiter' });
    assert.deepEqual(await walletOf(referrer), { gems: 25 });
    const { notifications } = (await referrer.get('/v2/notification?limit=10')) as {
      notifications: { subject: string; content: string; sender_id: string }[];
    };
    const told = notifications.filter(({ subject }) => subject === 'A friend has joined');
    assert.equal(told.length, 1);
    assert.equal(told[0]!.sender_id, await userId(recruit));
    assert.deepEqual(JSON.parse(told[0]!.content), { gems: 25 });

    await server.signIn('recruit', { referrer: 'recruiter' });
    assert.deepEqual(await walletOf(referrer), { gems: 25 });
  });

  await t.test('referral: nobody brings themselves, or is brought by nobody', async () => {
    assert.deepEqual(await walletOf(await server.signIn('narcissus', { referrer: 'narcissus' })), {});
    await server.signIn('foundling', { referrer: 'no such player' });
  });

  await t.test('clan: its superadmin changes its motto, others do not', async () => {
    const founder = await server.signIn('founder');
    const clan = { motto: 'All for one', emblem: 'lion' };
    await assert.rejects(founder.rpc('clan_create', { name: 'Lions', ...clan, emblem: 'cat' }), /an emblem is one of/);
    const { clanId } = (await founder.rpc('clan_create', { name: 'Lions', ...clan })) as { clanId: string };
    await assert.rejects(founder.rpc('clan_create', { name: 'Lions', ...clan }), /name is taken/);

    const admin = await server.signIn('deputy');
    await admin.post(`/v2/group/${clanId}/join`);
    const update = { clanId, motto: 'One for all' };
    await assert.rejects(admin.rpc('clan_update', update), /only a superadmin/);
    await founder.post(`/v2/group/${clanId}/promote?user_ids=${await userId(admin)}`);
    await assert.rejects(admin.rpc('clan_update', update), /only a superadmin/);
    await assert.rejects(founder.rpc('clan_update', { ...update, motto: 'x'.repeat(81) }), /at most 80/);
    const updated = { motto: 'One for all', emblem: 'lion' };
    assert.deepEqual(await founder.rpc('clan_update', { ...update, rank: 1 }), updated);

    const { groups } = (await admin.get('/v2/group?name=Lions&limit=1')) as { groups: { metadata: string }[] };
    assert.deepEqual(JSON.parse(groups[0]!.metadata), updated);
    const nowhere = { ...update, clanId: '00000000-0000-4000-8000-000000000000' };
    await assert.rejects(founder.rpc('clan_update', nowhere), /there is no such clan/);
  });

  await t.test('party finder: open parties are found by level, and no client says which that is', async () => {
    const leader = await connect(t, server, await server.signIn('ringleader'));
    const make = async (settings: object): Promise<{ party_id: string; label?: string }> =>
      (await leader.ask({ party_create: { max_size: 4, open: true, ...settings } })).party;
    const boastful = await make({ label: '{"level":99}' });
    assert.equal(boastful.label, '{"level":1}');
    const changed = await make({});
    await leader.ask({ party_update: { party_id: changed.party_id, open: true, label: '{"level":99}' } });
    await make({ open: false });
    assert.equal((await make({ hidden: true, label: '{"level":1}' })).label, undefined);

    const seeker = await server.signIn('wayfarer');
    const { parties } = (await seeker.rpc('party_find')) as { parties: unknown[] };
    assert.deepEqual(
      parties,
      [boastful, changed].map(({ party_id }) => ({ partyId: party_id, maxSize: 4, level: 1 })),
    );
  });
});

test('weekly scores: the server takes them, and the best three of a week that has ended are paid and told', async (t) => {
  const folder = fileURLToPath(new URL('../examples/modules/', import.meta.url));
  const server = await startTestServer(folder, { settings: { 'runtime.env': ['SCORES_RESET=*/3 * * * * * *'] } });
  t.after(() => server.stop());
  const cheat = await server.signIn('cheat');
  await assert.rejects(cheat.rpc('score_submit', { score: 10_001 }), /a whole number up to 10000/);
  await assert.rejects(cheat.post('/v2/leaderboard/weekly_scores', { score: '9' }), /only modules/);

  const [gold, silver, bronze, wood] = await playersOfOneWeek(server);
  const prizeOf = async (player: TestPlayer) => {
    const { notifications = [] } = (await player.get('/v2/notification?limit=10')) as {
      notifications?: { subject: string }[];
    };
    return [
      await walletOf(player),
      ...notifications.map(({ subject }) => subject).filter((subject) => subject !== 'Welcome!'),
    ];
  };
  while ((await prizeOf(bronze!)).length < 2) await delay(50);
  assert.deepEqual(await prizeOf(gold!), [{ coins: 300 }, 'Place 1 of the week']);
  assert.deepEqual(await prizeOf(silver!), [{ coins: 200 }, 'Place 2 of the week']);
  assert.deepEqual(await prizeOf(bronze!), [{ coins: 100 }, 'Place 3 of the week']);
  assert.deepEqual(await prizeOf(wood!), [{}]);
});

/** Players with scores of one week, best first: the weeks of the test are short, so some try several times. */
async function playersOfOneWeek(server: TestServer): Promise<TestPlayer[]> {
  for (let attempt = 0; ; attempt++) {
    const players = await Promise.all([1, 2, 3, 4].map((n) => server.signIn(`player-${attempt}-${n}`)));
    await Promise.all(players.map((player, i) => player.rpc('score_submit', { score: 100 - 10 * i })));
    const list = '/v2/leaderboard/weekly_scores?limit=10';
    const { records } = (await players[0]!.get(list)) as { records?: { owner_id: string }[] };
    if (records?.length === players.length) return players;
  }
}
