import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Db } from '../../../../src/database/database.ts';
import { boardFunctions } from '../../../../src/features/leaderboards/board-functions.ts';
import { Boards } from '../../../../src/features/leaderboards/boards.ts';
import { Ranks } from '../../../../src/features/leaderboards/ranks/ranks.ts';
import { LeaderboardRecords } from '../../../../src/features/leaderboards/service.ts';
import { forEachDatabase } from '../../../support/databases.ts';
import { moduleCaller, RealtimeScene } from '../../../support/realtime-scene.ts';

/** More than are read at a time. */
const STORED = 5_000;

/** The leaderboards of a server that has just been started on a database. */
class Server {
  readonly log = new RealtimeScene();
  readonly boards: Boards;
  readonly ranks: Ranks;
  readonly records: LeaderboardRecords;
  readonly nk: ReturnType<typeof moduleCaller>;

  constructor(db: Db, without: readonly string[] = []) {
    this.boards = new Boards(db);
    this.ranks = new Ranks({ db, boards: this.boards, without, log: this.log.log });
    this.records = new LeaderboardRecords({ db, boards: this.boards, ranks: this.ranks });
    this.nk = moduleCaller(boardFunctions(this.boards));
  }

  async write(boardId: string, score: number, ownerId: string = randomUUID()): Promise<number> {
    const write = {
      ownerId,
      username: '',
      score: BigInt(score),
      subscore: 0n,
      metadata: undefined,
      operator: undefined,
    };
    return (await this.records.write(boardId, write, 'server')).rank;
  }

  async count(boardId: string): Promise<number> {
    const query = { limit: undefined, cursor: '', ownerIds: [], expirySec: 0 };
    return (await this.records.list(boardId, query)).rankCount;
  }
}

forEachDatabase((_name, open) => {
  let db: Db;

  before(async () => {
    ({ db } = await open());
  });

  /** A board with the scores 0, 10, 20 … of as many owners, stored by an earlier server. */
  async function storedBoard(...settings: unknown[]): Promise<string> {
    const id = `board-${randomUUID()}`;
    await new Server(db).nk('leaderboardCreate', id, false, 'asc', 'set', ...settings);
    await sql`
      insert into leaderboard_record (leaderboard_id, owner_id, score)
      select ${id}, gen_random_uuid(), i * 10 from generate_series(0, ${STORED - 1}::int) as i`.execute(db);
    return id;
  }

  describe('ranks', () => {
    it('are read from what is stored, when the first asks for them', async () => {
      const id = await storedBoard(null, null, true);
      const server = new Server(db);
      assert.equal(await server.count(id), STORED);
      assert.equal(await server.write(id, 45), 6);
      assert.equal(await server.count(id), STORED + 1);
    });

    it('are read when nobody asks, too, and nothing of what is written meanwhile is lost', async () => {
      const id = await storedBoard(null, null, true);
      const server = new Server(db);
      const owners = Array.from({ length: 20 }, () => randomUUID());
      const early = owners.map((owner, i) => server.write(id, i * 1_000 + 5, owner));
      server.ranks.start();
      server.ranks.start();
      await Promise.all(early);
      await Promise.all(owners.map((owner, i) => server.write(id, (owners.length - i) * 1_000 + 5, owner)));
      while ((await server.count(id)) !== STORED + owners.length) await delay(10);
      // Below the score 1005 there are 0 to 1000.
      assert.equal(await server.write(id, 1_005, owners.at(-1)), 102);
      await server.ranks.stop();
      assert.deepEqual(server.log.errors, []);
    });

    it('are not kept of boards that do without, nor of any when all do', async () => {
      const id = await storedBoard(null, null, true);
      for (const without of [[id], ['*'], ['another', id]]) {
        const server = new Server(db, without);
        server.ranks.start();
        assert.deepEqual([await server.write(id, 1), await server.count(id)], [0, 0], String(without));
        await server.ranks.stop();
      }
      const other = new Server(db, ['another']);
      assert.equal(await other.write(id, 0, '00000000-0000-4000-8000-000000000000'), 1);
    });

    it('move with those above who come, change and go', async () => {
      const server = new Server(db);
      const id = `board-${randomUUID()}`;
      await server.nk('leaderboardCreate', id, false, 'desc', 'set', null, null, true);
      const [ada, bob, cleo] = [randomUUID(), randomUUID(), randomUUID()];
      assert.deepEqual([await server.write(id, 5, ada), await server.write(id, 9, bob)], [1, 1]);
      assert.deepEqual([await server.write(id, 7, cleo), await server.write(id, 5, ada)], [2, 3]);
      assert.equal(await server.write(id, 1, bob), 3);
      await server.records.delete(id, cleo, 'server');
      assert.deepEqual([await server.write(id, 5, ada), await server.count(id)], [1, 2]);
    });

    it('begin anew with every period, and with a board that is made again', async () => {
      const server = new Server(db);
      const id = `board-${randomUUID()}`;
      const create = () => server.nk('leaderboardCreate', id, false, 'desc', 'set', '* * * * * * *', null, true);
      await create();
      let count = 0;
      do {
        await server.write(id, 1);
        count = await server.count(id);
        await delay(20);
      } while (count !== 0);
      // A period has ended between the write and the count.
      server.ranks.forgetPast();
      assert.ok((await server.write(id, 5)) <= 1);
      await server.nk('leaderboardDelete', id);
      await server.nk('leaderboardCreate', id, false, 'desc', 'set', null, null, true);
      assert.equal(await server.write(id, 0), 1);
      assert.equal(await server.count(id), 1);
    });

    it('that cannot be read are asked for again by the next call', async () => {
      const id = await storedBoard(null, null, true);
      let fails = true;
      const server = new Server(
        db.withPlugin({
          transformQuery({ node }) {
            if (
              fails &&
              JSON.stringify(node, (_, value) => (typeof value === 'bigint' ? 0 : value)).includes(
                'select owner_id, score',
              )
            ) {
              // biome-ignore format: one line
              throw new Error('the database is away');
            }
            return node;
          },
          transformResult: async ({ result }) => result,
        }),
      );
      assert.equal(await server.count(id), 0);
      assert.deepEqual(server.log.errors, ['ranks cannot be read']);
      fails = false;
      assert.equal(await server.count(id), STORED);
    });
  });
});
