import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import type { Feature, OperationCall } from '../../../src/features/feature.ts';
import { createMatchesFeature, type Matches } from '../../../src/features/matches/index.ts';
import { type ListMatchesRequestSchema, MatchListSchema } from '../../../src/protocol/gen/nakama/api/api_pb.js';
import { Nakama } from '../../../src/protocol/gen/nakama/api/service_pb.js';
import { toWireJson } from '../../../src/protocol/json-codec.ts';
import { QueryError } from '../../../src/query/index.ts';
import { ArgumentError } from '../../../src/runtime/argument-check.ts';
import { LoadedModules } from '../../../src/runtime/loaded-modules.ts';
import type { FakeSession } from '../../support/fake-session.ts';
import { fakeUser, moduleCaller, RealtimeScene } from '../../support/realtime-scene.ts';

const withoutModules = { modules: new LoadedModules(), nodeId: 'node1' };
const UNKNOWN = '6b0f1d5e-1111-4222-8333-9a1b2c3d4e5f';
const LABELLED = [{ label: '' }, { label: 'x' }, { query: '*' }, { query: '' }, { query: '+label.mode:ranked' }];

describe('listing of matches', () => {
  let scene: RealtimeScene;
  let feature: Feature;
  let matches: Matches;
  let nk: ReturnType<typeof moduleCaller>;

  beforeEach(() => {
    scene = new RealtimeScene();
    ({ feature, matches } = createMatchesFeature({ ...scene, ...withoutModules, tokenKey: 'key', singleMatch: false }));
    nk = moduleCaller(feature.functions);
  });

  /** A match with so many players. */
  const matchOf = (size: number): { readonly id: string; readonly players: readonly FakeSession[] } => {
    const players = Array.from({ length: size }, (_, i) => scene.connect(fakeUser(`player ${i}`)));
    const id = matches.create(players[0]!, '').matchId;
    for (const player of players.slice(1)) matches.join(player, id, {});
    return { id, players };
  };
  const list = async (request: MessageInitShape<typeof ListMatchesRequestSchema> = {}) => {
    const { method, handle } = feature.operations![0]!;
    assert.equal(method, Nakama.method.listMatches);
    const answer = await handle(create(Nakama.method.listMatches.input, request) as never, {} as OperationCall);
    const { matches: found } = JSON.parse(toWireJson(MatchListSchema, answer as never));
    return (found ?? []) as { match_id: string; size: number }[];
  };
  const idsOf = (found: readonly { match_id?: string; matchId?: string }[]) =>
    found.map(({ match_id, matchId }) => match_id ?? matchId).sort();

  describe('for clients', () => {
    it('gives id and size of relayed matches, and no more', async () => {
      assert.deepEqual(await list(), []);
      const { id } = matchOf(2);
      assert.deepEqual(await list(), [{ match_id: id, size: 2 }]);
    });

    it('follows those who come and go; an empty match is gone', async () => {
      const { id, players } = matchOf(3);
      matches.leave(players[0]!, id);
      assert.deepEqual(
        (await list()).map(({ size }) => size),
        [2],
      );
      for (const player of players) scene.disconnect(player);
      assert.deepEqual(await list(), []);
    });

    it('keeps to the limit, 10 when none is given, and to sizes', async () => {
      const ids = Array.from({ length: 12 }, (_, i) => matchOf(i < 9 ? 1 : i - 7).id);
      assert.equal((await list()).length, 10);
      assert.equal((await list({ limit: 3 })).length, 3);
      assert.deepEqual(idsOf(await list({ limit: 100 })), [...ids].sort());
      const sizes = async (request: object) => (await list({ limit: 100, ...request })).map(({ size }) => size).sort();
      assert.deepEqual(await sizes({ minSize: 2 }), [2, 3, 4]);
      assert.deepEqual(await sizes({ minSize: 2, maxSize: 3 }), [2, 3]);
      assert.deepEqual(await sizes({ maxSize: 0 }), []);
      assert.deepEqual(await sizes({ limit: 1, minSize: 4 }), [4]);
    });

    it('by label, by query or authoritative finds no relayed ones, which have no label', async () => {
      matchOf(1);
      for (const request of [...LABELLED, { authoritative: true }]) {
        assert.deepEqual(await list(request), [], JSON.stringify(request));
      }
      assert.equal((await list({ authoritative: false })).length, 1);
    });

    it('refuses limits and sizes out of bounds, and labels of relayed matches', async () => {
      const wrong = [
        { limit: 0 },
        { limit: 101 },
        { limit: -1 },
        { minSize: -1 },
        { maxSize: -1 },
        { minSize: 3, maxSize: 2 },
        ...LABELLED.map((request) => ({ ...request, authoritative: false })),
      ];
      for (const request of wrong) await assert.rejects(list(request), { code: 3 }, JSON.stringify(request));
    });

    it('answers a query that cannot be read with 13', async () => {
      await assert.rejects(list({ query: '+label.mode:"open quote' }), { name: 'StatusError', code: 13 });
    });

    it('does not take streams of a module in the mode of matches for matches', async () => {
      const session = scene.connect(fakeUser('alice'));
      const stream = { mode: 5, subject: UNKNOWN, subcontext: '', label: '' };
      for (const other of [{ subject: '' }, { subcontext: UNKNOWN }, { label: 'spectators' }]) {
        scene.tracker.track(session, { ...stream, ...other });
      }
      assert.deepEqual(await list(), []);
      scene.tracker.track(session, stream);
      assert.deepEqual(await list(), [{ match_id: `${UNKNOWN}.`, size: 1 }]);
      scene.tracker.untrackStream(stream);
      assert.deepEqual(await list(), []);
    });
  });

  describe('for modules', () => {
    it('nk.matchList gives one match unless told otherwise, with null for the label', async () => {
      const ids = [matchOf(1).id, matchOf(2).id];
      assert.equal((await nk('matchList')).length, 1);
      assert.deepEqual(await nk('matchList', 0), []);
      assert.deepEqual(idsOf(await nk('matchList', 1000, null, null, null, null, null)), [...ids].sort());
      assert.deepEqual(await nk('matchList', 10, false, null, 2, 2), [
        { matchId: ids[1], authoritative: false, size: 2, label: null },
      ]);
      assert.deepEqual(await nk('matchList', 10, true), []);
      assert.deepEqual(await nk('matchList', 10, false, 'x'), []);
      assert.deepEqual(await nk('matchList', 10, null, null, null, null, '*'), []);
    });

    it('nk.matchList throws for a query that cannot be read, and for arguments of other types', async () => {
      await assert.rejects(nk('matchList', 10, true, null, null, null, '+'), QueryError);
      for (const args of [['10'], [null], [-1], [1, 'true'], [1, null, 5], [1, null, null, 'many']]) {
        await assert.rejects(nk('matchList', ...args), ArgumentError, JSON.stringify(args));
      }
    });

    it('nk.matchGet gives a match, null when there is none, and throws for what is no id', async () => {
      const { id, players } = matchOf(2);
      assert.deepEqual(await nk('matchGet', id), { matchId: id, authoritative: false, size: 2, label: null });
      for (const player of players) scene.disconnect(player);
      for (const gone of [id, `${UNKNOWN}.`, `${UNKNOWN}.node-1`]) assert.equal(await nk('matchGet', gone), null);
      for (const bad of ['', 'nonsense', UNKNOWN, 'nonsense.node-1']) {
        await assert.rejects(nk('matchGet', bad), /no match id/);
      }
      await assert.rejects(nk('matchGet', 5), ArgumentError);
    });
  });
});
