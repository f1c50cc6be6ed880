import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { after, describe, it } from 'node:test';
import type { MatchData, MatchmakerMatched, MatchPresenceEvent, Socket } from '@heroiclabs/nakama-js';
import type { Log } from '../../src/observability/log.ts';
import { moduleFolder, writeFiles } from '../support/module-folder.ts';
import { Inbox, openSocket, type SocketKind, signIn } from '../support/players.ts';
import { startTestServer, suiteServer } from '../support/server.ts';

// Authoritative matches as the stock client plays them.

/** A test that takes longer waits for something that will not come. */
const HANG_GUARD_MS = 60_000;
const socketKinds: readonly SocketKind[] = ['json', 'protobuf'];

/** A table at which what is said is passed on; by op code a player is kicked, or the match fails or ends. */
const moduleText = (greeting = 'hello') => `
  const [SAY, KICK, FAIL, END] = [1, 2, 3, 4];
  interface Table { said: string[] }
  const table: nkruntime.MatchHandler<Table> = {
    matchInit: (ctx, logger, nk, params) => ({ state: { said: [] }, tickRate: 20, label: JSON.stringify({ table: params.name }) }),
    matchJoinAttempt: (ctx, logger, nk, dispatcher, tick, state, presence, metadata) =>
      ({ state, accept: metadata.ticket !== 'forged', rejectMessage: 'your ticket is forged, ' + presence.username }),
    matchJoin: (ctx, logger, nk, dispatcher, tick, state, presences) => {
      dispatcher.broadcastMessage(SAY, '${greeting}', presences);
      return { state };
    },
    matchLeave: (ctx, logger, nk, dispatcher, tick, state, presences) => ({ state }),
    matchLoop: (ctx, logger, nk, dispatcher, tick, state, messages) => {
      for (const { opCode, data, sender } of messages) {
        if (opCode === FAIL) throw new Error('the table breaks');
        if (opCode === END) return null;
        if (opCode === KICK) dispatcher.matchKick([sender]);
        if (opCode === SAY) {
          state.said.push(nk.binaryToString(data));
          dispatcher.broadcastMessage(SAY, state.said.join(), null, sender);
        }
      }
      return { state };
    },
    matchTerminate: (ctx, logger, nk, dispatcher, tick, state, graceSeconds) => {
      dispatcher.broadcastMessage(SAY, 'closing');
      return null;
    },
    matchSignal: (ctx, logger, nk, dispatcher, tick, state, data) => ({ state, data: data + state.said.length }),
  };
  function InitModule(ctx, logger, nk: nkruntime.Nakama, initializer: nkruntime.Initializer) {
    initializer.registerMatch('table', table);
    initializer.registerRpc('open_table', (ctx, logger, nk, name) => nk.matchCreate('table', { name }));
    initializer.registerRpc('signal', async (ctx, logger, nk, id) => nk.async.matchSignal(id, 'said: '));
    initializer.registerMatchmakerMatched((ctx, logger, nk) => nk.matchCreate('table', { name: 'matched' }));
  }
`;

type Server = { readonly port: number };

/** A signed-in player with a socket that collects what it is told of matches. */
async function newPlayer(server: Server, kind: SocketKind) {
  const player = await signIn(server);
  const socket = await openSocket(player, kind);
  const data = new Inbox<MatchData>();
  const presences = new Inbox<MatchPresenceEvent>();
  const matched = new Inbox<MatchmakerMatched>();
  let isClosed = false;
  const closed = new Promise<void>((resolve) => {
    socket.ondisconnect = () => {
      isClosed = true;
      resolve();
    };
  });
  socket.onmatchdata = data.push;
  socket.onmatchpresence = presences.push;
  socket.onmatchmakermatched = matched.push;
  return {
    ...player,
    socket,
    closed,
    matched,
    isClosed: () => isClosed,
    /** What is said next at a table. */
    hears: async () => new TextDecoder().decode((await data.next()).data),
    /** Who leaves next. */
    seesLeave: async () => {
      for (;;) {
        const { leaves } = await presences.next();
        if (leaves?.length) return leaves.map(({ user_id }) => user_id);
      }
    },
  };
}

async function openTable(socket: Socket, name = 'one'): Promise<string> {
  return (await socket.rpc('open_table', name)).payload!;
}

const modulesDir = await moduleFolder({ after }, { 'main.ts': moduleText() });

describe('the stock client and authoritative matches', { timeout: HANG_GUARD_MS }, () => {
  const server = suiteServer('memory', { modulesDir, config: { 'matchmaker.interval_sec': 1 } });

  for (const kind of socketKinds) {
    it(`over ${kind}: players come in, speak, are kicked and leave`, async () => {
      const [anna, bert] = [await newPlayer(server, kind), await newPlayer(server, kind)];
      const id = await openTable(anna.socket);
      const match = await anna.socket.joinMatch(id, undefined, { ticket: 'good' });
      assert.deepEqual([match.authoritative, match.label], [true, '{"table":"one"}']);
      assert.equal(await anna.hears(), 'hello');
      await assert.rejects(bert.socket.joinMatch(id, undefined, { ticket: 'forged' }), {
        code: 5,
        message: `your ticket is forged, ${bert.session.username}`,
      });
      const seen = await bert.socket.joinMatch(id);
      assert.deepEqual(
        seen.presences.map(({ user_id }) => user_id),
        [anna.userId],
      );
      assert.equal(await bert.hears(), 'hello');

      await anna.socket.sendMatchState(id, 1, 'good evening');
      assert.deepEqual([await anna.hears(), await bert.hears()], ['good evening', 'good evening']);
      assert.equal((await anna.socket.rpc('signal', id)).payload, 'said: 1');
      const { matches } = await anna.client.listMatches(anna.session, 10, true, undefined, 2, 2, '+label.table:one');
      assert.ok(matches!.some(({ match_id, size }) => match_id === id && size === 2));

      await bert.socket.sendMatchState(id, 2, '');
      assert.deepEqual(await anna.seesLeave(), [bert.userId]);
      await bert.socket.joinMatch(id);
      assert.equal(await bert.hears(), 'hello');
      await bert.socket.leaveMatch(id);
      assert.deepEqual(await anna.seesLeave(), [bert.userId]);
      assert.equal(bert.isClosed(), false);
      for (const { socket } of [anna, bert]) socket.disconnect(false);
    });

    it(`over ${kind}: a match that ends is left in silence, one that fails takes the connections along`, async () => {
      const [anna, bert] = [await newPlayer(server, kind), await newPlayer(server, kind)];
      const [ending, failing] = [await openTable(anna.socket), await openTable(anna.socket)];
      await anna.socket.joinMatch(ending);
      await anna.socket.joinMatch(failing);
      await bert.socket.joinMatch(failing);
      await anna.socket.sendMatchState(ending, 4, '');
      while (
        await anna.socket.rpc('signal', ending).then(
          () => true,
          () => false,
        )
      );
      assert.equal(anna.isClosed(), false);
      await assert.rejects(bert.socket.joinMatch(ending), { code: 4 });
      await anna.socket.sendMatchState(failing, 3, '');
      await Promise.all([anna.closed, bert.closed]);
    });

    it(`over ${kind}: the matchmaker's players meet in a match of the module`, async () => {
      const [anna, bert] = [await newPlayer(server, kind), await newPlayer(server, kind)];
      const room = crypto.randomUUID();
      for (const { socket } of [anna, bert]) await socket.addMatchmaker(`+properties.room:${room}`, 2, 2, { room });
      const told = await anna.matched.next();
      assert.equal((await bert.matched.next()).match_id, told.match_id);
      await anna.socket.joinMatch(told.match_id);
      await bert.socket.joinMatch(told.match_id);
      assert.equal(await bert.hears(), 'hello');
      for (const { socket } of [anna, bert]) socket.disconnect(false);
    });
  }
});

it('saving a module changes what a running match does; players and sockets stay', {
  timeout: HANG_GUARD_MS,
}, async () => {
  const lines = new EventEmitter();
  const modulesDir = await moduleFolder({ after }, { 'main.ts': moduleText('hello') });
  const server = await startTestServer({ modulesDir, watch: true, log: logTo(lines) });
  const players = [await newPlayer(server, 'json'), await newPlayer(server, 'protobuf')] as const;
  const [anna, bert] = players;
  const id = await openTable(anna.socket);
  await anna.socket.joinMatch(id);
  assert.equal(await anna.hears(), 'hello');
  await anna.socket.sendMatchState(id, 1, 'one');
  assert.equal(await anna.hears(), 'one');
  const reloaded = once(lines, 'reloaded');
  await writeFiles(modulesDir, { 'main.ts': moduleText('welcome') });
  await reloaded;
  await bert.socket.joinMatch(id);
  assert.equal(await bert.hears(), 'welcome');
  await anna.socket.sendMatchState(id, 1, 'two');
  assert.deepEqual([await anna.hears(), await bert.hears()], ['one,two', 'one,two'], 'the state is still there');
  assert.deepEqual(
    players.map((player) => player.isClosed()),
    [false, false],
  );
  for (const { socket } of players) socket.disconnect(false);
});

it('a server that stops lets its matches say so before it closes the sockets', { timeout: HANG_GUARD_MS }, async () => {
  const server = await startTestServer({ modulesDir });
  const anna = await newPlayer(server, 'json');
  await anna.socket.joinMatch(await openTable(anna.socket));
  assert.equal(await anna.hears(), 'hello');
  await server.stop();
  assert.equal(await anna.hears(), 'closing');
  await anna.closed;
});

/** A log that tells of reloads. */
function logTo(lines: EventEmitter): Log {
  const write = (...line: unknown[]): void => void (/^reloaded/.test(String(line.at(-1))) && lines.emit('reloaded'));
  const log: Log = { debug: write, info: write, warn: write, error: write, child: () => log } as unknown as Log;
  return log;
}
