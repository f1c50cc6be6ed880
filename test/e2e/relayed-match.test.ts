import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MatchData, MatchPresenceEvent } from '@heroiclabs/nakama-js';
import { Inbox, openSocket, type SocketKind, signIn } from '../support/players.ts';
import { suiteServer } from '../support/server.ts';

describe('a relayed match of two stock clients', () => {
  const server = suiteServer('memory');

  /** A player in front of a socket, with what comes over it. */
  const arrive = async (kind: SocketKind) => {
    const player = await signIn(server);
    const socket = await openSocket(player, kind);
    const data = new Inbox<MatchData>();
    const presences = new Inbox<MatchPresenceEvent>();
    socket.onmatchdata = data.push;
    socket.onmatchpresence = presences.push;
    return { ...player, socket, data, presences };
  };
  const pairs: readonly [SocketKind, SocketKind][] = [
    ['json', 'json'],
    ['protobuf', 'protobuf'],
    ['json', 'protobuf'],
  ];

  for (const [annasKind, bertsKind] of pairs) {
    it(`who speak ${annasKind} and ${bertsKind}: they meet, send each other data, and one hangs up`, async () => {
      const [anna, bert] = [await arrive(annasKind), await arrive(bertsKind)];
      const { match_id, size, authoritative = false } = await anna.socket.createMatch();
      assert.deepEqual([size, authoritative], [1, false]);
      assert.equal((await anna.presences.next()).joins[0]?.user_id, anna.userId);

      const joined = await bert.socket.joinMatch(match_id);
      assert.deepEqual([joined.size, joined.presences.map((there) => there.user_id)], [1, [anna.userId]]);
      assert.equal((await anna.presences.next()).joins[0]?.user_id, bert.userId);
      assert.equal((await bert.presences.next()).joins[0]?.user_id, bert.userId);
      const { matches = [] } = await anna.client.listMatches(anna.session, 100);
      assert.equal(matches.find((listed) => listed.match_id === match_id)?.size, 2);

      await anna.socket.sendMatchState(match_id, 7, '{"x":1}');
      const move = await bert.data.next();
      assert.deepEqual([Number(move.op_code), Buffer.from(move.data).toString()], [7, '{"x":1}']);
      assert.equal(move.presence?.user_id, anna.userId);
      await bert.socket.sendMatchState(match_id, 8, new Uint8Array([0, 255]), [joined.presences[0]!]);
      const reply = await anna.data.next();
      assert.deepEqual([Number(reply.op_code), [...Buffer.from(reply.data)]], [8, [0, 255]]);

      bert.socket.disconnect(false);
      assert.equal((await anna.presences.next()).leaves[0]?.user_id, bert.userId);
      await anna.socket.leaveMatch(match_id);
      await assert.rejects(anna.socket.joinMatch(match_id), { code: 4 });
      anna.socket.disconnect(false);
    });
  }
});
