import type { Db } from '../../database/database.ts';
import { epochSeconds } from '../../protocol/times.ts';
import { MicrosecondClock } from '../../realtime/microsecond-clock.ts';
import { CronSyntaxError, momentAfter, momentBefore, parseCron } from '../../runtime/cron/index.ts';
import { type ModuleFunction, moduleFunction } from '../../runtime/module-function.ts';
import { ArgumentError, boolean, integer, list, object, optional, text } from '../../runtime/parameters.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import {
  deleteLeaderboard,
  findLeaderboards,
  insertLeaderboard,
  type LeaderboardRow,
  listLeaderboards,
} from './queries.ts';

const orNull = { orNull: true };
const id = ['leaderboardId', text({ minLength: 1 })] as const;
const LIST_LIMIT_DEFAULT = 10;

/** Numbers of the column by the names that modules use. */
const sortOrders: Readonly<Record<string, number>> = { asc: 0, ascending: 0, desc: 1, descending: 1 };
const operators: Readonly<Record<string, number>> = {
  best: 0,
  set: 1,
  incr: 2,
  increment: 2,
  decr: 3,
  decrement: 3,
};
const operatorNames = ['best', 'set', 'increment', 'decrement'] as const;

/** Definitions of leaderboards: modules make them, mostly in InitModule. */
export function leaderboardFunctions(db: Db): ModuleFunction[] {
  // The embedded database's own clock gives boards that are made one after another the same time.
  const clock = new MicrosecondClock();
  return [
    moduleFunction(
      'leaderboardCreate',
      [
        id,
        ['authoritative', optional(boolean(), orNull)],
        ['sortOrder', optional(text(), orNull)],
        ['operator', optional(text(), orNull)],
        ['resetSchedule', optional(text(), orNull)],
        ['metadata', optional(object(), orNull)],
        ['enableRanks', optional(boolean(), orNull)],
      ],
      (_call, leaderboardId, authoritative, sortOrder, operator, resetSchedule, metadata, enableRanks) =>
        insertLeaderboard(db, {
          id: leaderboardId,
          authoritative: authoritative ?? false,
          sortOrder: numberOf(sortOrders, 'sortOrder', sortOrder ?? 'desc'),
          operator: numberOf(operators, 'operator', operator ?? 'best'),
          resetSchedule: checkedSchedule(resetSchedule),
          metadata: JSON.stringify(metadata ?? {}),
          enableRanks: enableRanks ?? false,
          createMicros: clock.next(),
        }),
    ),

    moduleFunction('leaderboardDelete', [id], (_call, leaderboardId) => deleteLeaderboard(db, leaderboardId)),

    moduleFunction('leaderboardsGetId', [['leaderboardIds', list(text())]], async (_call, ids) =>
      (await findLeaderboards(db, ids)).map(moduleLeaderboard),
    ),

    moduleFunction(
      'leaderboardList',
      [
        ['limit', optional(integer({ min: 1, max: 100 }), orNull)],
        ['cursor', optional(text(), orNull)],
      ],
      async (_call, limit = LIST_LIMIT_DEFAULT, cursor = '') => {
        const after = cursor === '' ? undefined : decodeCursor(cursor);
        if (cursor !== '' && !after) throw new ArgumentError('nk.leaderboardList: the cursor is invalid');
        const rows = await listLeaderboards(db, after, limit + 1);
        const boards = rows.slice(0, limit);
        const last = boards.at(-1);
        const hasMore = last !== undefined && rows.length > limit;
        return {
          leaderboards: boards.map(moduleLeaderboard),
          cursor: hasMore ? encodeCursor({ createMicros: last.create_micros, id: last.id }) : null,
        };
      },
    ),
  ];
}

function numberOf(names: Readonly<Record<string, number>>, parameter: string, name: string): number {
  const number = Object.hasOwn(names, name) ? names[name] : undefined;
  if (number === undefined) {
    throw new ArgumentError(`nk.leaderboardCreate: ${parameter} must be one of ${Object.keys(names).join(', ')}`);
  }
  return number;
}

function checkedSchedule(schedule: string | undefined): string | null {
  if (!schedule) return null;
  try {
    parseCron(schedule);
    return schedule;
  } catch (error) {
    if (error instanceof CronSyntaxError)
      throw new ArgumentError(`nk.leaderboardCreate: resetSchedule: ${error.message}`);
    throw error;
  }
}

function moduleLeaderboard(row: LeaderboardRow) {
  const nowSec = Math.floor(Date.now() / 1000);
  const schedule = row.reset_schedule === null ? undefined : parseCron(row.reset_schedule);
  return {
    id: row.id,
    operator: operatorNames[row.operator],
    sortOrder: row.sort_order,
    metadata: JSON.parse(row.metadata) as unknown,
    createTime: epochSeconds(row.create_time),
    authoritative: row.authoritative,
    ...(schedule && { prevReset: momentBefore(schedule, nowSec) ?? 0, nextReset: momentAfter(schedule, nowSec) ?? 0 }),
  };
}
