import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, it } from 'node:test';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { Nakama } from '../../../src/protocol/gen/nakama/api/service_pb.js';
import { Status } from '../../../src/protocol/status.ts';
import { ArgumentError } from '../../../src/runtime/argument-check.ts';
import { forEachDatabase } from '../../support/databases.ts';
import type { FakeUser } from '../../support/fake-session.ts';
import { PlayerScene } from '../../support/player-scene.ts';

const { listLeaderboardRecords, listLeaderboardRecordsAroundOwner } = Nakama.method;
const DAY_SEC = 86_400;

type ListRequest = MessageInitShape<typeof listLeaderboardRecords.input>;
type AroundRequest = MessageInitShape<typeof listLeaderboardRecordsAroundOwner.input>;
interface Page {
  readonly records?: readonly { readonly owner_id: string; readonly score?: string; readonly rank?: string }[];
  readonly owner_records?: Page['records'];
  readonly next_cursor?: string;
  readonly prev_cursor?: string;
  readonly rank_count?: string;
}

forEachDatabase((_name, open) => {
  let scene: PlayerScene;
  let alice: FakeUser;
  /** Owners whose ids rise. */
  let owners: string[];

  before(async () => {
    scene = new PlayerScene((await open()).db);
    alice = await scene.user('alice');
    owners = Array.from({ length: 7 }, () => randomUUID()).sort();
  });

  /** A board on which owner number i has the score that comes i-th in the list. */
  const board = async (scores: readonly number[], ...settings: unknown[]): Promise<string> => {
    const id = `board-${randomUUID()}`;
    await scene.nk('leaderboardCreate', id, ...settings);
    for (const [i, score] of scores.entries()) await scene.nk('leaderboardRecordWrite', id, owners[i], null, score);
    return id;
  };
  const list = (leaderboardId: string, request: ListRequest): Promise<Page> =>
    scene.call(listLeaderboardRecords, alice, { leaderboardId, ...request });
  const around = (leaderboardId: string, ownerId: string, request: AroundRequest = {}): Promise<Page> =>
    scene.call(listLeaderboardRecordsAroundOwner, alice, { leaderboardId, ownerId, ...request });
  /** Numbers of the owners of a page, with their ranks. */
  const seen = ({ records = [] }: Page) => records.map(({ owner_id, rank = '-' }) => `${owners.indexOf(owner_id)}:${rank}`); // biome-ignore format: one line
  const isInvalid = { code: Status.INVALID_ARGUMENT };
  const ranked = [false, 'desc', 'best', null, null, true];

  describe('a list of records', () => {
    it('is in the order of the board: score, subscore and owner, all in its direction', async () => {
      for (const [direction, expected] of [
        ['desc', ['2:1', '3:2', '1:3', '0:4']],
        ['asc', ['0:1', '1:2', '3:3', '2:4']],
      ] as const) {
        const id = await board([5, 5, 9], false, direction);
        await scene.nk('leaderboardRecordWrite', id, owners[3], null, 5, 1);
        assert.deepEqual(seen(await list(id, { limit: 10 })), expected);
        const { owner_records: records } = await list(id, { ownerIds: owners.slice(0, 4).reverse() });
        assert.deepEqual(
          records!.map(({ owner_id }) => owners.indexOf(owner_id)),
          expected.map((text) => Number(text[0])),
        );
      }
    });

    it('goes on from page to page and back, its ranks too', async () => {
      for (const settings of [ranked, [false, 'asc']]) {
        const id = await board(settings === ranked ? [7, 6, 5, 4, 3, 2, 1] : [1, 2, 3, 4, 5, 6, 7], ...settings);
        const first = await list(id, { limit: 3 });
        const second = await list(id, { limit: 3, cursor: first.next_cursor! });
        const third = await list(id, { limit: 3, cursor: second.next_cursor! });
        const pages = [['0:1', '1:2', '2:3'], ['3:4', '4:5', '5:6'], ['6:7']];
        assert.deepEqual([first, second, third].map(seen), pages);
        assert.deepEqual([first.prev_cursor, third.next_cursor], [undefined, undefined]);
        const back = await list(id, { limit: 3, cursor: third.prev_cursor! });
        assert.deepEqual(seen(back), pages[1]);
        assert.deepEqual(seen(await list(id, { limit: 3, cursor: back.next_cursor! })), pages[2]);
        const top = await list(id, { limit: 3, cursor: back.prev_cursor! });
        assert.deepEqual([seen(top), top.prev_cursor], [pages[0], undefined]);
        assert.deepEqual(seen(await list(id, { limit: 3, cursor: top.next_cursor! })), pages[1]);
      }
    });

    it('has one record without a limit, none when owners are asked for and nothing else', async () => {
      const id = await board([3, 2, 1], ...ranked);
      const first = await list(id, {});
      assert.deepEqual(seen(first), ['0:1']);
      assert.deepEqual(seen(await list(id, { cursor: first.next_cursor! })), ['1:2']);
      const ownerIds = [owners[2]!, randomUUID(), owners[1]!.replaceAll('-', '').toUpperCase()];
      const only = await list(id, { ownerIds });
      assert.deepEqual([seen(only), seen({ records: only.owner_records! })], [[], ['1:2', '2:3']]);
      assert.deepEqual(seen(await list(id, { ownerIds, limit: 2 })), ['0:1', '1:2']);
      assert.deepEqual(seen(await list(id, { ownerIds, cursor: first.next_cursor! })), ['1:2']);
    });

    it('tells ranks and how many there are only where they are kept', async () => {
      const id = await board([3, 2, 1], ...ranked);
      const before = await list(id, { limit: 2, ownerIds: [owners[2]!] });
      assert.deepEqual([before.rank_count, before.owner_records![0]!.rank], ['3', '3']);
      for (let i = 0; i < 2; i++) await scene.nk('leaderboardRanksDisable', id);
      const after = await list(id, { limit: 2, ownerIds: [owners[2]!] });
      assert.deepEqual([after.rank_count, after.owner_records![0]!.rank], [undefined, undefined]);
      assert.deepEqual(seen(after), ['0:1', '1:2']);
      assert.equal((await scene.nk('leaderboardRecordWrite', id, owners[2], null, 9)).rank, 0);
      assert.deepEqual(await list(await board([], ...ranked), { limit: 2 }), {});
    });

    it('refuses limits and owners that cannot be, and cursors that are not its own', async () => {
      const id = await board([3, 2, 1]);
      const other = await board([3, 2, 1]);
      const { next_cursor: cursor } = await list(id, { limit: 1 });
      const forged = (change: (parts: unknown[]) => void) => {
        const parts = JSON.parse(Buffer.from(cursor!, 'base64url').toString()) as unknown[];
        change(parts);
        return Buffer.from(JSON.stringify(parts)).toString('base64url');
      };
      const bad: ListRequest[] = [
        { limit: 0 },
        { limit: 1001 },
        { limit: -1 },
        { ownerIds: ['alice'] },
        { cursor: 'nonsense' },
        { cursor: Buffer.from('{}').toString('base64url') },
        { cursor: cursor!, expiry: 60n },
        ...[2, 3, 4, 5, 6].flatMap((i) =>
          [null, 1.5, -1, 'x', '9223372036854775808'].map((value) => ({
            cursor: forged((parts) => (parts[i] = value)),
          })),
        ),
      ];
      for (const request of bad) await assert.rejects(list(id, { limit: 1, ...request }), isInvalid);
      await assert.rejects(list(other, { limit: 1, cursor: cursor! }), isInvalid);
      await assert.rejects(list(randomUUID(), {}), { code: Status.NOT_FOUND });
    });
  });

  describe('the records around an owner', () => {
    it('have the owner in the middle, where that is possible', async () => {
      const id = await board([7, 6, 5, 4, 3, 2, 1], ...ranked);
      const window = async (owner: number, limit: number) => {
        const page = await around(id, owners[owner]!, { limit });
        assert.equal(page.rank_count, '7');
        return [seen(page).join(' '), page.prev_cursor !== undefined, page.next_cursor !== undefined];
      };
      assert.deepEqual(await window(3, 1), ['3:4', true, true]);
      assert.deepEqual(await window(3, 3), ['2:3 3:4 4:5', true, true]);
      assert.deepEqual(await window(3, 4), ['2:3 3:4 4:5 5:6', true, true]);
      assert.deepEqual(await window(0, 3), ['0:1 1:2 2:3', false, true]);
      assert.deepEqual(await window(1, 4), ['0:1 1:2 2:3 3:4', false, true]);
      assert.deepEqual(await window(6, 3), ['4:5 5:6 6:7', true, false]);
      assert.deepEqual(await window(3, 100), ['0:1 1:2 2:3 3:4 4:5 5:6 6:7', false, false]);
      // All but one of those that follow: there is more.
      assert.deepEqual(await window(0, 6), ['0:1 1:2 2:3 3:4 4:5 5:6', false, true]);
      assert.equal(seen(await around(id, owners[3]!)).length, 1);
    });

    it('go on as a list does, whoever the owner is then', async () => {
      const id = await board([7, 6, 5, 4, 3, 2, 1], ...ranked);
      const page = await around(id, owners[3]!, { limit: 3 });
      const next = await around(id, randomUUID(), { limit: 3, cursor: page.next_cursor! });
      assert.deepEqual([seen(next), next.next_cursor], [['5:6', '6:7'], undefined]);
      const before = await around(id, owners[0]!, { limit: 3, cursor: page.prev_cursor! });
      assert.deepEqual([seen(before), before.prev_cursor], [['0:1', '1:2'], undefined]);
    });

    it('have no ranks where none are kept, on further pages neither', async () => {
      const id = await board([1, 2, 3, 4, 5, 6, 7], false, 'asc');
      const page = await around(id, owners[3]!, { limit: 3 });
      assert.deepEqual(seen(page), ['2:-', '3:-', '4:-']);
      assert.deepEqual(seen(await around(id, owners[3]!, { limit: 3, cursor: page.prev_cursor! })), ['0:-', '1:-']);
    });

    it('are none of an owner without a record; what cannot be is refused', async () => {
      const id = await board([2, 1], ...ranked);
      assert.deepEqual(await around(id, randomUUID(), { limit: 3 }), {});
      for (const limit of [0, 101]) await assert.rejects(around(id, owners[0]!, { limit }), isInvalid);
      for (const owner of ['', 'alice']) await assert.rejects(around(id, owner), isInvalid);
      await assert.rejects(around(id, owners[0]!, { cursor: 'nonsense' }), isInvalid);
      await assert.rejects(around(randomUUID(), owners[0]!), { code: Status.NOT_FOUND });
    });
  });

  describe('periods', () => {
    it('have their own records, which are there by the end of the period', async () => {
      const id = await board([], false, 'desc', 'best', '0 0 * * *', null, true);
      const midnight = DAY_SEC * (Math.floor(Date.now() / 1000 / DAY_SEC) + 1);
      const yesterday = midnight - DAY_SEC;
      await scene.db
        .insertInto('leaderboard_record')
        .values({ leaderboard_id: id, owner_id: owners[0]!, score: 9, expiry_time: new Date(yesterday * 1000) })
        .execute();
      assert.deepEqual(await list(id, { limit: 5 }), {});
      const record = await scene.nk('leaderboardRecordWrite', id, owners[0], null, 2);
      assert.deepEqual([record.score, record.rank, record.expiryTime], [2, 1, midnight]);
      const scores = async (expirySec: number) =>
        (await list(id, { limit: 5, expiry: BigInt(expirySec) })).records?.map(({ score }) => score);
      assert.deepEqual([await scores(0), await scores(midnight), await scores(yesterday)], [['2'], ['2'], ['9']]);
      for (const never of [1, -5, 253_402_300_800, Number.MAX_SAFE_INTEGER]) {
        assert.equal(await scores(never), undefined);
        assert.deepEqual(await around(id, owners[0]!, { expiry: BigInt(never) }), {});
      }
      // Of a period that is over there are positions, and no ranks.
      const past = await list(id, { limit: 5, ownerIds: [owners[0]!], expiry: BigInt(yesterday) });
      assert.deepEqual([past.records![0]!.rank, past.owner_records![0]!.rank, past.rank_count], ['1', undefined, undefined]); // biome-ignore format: one line
      await scene.nk('leaderboardRecordDelete', id, owners[0]);
      assert.deepEqual([await scores(0), await scores(yesterday)], [undefined, ['9']]);
    });
  });

  describe('modules', () => {
    it('see lists with all of their fields', async () => {
      const id = await board([2, 1], ...ranked);
      const page = await scene.nk('leaderboardRecordsList', id, [owners[1]], 1);
      assert.deepEqual(Object.keys(page).sort(), ['nextCursor', 'ownerRecords', 'prevCursor', 'rankCount', 'records']);
      assert.deepEqual([page.records[0].rank, page.ownerRecords[0].rank, page.rankCount], [1, 2, 2]);
      assert.equal(page.prevCursor, null);
      for (const limit of [undefined, null, 0]) {
        const none = { records: [], ownerRecords: [], nextCursor: null, prevCursor: null, rankCount: 2 };
        assert.deepEqual(await scene.nk('leaderboardRecordsList', id, null, limit), none);
      }
      assert.equal((await scene.nk('leaderboardRecordsHaystack', id, owners[0])).records.length, 2);
      await assert.rejects(scene.nk('leaderboardRecordsHaystack', id, owners[0], 101, null, 0), ArgumentError);
      await assert.rejects(scene.nk('leaderboardRecordsList', id, null, -1), isInvalid);
      await assert.rejects(scene.nk('leaderboardRecordsList', id, null, 1, 'nonsense'), isInvalid);
    });

    it('get a cursor of which the page begins at a rank', async () => {
      const id = await board([7, 6, 5, 4, 3, 2, 1], ...ranked);
      const pageFrom = async (rank: number) => {
        const cursor = await scene.nk('leaderboardRecordsListCursorFromRank', id, rank);
        const { records } = await scene.nk('leaderboardRecordsList', id, null, 2, cursor);
        return records.map((record: { rank: number; score: number }) => [record.rank, record.score]);
      };
      assert.deepEqual(await pageFrom(1), [[1, 7], [2, 6]]); // biome-ignore format: a table
      assert.deepEqual(await pageFrom(3), [[3, 5], [4, 4]]); // biome-ignore format: a table
      assert.deepEqual(await pageFrom(7), [[7, 1]]);
      assert.deepEqual(await pageFrom(8), []);
      await assert.rejects(pageFrom(9), { code: Status.NOT_FOUND });
      await assert.rejects(pageFrom(0), ArgumentError);
      const cursorOf = (boardId: string) => scene.nk('leaderboardRecordsListCursorFromRank', boardId, 2);
      await assert.rejects(cursorOf(randomUUID()), ArgumentError);
      await assert.rejects(cursorOf(await board([2, 1])), { code: Status.FAILED_PRECONDITION });
    });
  });
});
