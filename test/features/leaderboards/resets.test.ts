import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, it, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Db } from '../../../src/database/database.ts';
import { boardFunctions } from '../../../src/features/leaderboards/board-functions.ts';
import { Boards } from '../../../src/features/leaderboards/boards.ts';
import { Resets } from '../../../src/features/leaderboards/resets.ts';
import type { Hook, ModuleHost } from '../../../src/runtime/module-host.ts';
import { forEachDatabase } from '../../support/databases.ts';
import { moduleCaller, RealtimeScene } from '../../support/realtime-scene.ts';

const EACH_SECOND = '* * * * * * *';
const EACH_DAY = '0 0 * * *';

/** A call of the modules' function. */
interface Told {
  readonly id: string;
  readonly context: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into it
  readonly board: any;
  readonly reset: number;
}

/** The resets of a server whose modules have a function for them. */
class Server {
  readonly scene = new RealtimeScene();
  readonly told: Told[] = [];
  readonly boards: Boards;
  readonly resets: Resets;
  readonly nk: ReturnType<typeof moduleCaller>;
  resetMoments = 0;
  /** What the function does besides; may fail. */
  work: () => Promise<void> = async () => {};

  constructor(
    db: Db,
    test: TestContext,
    options: { readonly hasFunction?: boolean; readonly queueSize?: number } = {},
  ) {
    const hook: Hook = {
      call: async (origin, board, reset) => {
        const parsed = JSON.parse(board!) as { id: string };
        this.told.push({ id: parsed.id, context: origin.contextText, board: parsed, reset: Number(reset) });
        await this.work();
        return null;
      },
    };
    const modules: Pick<ModuleHost, 'hook'> = {
      hook: (kind, name) =>
        options.hasFunction !== false && kind === 'callback' && name === 'LeaderboardReset' ? hook : undefined,
    };
    this.boards = new Boards(db);
    this.nk = moduleCaller(boardFunctions(this.boards));
    this.resets = new Resets({
      boards: this.boards,
      modules: modules as ModuleHost,
      queueSize: options.queueSize ?? 100,
      onReset: () => this.resetMoments++,
      log: this.scene.log,
    });
    test.after(() => this.resets.stop());
  }

  toldOf(id: string): Told[] {
    return this.told.filter((told) => told.id === id);
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(10);
}

forEachDatabase((_name, open) => {
  let db: Db;

  before(async () => {
    ({ db } = await open());
  });

  const boardOf = async (server: Server, schedule: string | null): Promise<string> => {
    const id = `board-${randomUUID()}`;
    await server.nk('leaderboardCreate', id, true, 'asc', 'incr', schedule, { season: 1 }, true);
    return id;
  };

  describe('modules are told of the reset of a leaderboard', () => {
    it('that was there, and that is made later, each time, with the board as its period ended', async (test) => {
      const server = new Server(db, test);
      const early = await boardOf(server, EACH_SECOND);
      const never = [await boardOf(server, null), await boardOf(server, EACH_DAY)];
      await server.resets.start();
      await server.resets.start();
      const late = await boardOf(server, EACH_SECOND);
      await until(() => server.toldOf(early).length >= 2 && server.toldOf(late).length >= 2);
      const [first, second] = server.toldOf(early) as [Told, Told];
      assert.equal(first.context, '{"executionMode":"leaderboard_reset"}');
      const { createTime, ...board } = first.board;
      assert.ok(Number.isInteger(createTime));
      assert.deepEqual(board, {
        id: early,
        authoritative: true,
        sortOrder: 0,
        operator: 'increment',
        metadata: { season: 1 },
        prevReset: first.reset - 2,
        nextReset: first.reset,
      });
      assert.ok(second.reset > first.reset);
      assert.ok(server.resetMoments >= 2);
      for (const id of never) assert.deepEqual(server.toldOf(id), []);
    });

    it('until it is deleted, or the server stops', async (test) => {
      const server = new Server(db, test);
      await server.resets.start();
      const [gone, stays] = [await boardOf(server, EACH_SECOND), await boardOf(server, '*/1 * * * * * *')];
      await until(() => server.toldOf(gone).length > 0);
      await server.nk('leaderboardDelete', gone);
      const count = server.toldOf(gone).length;
      const countOfOther = server.toldOf(stays).length;
      await until(() => server.toldOf(stays).length >= countOfOther + 2);
      assert.ok(server.toldOf(gone).length <= count + 1);
      server.resets.stop();
      const { length } = server.told;
      await delay(1_100);
      assert.ok(server.told.length <= length + 1);
    });

    it('also when the function failed before', async (test) => {
      const server = new Server(db, test);
      server.work = () => Promise.reject(new Error('no'));
      await server.resets.start();
      const id = await boardOf(server, EACH_SECOND);
      await until(() => server.toldOf(id).length >= 2);
    });

    it('but not when more wait for the function than may', async (test) => {
      const server = new Server(db, test, { queueSize: 2 });
      for (let i = 0; i < 15; i++) await boardOf(server, EACH_SECOND);
      server.work = () => new Promise(() => {});
      await server.resets.start();
      await until(() => server.scene.errors.some((text) => /callback_queue_size/.test(text)));
      await until(() => server.told.length >= 8);
      assert.equal(server.told.length, 8);
    });

    it('and nothing happens where they have no function', async (test) => {
      const server = new Server(db, test, { hasFunction: false });
      await server.resets.start();
      await boardOf(server, EACH_SECOND);
      await until(() => server.resetMoments >= 1);
      assert.deepEqual([server.told, server.scene.errors], [[], []]);
    });

    it('of which the schedule cannot be read, which the log says', async (test) => {
      const server = new Server(db, test);
      const id = await boardOf(server, EACH_DAY);
      await db.updateTable('leaderboard').set({ reset_schedule: 'now and then' }).where('id', '=', id).execute();
      await server.resets.start();
      assert.deepEqual(server.scene.errors, ['the schedule of a leaderboard cannot be read']);
      await server.nk('leaderboardDelete', id);
    });
  });
});
