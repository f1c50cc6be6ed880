import type { Db } from '../../database/database.ts';
import type { Log } from '../../observability/log.ts';
import type { ModuleHost } from '../../runtime/module-host.ts';
import type { Feature } from '../feature.ts';
import { Boards } from './boards.ts';
import { leaderboardFunctions } from './module-api.ts';
import { leaderboardOperations } from './operations.ts';
import { Ranks } from './ranks/ranks.ts';
import { Resets } from './resets.ts';
import { LeaderboardRecords } from './service.ts';
import { leaderboardUserData } from './user-data.ts';

export interface LeaderboardsDependencies {
  readonly db: Db;
  readonly modules: ModuleHost;
  /** Ids of leaderboards whose ranks are not kept; `*` for all. */
  readonly withoutRanks: readonly string[];
  /** Resets that may wait for the modules. */
  readonly resetQueueSize: number;
  readonly log: Log;
}

/** Leaderboards: scores by owner, in periods, with ranks. */
export function createLeaderboardsFeature(dependencies: LeaderboardsDependencies): Feature {
  const { db, modules, withoutRanks, resetQueueSize, log } = dependencies;
  const boards = new Boards(db);
  const ranks = new Ranks({ db, boards, without: withoutRanks, log });
  const records = new LeaderboardRecords({ db, boards, ranks });
  const onReset = () => ranks.forgetPast();
  const resets = new Resets({ boards, modules, queueSize: resetQueueSize, onReset, log });
  return {
    name: 'leaderboards',
    operations: leaderboardOperations(records),
    functions: leaderboardFunctions(boards, records),
    userData: leaderboardUserData(records, log),
    modulesLoaded: async () => {
      await resets.start();
      ranks.start();
    },
    stop: async () => {
      resets.stop();
      await ranks.stop();
    },
  };
}
