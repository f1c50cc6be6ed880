import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { sql } from 'kysely';
import type { Db } from '../../../src/database/database.ts';
import { boardFunctions } from '../../../src/features/leaderboards/board-functions.ts';
import { Boards } from '../../../src/features/leaderboards/boards.ts';
import { forEachDatabase } from '../../support/databases.ts';
import { moduleCaller } from '../../support/realtime-scene.ts';

type Page = { leaderboards: { id: string }[]; cursor: string | null };

forEachDatabase((_name, open) => {
  describe('leaderboardList', () => {
    let db: Db;
    let nk: ReturnType<typeof moduleCaller>;

    before(async () => {
      ({ db } = await open());
      nk = moduleCaller(boardFunctions(new Boards(db)));
      for (const id of ['c', 'a', 'b', 'd', 'e']) await nk('leaderboardCreate', id);
      // Within one millisecond, and two of them at the same microsecond.
      for (const [id, micros] of Object.entries({ c: 1, a: 2, b: 3, d: 3, e: 999 })) {
        const time = sql<Date>`timestamptz '2026-01-01 00:00:00 UTC' + ${micros} * interval '1 microsecond'`;
        await db.updateTable('leaderboard').set({ create_time: time }).where('id', '=', id).execute();
      }
    });

    it('goes from page to page in the order in which the boards were made, and loses none', async () => {
      for (const limit of [1, 2, 3]) {
        const ids: string[] = [];
        for (let cursor: string | null = ''; cursor !== null; ) {
          const page = (await nk('leaderboardList', limit, cursor)) as Page;
          ids.push(...page.leaderboards.map(({ id }) => id));
          cursor = page.cursor;
        }
        assert.deepEqual(ids, ['c', 'a', 'b', 'd', 'e']);
      }
    });

    it('refuses a cursor that it did not give', async () => {
      for (const cursor of ['nonsense', Buffer.from('["1"]').toString('base64url')]) {
        await assert.rejects(nk('leaderboardList', 1, cursor), /the cursor is invalid/);
      }
    });
  });
});
