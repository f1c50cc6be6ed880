import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { forEachDatabase } from '../../support/databases.ts';
import { PlayerScene } from '../../support/player-scene.ts';

forEachDatabase((_name, open) => {
  let scene: PlayerScene;

  before(async () => {
    scene = new PlayerScene((await open()).db);
  });

  const board = async (...settings: unknown[]): Promise<string> => {
    const id = `board-${randomUUID()}`;
    await scene.nk('leaderboardCreate', id, ...settings);
    return id;
  };

  describe('the scores of a user', () => {
    it('are in the export of the account, those of past periods too, without ranks', async () => {
      const alice = await scene.user('alice');
      assert.equal(JSON.parse(await scene.nk('accountExportId', alice.id)).leaderboard_records, undefined);
      const [plain, daily] = [await board(false, 'desc', 'best', null, null, true), await board(false, 'asc')];
      await scene.nk('leaderboardRecordWrite', plain, alice.id, alice.username, 7, 1, { a: 1 });
      const past = { leaderboard_id: daily, owner_id: alice.id, score: 3, expiry_time: new Date(86_400_000) };
      await scene.db.insertInto('leaderboard_record').values(past).execute();
      const { leaderboard_records: records } = JSON.parse(await scene.nk('accountExportId', alice.id));
      const [first, second] = records;
      const { create_time, update_time, ...rest } = first;
      assert.deepEqual(rest, {
        leaderboard_id: plain,
        owner_id: alice.id,
        username: alice.username,
        score: '7',
        subscore: '1',
        num_score: 1,
        max_num_score: 1_000_000,
        metadata: '{"a": 1}',
      });
      assert.deepEqual([second.leaderboard_id, second.expiry_time], [daily, '1970-01-02T00:00:00Z']);
      assert.equal(records.length, 2);
    });

    it('are all in it, however many', async () => {
      const alice = await scene.user('alice');
      const id = await board();
      await scene.db
        .insertInto('leaderboard_record')
        .values(
          Array.from({ length: 2_100 }, (_, i) => ({
            leaderboard_id: id,
            owner_id: alice.id,
            score: i,
            expiry_time: new Date((i + 1) * 60_000),
          })),
        )
        .execute();
      const { leaderboard_records: records } = JSON.parse(await scene.nk('accountExportId', alice.id));
      assert.equal(new Set(records.map(({ score = '0' }) => score)).size, 2_100);
    });

    it('go with the account, and those below move up', async () => {
      const [alice, bob] = [await scene.user('alice'), await scene.user('bob')];
      const ids = [await board(false, 'desc', 'best', null, null, true), await board()];
      for (const id of ids) {
        await scene.nk('leaderboardRecordWrite', id, alice.id, null, 9);
        await scene.nk('leaderboardRecordWrite', id, bob.id, null, 5);
      }
      const listed = async (id: string) => scene.nk('leaderboardRecordsList', id, [bob.id, alice.id]);
      assert.deepEqual((await listed(ids[0]!)).ownerRecords.map(({ rank }: { rank: number }) => rank), [1, 2]); // biome-ignore format: one line
      await scene.accounts.delete(alice.id);
      for (const id of ids) {
        const { ownerRecords } = await listed(id);
        assert.deepEqual(ownerRecords.map(({ ownerId }: { ownerId: string }) => ownerId), [bob.id]); // biome-ignore format: one line
      }
      let page = await listed(ids[0]!);
      while (page.rankCount !== 1) page = await listed(ids[0]!);
      assert.equal(page.ownerRecords[0].rank, 1);
    });

    it('come back with an import, those of past periods too, with the rank that they have', async () => {
      const [alice, bob] = [await scene.user('alice'), await scene.user('bob')];
      const [ranked, plain] = [await board(false, 'desc', 'best', null, null, true), await board()];
      for (const id of [ranked, plain]) {
        await scene.nk('leaderboardRecordWrite', id, alice.id, alice.username, 7, 1, { a: 1 });
        await scene.nk('leaderboardRecordWrite', id, bob.id, bob.username, 5);
      }
      const past = {
        leaderboard_id: plain,
        owner_id: alice.id,
        score: 3,
        num_score: 0,
        expiry_time: new Date(86_400_000),
      };
      await scene.db.insertInto('leaderboard_record').values(past).execute();
      const text = await scene.nk('accountExportId', alice.id);
      await scene.accounts.delete(alice.id);
      await scene.nk('accountImportId', text);
      const records = async () => JSON.parse(await scene.nk('accountExportId', alice.id)).leaderboard_records;
      // A record of a past period had no name: now it has the user's.
      const before = JSON.parse(text).leaderboard_records.map((record: object) => ({
        username: alice.username,
        ...record,
      }));
      assert.deepEqual(new Set(await records()), new Set(before));
      const ranks = async () => {
        const { ownerRecords } = await scene.nk('leaderboardRecordsList', ranked, [alice.id, bob.id]);
        return ownerRecords.map(({ username, rank }: { username: string; rank: number }) => [username, rank]);
      };
      const expected = JSON.stringify([[alice.username, 1], [bob.username, 2]]); // biome-ignore format: one line
      while (JSON.stringify(await ranks()) !== expected);
    });

    it('take the place of those that a user has, under the name of that user; boards that are no more are passed over', async () => {
      const [alice, carol] = [await scene.user('alice'), await scene.user('carol')];
      const [kept, gone, own] = [await board(), await board(), await board()];
      for (const id of [kept, gone]) await scene.nk('leaderboardRecordWrite', id, alice.id, alice.username, 7);
      await scene.nk('leaderboardRecordWrite', own, carol.id, carol.username, 9);
      const text = await scene.nk('accountExportId', alice.id);
      await scene.nk('leaderboardDelete', gone);
      await scene.nk('accountImportId', text, carol.id);
      const { leaderboard_records: records } = JSON.parse(await scene.nk('accountExportId', carol.id));
      assert.deepEqual(
        records.map(({ leaderboard_id, owner_id, username, score }: Record<string, string>) => [
          leaderboard_id,
          owner_id,
          username,
          score,
        ]),
        [[kept, carol.id, carol.username, '7']],
      );
    });

    it('are refused in an import when no board could have them', async () => {
      const alice = await scene.user('alice');
      const id = await board();
      const cases: [object[], RegExp][] = [
        [[{ leaderboard_id: id, score: '-1' }], /leaderboard_records\[0\] must have no number below zero/],
        [[{ leaderboard_id: id, metadata: '[]' }], /leaderboard_records\[0\]\.metadata/],
        [[{ leaderboard_id: id }, { leaderboard_id: id, score: '2' }], /leaderboard_records\[1\] is of a leaderboard/],
      ];
      for (const [leaderboard_records, message] of cases) {
        const text = JSON.stringify({ account: { user: {} }, leaderboard_records });
        await assert.rejects(scene.nk('accountImportId', text, alice.id), message);
      }
    });
  });
});
