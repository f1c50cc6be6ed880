import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { moduleFolder } from '../support/module-folder.ts';
import { type Player, signIn } from '../support/players.ts';
import { databaseKinds, freshDatabase, startTestServer } from '../support/server.ts';

const game = `
const SYSTEM = '00000000-0000-0000-0000-000000000000';

function InitModule(ctx, logger, nk, initializer) {
  nk.leaderboardCreate('arena', false, 'desc', 'incr', null, null, true);
  nk.leaderboardCreate('blink', false, 'desc', 'best', '* * * * * * *', { prize: 50 });
  initializer.registerBeforeWriteLeaderboardRecord((ctx, logger, nk, request) => {
    if (Number(request.record.score) > 100) throw { code: 3, message: 'nobody is that good' };
    return request;
  });
  initializer.registerLeaderboardReset((ctx, logger, nk, board, reset) => {
    const value = { mode: ctx.executionMode, prize: board.metadata.prize, reset };
    nk.storageWrite([{ collection: 'resets', key: board.id, userId: SYSTEM, value, permissionRead: 2 }]);
  });
}`;

for (const kind of databaseKinds) {
  it(`the stock client plays for a leaderboard on ${kind}, and a server that is started later knows the ranks`, async (t) => {
    const modulesDir = await moduleFolder(t, { 'main.js': game });
    const database = kind === 'memory' ? `pglite:${await moduleFolder(t, {})}` : await freshDatabase(kind);
    const first = await startTestServer({ modulesDir, database });
    const [anna, bert, cleo] = [await signIn(first), await signIn(first), await signIn(first)];
    const write = ({ client, session }: Player, score: string) =>
      client.writeLeaderboardRecord(session, 'arena', { score });
    for (const [player, score] of [
      [anna, '10'],
      [bert, '30'],
      [cleo, '20'],
      [anna, '15'],
    ] as const) {
      await write(player, score);
    }
    await assert.rejects(write(anna, '101'), { status: 400 });
    const top = await anna.client.listLeaderboardRecords(anna.session, 'arena', [cleo.userId], 2);
    const seen = top.records!.map(({ owner_id, score, rank }) => [owner_id, score, rank]);
    assert.deepEqual(seen, [[bert.userId, 30, 1], [anna.userId, 25, 2]]); // biome-ignore format: a table
    assert.deepEqual([top.owner_records![0]!.rank, top.rank_count], [3, 3]);
    await bert.client.deleteAccount(bert.session);

    // What the reset function wrote can be read by everybody.
    const reset = { collection: 'resets', key: 'blink', user_id: '' };
    for (;;) {
      const { objects } = await anna.client.readStorageObjects(anna.session, { object_ids: [reset] });
      const value = objects[0]?.value as { mode: string; prize: number; reset: number } | undefined;
      if (value) {
        assert.deepEqual([value.mode, value.prize, typeof value.reset], ['leaderboard_reset', 50, 'number']);
        break;
      }
      await delay(50);
    }
    await first.stop();

    const second = await startTestServer({ modulesDir, database });
    const later = await signIn(second);
    const around = await later.client.listLeaderboardRecordsAroundOwner(later.session, 'arena', cleo.userId, 10);
    const ranks = around.records!.map(({ owner_id, rank }) => [owner_id, rank]);
    assert.deepEqual(ranks, [[anna.userId, 1], [cleo.userId, 2]]); // biome-ignore format: a table
    await second.stop();
  });
}
