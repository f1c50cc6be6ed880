import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { ArgumentError } from '../../../src/runtime/argument-check.ts';
import { forEachDatabase } from '../../support/databases.ts';
import { PlayerScene } from '../../support/player-scene.ts';

forEachDatabase((_name, open) => {
  let scene: PlayerScene;
  let nk: PlayerScene['nk'];

  before(async () => {
    scene = new PlayerScene((await open()).db);
    nk = scene.nk;
  });

  describe('a leaderboard', () => {
    it('has the best score of each, the highest first, unless it is made otherwise', async () => {
      const id = randomUUID();
      await nk('leaderboardCreate', id);
      const [board] = await nk('leaderboardsGetId', [id, 'unknown']);
      const { createTime, ...rest } = board;
      assert.ok(Number.isInteger(createTime));
      assert.deepEqual(rest, { id, operator: 'best', sortOrder: 1, metadata: {}, authoritative: false });
    });

    it('says when it is reset', async () => {
      const id = randomUUID();
      await nk('leaderboardCreate', id, true, 'asc', 'incr', '0 0 * * 1', { a: 1 }, true);
      const [board] = await nk('leaderboardsGetId', [id]);
      assert.deepEqual(
        [board.operator, board.sortOrder, board.metadata, board.authoritative],
        ['increment', 0, { a: 1 }, true],
      );
      assert.equal(board.nextReset - board.prevReset, 7 * 24 * 3600);
    });

    it('that is there already stays as it is', async () => {
      const id = randomUUID();
      await nk('leaderboardCreate', id, false, 'asc');
      await nk('leaderboardCreate', id, true, 'desc');
      const [board] = await nk('leaderboardsGetId', [id]);
      assert.deepEqual([board.sortOrder, board.authoritative], [0, false]);
    });

    it('is not made of words that mean nothing', async () => {
      const id = randomUUID();
      for (const args of [[''], [id, false, 'up'], [id, false, 'asc', 'mean'], [id, false, 'asc', 'best', 'often']]) {
        await assert.rejects(nk('leaderboardCreate', ...args), ArgumentError, JSON.stringify(args));
      }
      assert.deepEqual(await nk('leaderboardsGetId', [id]), []);
    });

    it('goes with its records, and may be gone already', async () => {
      const [id, userId] = [randomUUID(), randomUUID()];
      await nk('leaderboardCreate', id);
      await scene.db.insertInto('leaderboard_record').values({ leaderboard_id: id, owner_id: userId }).execute();
      for (let i = 0; i < 2; i++) await nk('leaderboardDelete', id);
      const left = await scene.db
        .selectFrom('leaderboard_record')
        .select('score')
        .where('owner_id', '=', userId)
        .execute();
      assert.deepEqual(left, []);
    });
  });

  it('leaderboards are listed in the order in which they were made, a page at a time, without tournaments', async () => {
    await scene.db.deleteFrom('leaderboard').execute();
    await scene.db.insertInto('leaderboard').values({ id: 'tournament', duration: 60 }).execute();
    for (const id of ['c', 'a', 'b']) await nk('leaderboardCreate', id);
    const first = await nk('leaderboardList', 2);
    const second = await nk('leaderboardList', 2, first.cursor);
    const ids = [first, second].map(({ leaderboards }) => leaderboards.map(({ id }: { id: string }) => id));
    assert.deepEqual([ids, second.cursor], [[['c', 'a'], ['b']], null]);
    for (const [limit, cursor] of [
      [0],
      [101],
      [10, 'nonsense'],
      [10, Buffer.from('[1e17,"a"]').toString('base64url')],
    ]) {
      await assert.rejects(nk('leaderboardList', limit, cursor), ArgumentError);
    }
  });
});
