import { MicrosecondClock } from '../../realtime/microsecond-clock.ts';
import { ArgumentError } from '../../runtime/argument-check.ts';
import { CronSyntaxError, parseCron } from '../../runtime/cron/index.ts';
import { type ModuleFunction, moduleFunction } from '../../runtime/module-function.ts';
import { boolean, integer, list, object, optional, text } from '../../runtime/parameters.ts';
import { Operator } from './board.ts';
import { decodeCursor, encodeCursor } from './board-cursor.ts';
import type { Boards } from './boards.ts';
import { moduleBoard } from './messages.ts';

const orNull = { orNull: true };
const id = ['leaderboardId', text({ minLength: 1 })] as const;
const LIST_LIMIT_DEFAULT = 10;

/** Whether the greatest score comes first, by the names that modules use. */
const sortOrders = { asc: false, ascending: false, desc: true, descending: true };

/** Operators by the names that modules use. */
export const operators = {
  best: Operator.BEST,
  set: Operator.SET,
  incr: Operator.INCREMENT,
  increment: Operator.INCREMENT,
  decr: Operator.DECREMENT,
  decrement: Operator.DECREMENT,
};

/** Leaderboards themselves: modules make them, mostly in InitModule. */
export function boardFunctions(boards: Boards): ModuleFunction[] {
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
        boards.create({
          id: leaderboardId,
          authoritative: authoritative ?? false,
          isDescending: named(sortOrders, 'nk.leaderboardCreate: sortOrder', sortOrder ?? 'desc'),
          operator: named(operators, 'nk.leaderboardCreate: operator', operator ?? 'best'),
          resetSchedule: checkedSchedule(resetSchedule),
          metadata: JSON.stringify(metadata ?? {}),
          hasRanks: enableRanks ?? false,
          createMicros: clock.next(),
        }),
    ),

    moduleFunction('leaderboardDelete', [id], (_call, leaderboardId) => boards.delete(leaderboardId)),

    moduleFunction('leaderboardRanksDisable', [['leaderboardId', text()]], (_call, leaderboardId) =>
      boards.disableRanks(leaderboardId),
    ),

    moduleFunction('leaderboardsGetId', [['leaderboardIds', list(text())]], async (_call, ids) =>
      (await boards.byIds(ids)).map((board) => moduleBoard(board)),
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
        const found = await boards.list(after, limit + 1);
        const page = found.slice(0, limit);
        const last = page.at(-1);
        const hasMore = last !== undefined && found.length > limit;
        return {
          leaderboards: page.map((board) => moduleBoard(board)),
          cursor: hasMore ? encodeCursor(last.settings) : null,
        };
      },
    ),
  ];
}

/** What a name stands for. @throws ArgumentError that lists the names */
export function named<T>(values: Readonly<Record<string, T>>, parameter: string, name: string): T {
  if (!Object.hasOwn(values, name)) {
    throw new ArgumentError(`${parameter} must be one of ${Object.keys(values).join(', ')}`);
  }
  return values[name]!;
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
