import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { RawNode } from 'kysely';
import type { Db } from '../../../src/database/database.ts';
import { Operator } from '../../../src/protocol/gen/nakama/api/api_pb.js';
import { Nakama } from '../../../src/protocol/gen/nakama/api/service_pb.js';
import { Status } from '../../../src/protocol/status.ts';
import { ArgumentError } from '../../../src/runtime/argument-check.ts';
import { forEachDatabase } from '../../support/databases.ts';
import type { FakeUser } from '../../support/fake-session.ts';
import { PlayerScene } from '../../support/player-scene.ts';

const MAX_INT8 = 2n ** 63n - 1n;
const CROWD = 20;

interface Sent {
  readonly score?: bigint;
  readonly subscore?: bigint;
  readonly metadata?: string;
  readonly operator?: Operator;
}

/** A view of a database in which so many writes of records fail as those do that another one overtakes. */
function refusingWrites(db: Db, count: number): Db {
  let left = count;
  return db.withPlugin({
    transformQuery({ node }) {
      const isWrite = RawNode.is(node) && node.sqlFragments.join(' ').includes('insert into leaderboard_record');
      if (!isWrite || left-- <= 0) return node;
      throw Object.assign(new Error('duplicate key'), { code: '23505', constraint: 'leaderboard_record_pkey' });
    },
    transformResult: async ({ result }) => result,
  });
}

forEachDatabase((_name, open) => {
  let scene: PlayerScene;
  let alice: FakeUser;

  before(async () => {
    scene = new PlayerScene((await open()).db);
    alice = await scene.user('alice');
  });

  /** A board of its own for a test. */
  const board = async (...settings: unknown[]): Promise<string> => {
    const id = `board-${randomUUID()}`;
    await scene.nk('leaderboardCreate', id, ...settings);
    return id;
  };
  const write = (leaderboardId: string, record: Sent, user = alice) =>
    scene.call(Nakama.method.writeLeaderboardRecord, user, { leaderboardId, record });
  const own = async (leaderboardId: string, user = alice) =>
    (await scene.nk('leaderboardRecordsList', leaderboardId, [user.id])).ownerRecords[0];

  describe('a score', () => {
    it('is kept with the name of who sent it', async () => {
      const id = await board();
      const { create_time, update_time, ...record } = await write(id, { score: 5n, metadata: ' {"b": 1, "a": [2]} ' });
      assert.deepEqual(record, {
        leaderboard_id: id,
        owner_id: alice.id,
        username: alice.username,
        score: '5',
        num_score: 1,
        max_num_score: 1_000_000,
        metadata: '{"a": [2], "b": 1}',
      });
      assert.match(create_time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      assert.equal(create_time, update_time);
    });

    it('does to the one that is there what the board says', async () => {
      const sent = [
        [50n, 5n],
        [70n, 3n],
        [20n, 9n],
        [20n, 9n],
        [0n, 0n],
      ] as const;
      // Score, subscore and how many counted, after each.
      const expected: Record<string, number[][]> = {
        'desc best': [[50, 5, 1], [70, 5, 2], [70, 9, 3], [70, 9, 3], [70, 9, 3]], // biome-ignore format: a table
        'asc best': [[50, 5, 1], [50, 3, 2], [20, 3, 3], [20, 3, 3], [0, 0, 4]], // biome-ignore format: a table
        'desc set': [[50, 5, 1], [70, 3, 2], [20, 9, 3], [20, 9, 3], [0, 0, 4]], // biome-ignore format: a table
        'asc incr': [[50, 5, 1], [120, 8, 2], [140, 17, 3], [160, 26, 4], [160, 26, 4]], // biome-ignore format: a table
        'desc decr': [[0, 0, 1], [0, 0, 2], [0, 0, 3], [0, 0, 4], [0, 0, 4]], // biome-ignore format: a table
      };
      for (const [kind, steps] of Object.entries(expected)) {
        const id = await board(false, ...kind.split(' '));
        for (const [i, [score, subscore]] of sent.entries()) {
          await write(id, { score, subscore });
          const record = await own(id);
          assert.deepEqual([record.score, record.subscore, record.numScore], steps[i], `${kind}, step ${i}`);
        }
      }
    });

    it('may be written by another operator, this once', async () => {
      const id = await board(false, 'desc', 'best');
      const after = async (score: bigint, operator: Operator) => {
        await write(id, { score, operator });
        return (await own(id)).score;
      };
      assert.equal(await after(100n, Operator.NO_OVERRIDE), 100);
      assert.equal(await after(40n, Operator.SET), 40);
      assert.equal(await after(5n, Operator.INCREMENT), 45);
      assert.equal(await after(15n, Operator.DECREMENT), 30);
      assert.equal(await after(20n, Operator.BEST), 30);
      assert.equal(await after(1000n, Operator.DECREMENT), 0);
      await assert.rejects(after(1n, 5 as Operator), { code: Status.INTERNAL });
    });

    it('that changes nothing leaves the record as it is', async () => {
      const id = await board();
      const first = await write(id, { score: 9n, metadata: '{"a":1}' });
      const { num_score, metadata, update_time } = await write(id, { score: 3n, metadata: '{"a":2}' });
      assert.deepEqual([num_score, metadata, update_time], [1, '{"a": 1}', first.update_time]);
      const better = await write(id, { score: 10n });
      assert.deepEqual([better.num_score, better.metadata], [2, '{"a": 1}']);
      assert.equal((await write(id, { score: 11n, metadata: '{"a":3}' })).metadata, '{"a": 3}');
    });

    it('is exact to 64 bits, and neither below zero nor beyond them', async () => {
      const id = await board(false, 'desc', 'incr');
      assert.equal((await write(id, { score: MAX_INT8 - 1n })).score, String(MAX_INT8 - 1n));
      assert.equal((await write(id, { score: 1n })).score, String(MAX_INT8));
      await assert.rejects(write(id, { score: 1n }), { code: Status.INTERNAL });
      await assert.rejects(write(id, { score: -1n }), { code: Status.INTERNAL });
      await assert.rejects(write(id, { subscore: -1n }), { code: Status.INTERNAL });
      assert.equal((await own(id)).numScore, 2);
    });

    it('has metadata that is a JSON object or nothing', async () => {
      const id = await board();
      for (const metadata of ['{', 'rain', '[1]', 'null', '"x"', '1']) {
        await assert.rejects(write(id, { score: 1n, metadata }), { code: Status.INVALID_ARGUMENT }, metadata);
      }
      for (const metadata of ['{"a":"\\u0000"}', '{"a":1e100000}']) {
        await assert.rejects(write(id, { metadata }), { code: Status.INVALID_ARGUMENT }, metadata);
      }
      assert.equal((await write(id, {})).metadata, '{}');
    });

    it('needs a board, and one that players may write to', async () => {
      await assert.rejects(write(randomUUID(), { score: 1n }), { code: Status.NOT_FOUND });
      const id = await board(true);
      await assert.rejects(write(id, { score: 1n }), { code: Status.PERMISSION_DENIED });
      assert.equal((await scene.nk('leaderboardRecordWrite', id, alice.id, null, 7)).score, 7);
      const remove = () => scene.call(Nakama.method.deleteLeaderboardRecord, alice, { leaderboardId: id });
      await assert.rejects(remove(), { code: Status.PERMISSION_DENIED });
      assert.equal((await own(id)).score, 7);
    });

    it('needs a board that is there still, whoever deleted it', async () => {
      const id = await board();
      await write(id, { score: 1n });
      await scene.db.deleteFrom('leaderboard').where('id', '=', id).execute();
      for (let i = 0; i < 2; i++) await assert.rejects(write(id, { score: 1n }), { code: Status.NOT_FOUND });
    });
  });

  describe('scores of one owner that are sent at once', () => {
    it('all count, the first ones too, also on two servers', async () => {
      const other = new PlayerScene(scene.db);
      for (let round = 0; round < 5; round++) {
        const id = await board(false, 'desc', 'incr', null, null, true);
        const sent = { leaderboardId: id, record: { score: 3n, subscore: 1n } };
        const writes = Array.from({ length: CROWD }, (_, i) =>
          (i % 2 === 0 ? scene : other).call(Nakama.method.writeLeaderboardRecord, alice, sent),
        );
        await Promise.all(writes);
        const { score, subscore, numScore } = await own(id);
        assert.deepEqual([score, subscore, numScore], [3 * CROWD, CROWD, CROWD]);
      }
    });

    it('that each come to a server of their own all count', async () => {
      const servers = Array.from({ length: 5 }, () => new PlayerScene(scene.db));
      const id = await board(false, 'desc', 'incr');
      // Each knows the board: nothing but the writes is left to do.
      for (const server of servers) await server.nk('leaderboardRecordDelete', id, alice.id);
      for (let round = 0; round < 20; round++) {
        const owner = await scene.user();
        const writes = servers.map((server) => server.nk('leaderboardRecordWrite', id, owner.id, null, 3, 1));
        await Promise.all(writes);
        const { score, subscore, numScore } = await own(id, owner);
        assert.deepEqual([score, subscore, numScore], [15, 5, 5]);
      }
    });

    it('that find the record made by another in between are written again', async () => {
      const id = await board(false, 'desc', 'incr');
      for (const refusals of [1, 4]) {
        const unlucky = new PlayerScene(refusingWrites(scene.db, refusals));
        assert.equal((await unlucky.nk('leaderboardRecordWrite', id, randomUUID(), null, 3)).score, 3);
      }
      const hopeless = new PlayerScene(refusingWrites(scene.db, 100));
      await assert.rejects(hopeless.nk('leaderboardRecordWrite', id, alice.id, null, 3), { code: '23505' });
    });

    it('leave the best, and each is answered with what is there after it', async () => {
      const id = await board();
      const sent = Array.from({ length: CROWD }, (_, i) => BigInt((i * 7) % CROWD));
      const answers = await Promise.all(sent.map((score) => write(id, { score })));
      for (const [i, { score = '0' }] of answers.entries()) assert.ok(BigInt(score) >= sent[i]!);
      assert.equal((await own(id)).score, CROWD - 1);
    });
  });

  describe('modules', () => {
    it('write for any owner, and see numbers', async () => {
      const id = await board(true, 'asc', 'best', null, null, true);
      const ownerId = randomUUID();
      const record = await scene.nk('leaderboardRecordWrite', id, ownerId, null, 61, 5, { car: 'red' }, 'SET');
      const { createTime, updateTime, ...rest } = record;
      assert.ok(Number.isInteger(createTime) && createTime === updateTime);
      assert.deepEqual(rest, {
        leaderboardId: id,
        ownerId,
        username: null,
        score: 61,
        subscore: 5,
        numScore: 1,
        maxNumScore: 1_000_000,
        metadata: { car: 'red' },
        expiryTime: null,
        rank: 1,
      });
      // The name is kept when a later write has none.
      await scene.nk('leaderboardRecordWrite', id, ownerId, 'ada', 60);
      assert.equal((await scene.nk('leaderboardRecordWrite', id, ownerId, null, 59)).username, 'ada');
    });

    it('are told what is wrong', async () => {
      const id = await board();
      for (const args of [
        ['', alice.id],
        [id, 'alice'],
        [id, alice.id, null, 1.5],
        [id, alice.id, null, '1'],
        [id, alice.id, null, 1, 1, 'fast'],
        [id, alice.id, null, 1, 1, null, 'double'],
      ]) {
        await assert.rejects(scene.nk('leaderboardRecordWrite', ...args), ArgumentError, JSON.stringify(args));
      }
      await assert.rejects(scene.nk('leaderboardRecordWrite', randomUUID(), alice.id), { code: Status.NOT_FOUND });
      await assert.rejects(scene.nk('leaderboardRecordDelete', randomUUID(), alice.id), { code: Status.NOT_FOUND });
      await assert.rejects(scene.nk('leaderboardRanksDisable', randomUUID()), { code: Status.NOT_FOUND });
    });
  });

  describe('a deleted record', () => {
    it('is gone, may be gone already, and the next score begins anew', async () => {
      const id = await board(false, 'desc', 'incr');
      const bob = await scene.user('bob');
      for (const user of [alice, bob]) await write(id, { score: 10n }, user);
      const remove = () => scene.call(Nakama.method.deleteLeaderboardRecord, alice, { leaderboardId: id });
      for (let i = 0; i < 2; i++) assert.deepEqual(await remove(), {});
      assert.equal(await own(id), undefined);
      assert.equal((await own(id, bob)).score, 10);
      const anew = await write(id, { score: 3n });
      assert.deepEqual([anew.score, anew.num_score], ['3', 1]);
      await scene.nk('leaderboardRecordDelete', id, alice.id);
      assert.equal(await own(id), undefined);
    });
  });
});
