import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import type { MatchData, MatchmakerMatched, MatchPresenceEvent } from '@heroiclabs/nakama-js';
import { moduleFolder } from '../support/module-folder.ts';
import { Inbox, openSocket, type SocketKind, signIn } from '../support/players.ts';
import { startTestServer, suiteServer } from '../support/server.ts';

const socketKinds: readonly SocketKind[] = ['json', 'protobuf'];
const config = { 'matchmaker.interval_sec': 1 };
const hangGuardMs = 60_000;
const matchId = '6b0f1d5e-1111-4222-8333-9a1b2c3d4e5f.elsewhere';

/** A signed-in player with a socket that collects what it is told of matches. */
async function newPlayer(server: { readonly port: number }, kind: SocketKind) {
  const player = await signIn(server);
  const socket = await openSocket(player, kind);
  const matched = new Inbox<MatchmakerMatched>();
  const presences = new Inbox<MatchPresenceEvent>();
  const data = new Inbox<MatchData>();
  socket.onmatchmakermatched = matched.push;
  socket.onmatchpresence = presences.push;
  socket.onmatchdata = data.push;
  return { ...player, socket, matched, presences, data };
}

describe('the stock client and the matchmaker', { timeout: hangGuardMs }, () => {
  const server = suiteServer('memory', { config });

  for (const kind of socketKinds) {
    it(`two players find each other over ${kind} and play in the match of their token`, async () => {
      const [anna, bert] = [await newPlayer(server, kind), await newPlayer(server, kind)];
      const room = crypto.randomUUID();
      const wants = `+properties.room:${room} +properties.level:>=10`;
      const ticket = await anna.socket.addMatchmaker(wants, 2, 2, { room, class: 'mage' }, { level: 12, luck: 0 });
      await bert.socket.addMatchmaker(wants, 2, 2, { room }, { level: 10.5 });

      const [told, toldBert] = [await anna.matched.next(), await bert.matched.next()];
      assert.equal(told.ticket, ticket.ticket);
      assert.equal(told.token, toldBert.token);
      assert.equal(told.users.length, 2);
      assert.equal(told.self.presence.user_id, anna.userId);
      const properties = told.self as unknown as Record<string, unknown>;
      assert.deepEqual({ ...(properties.string_properties as object) }, { room, class: 'mage' });
      assert.deepEqual({ ...(properties.numeric_properties as object) }, { level: 12, luck: 0 });

      const match = await anna.socket.joinMatch(undefined, told.token);
      await bert.socket.joinMatch(undefined, toldBert.token);
      const seen: string[] = [];
      while (!seen.includes(bert.userId)) {
        seen.push(...((await anna.presences.next()).joins ?? []).map((joined) => joined.user_id));
      }
      await anna.socket.sendMatchState(match.match_id, 1, 'hello');
      assert.equal(new TextDecoder().decode((await bert.data.next()).data), 'hello');
      anna.socket.disconnect(false);
      bert.socket.disconnect(false);
    });
  }

  it('a ticket that was taken back finds nobody, and a refused one says why', async () => {
    const [anna, bert] = [await newPlayer(server, 'json'), await newPlayer(server, 'json')];
    const room = crypto.randomUUID();
    const { ticket } = await anna.socket.addMatchmaker(`+properties.room:${room}`, 2, 2, { room });
    await anna.socket.removeMatchmaker(ticket);
    await assert.rejects(anna.socket.removeMatchmaker(ticket), { code: 3 });
    await assert.rejects(anna.socket.addMatchmaker('+properties.room:', 2, 2), { message: /query cannot be read/ });
    await assert.rejects(anna.socket.addMatchmaker('*', 1, 2), { code: 3 });

    await bert.socket.addMatchmaker(`+properties.room:${room}`, 2, 2, { room });
    const { matched } = bert;
    const cleo = await newPlayer(server, 'json');
    await cleo.socket.addMatchmaker(`+properties.room:${room}`, 2, 2, { room });
    const users = (await matched.next()).users.map((user) => user.presence.user_id);
    assert.deepEqual(users.sort(), [bert.userId, cleo.userId].sort());
    assert.equal(anna.matched.isEmpty, true);
    for (const { socket } of [anna, bert, cleo]) socket.disconnect(false);
  });
});

it('a module decides where those who are matched meet', { timeout: hangGuardMs }, async () => {
  const modulesDir = await moduleFolder(
    { after },
    {
      'main.ts': `
        function InitModule(ctx, logger, nk: nkruntime.Nakama, initializer: nkruntime.Initializer) {
          initializer.registerMatchmakerMatched(async (ctx, logger, nk, players) => {
            if (ctx.executionMode !== 'matchmaker' || ctx.userId !== undefined) throw new Error('wrong context');
            await nk.async.storageRead([]);
            const rooms = new Set(players.map(({ properties }) => properties.room));
            if (rooms.size !== 1) throw new Error('not one room');
            return players.every(({ presence, properties, partyId }) =>
              presence.username && presence.node && properties.level > 5 && partyId === undefined) ? '${matchId}' : null;
          });
        }`,
    },
  );
  const server = await startTestServer({ modulesDir, config });
  for (const [level, wanted] of [
    [7, matchId],
    [3, undefined],
  ] as const) {
    const [anna, bert] = [await newPlayer(server, 'json'), await newPlayer(server, 'json')];
    const room = crypto.randomUUID();
    for (const { socket } of [anna, bert]) await socket.addMatchmaker('*', 2, 2, { room }, { level });
    const told = await anna.matched.next();
    assert.equal(told.match_id, wanted);
    assert.equal(typeof told.token, wanted === undefined ? 'string' : 'undefined');
    for (const { socket } of [anna, bert]) socket.disconnect(false);
  }
});
