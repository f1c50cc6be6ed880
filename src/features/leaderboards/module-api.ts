import type { ModuleFunction } from '../../runtime/module-function.ts';
import { boardFunctions } from './board-functions.ts';
import type { Boards } from './boards.ts';
import { recordFunctions } from './record-functions.ts';
import type { LeaderboardRecords } from './service.ts';

/** The `nk.leaderboard*` functions. */
export function leaderboardFunctions(boards: Boards, records: LeaderboardRecords): readonly ModuleFunction[] {
  return [...boardFunctions(boards), ...recordFunctions(boards, records)];
}
