import { invalidArgument, Status, StatusError } from '../../protocol/status.ts';
import { ArgumentError } from '../../runtime/argument-check.ts';
import { type ModuleFunction, moduleFunction } from '../../runtime/module-function.ts';
import { integer, list, object, optional, text, uuid } from '../../runtime/parameters.ts';
import type { Board } from './board.ts';
import { named, operators } from './board-functions.ts';
import type { Boards } from './boards.ts';
import { moduleRecord, moduleRecordList } from './messages.ts';
import type { LeaderboardRecords } from './service.ts';

const orNull = { orNull: true };
const id = ['leaderboardId', text({ minLength: 1 })] as const;
const ownerId = ['ownerId', uuid()] as const;
const cursorText = ['cursor', optional(text(), orNull)] as const;
const expiry = ['overrideExpiry', optional(integer(), orNull)] as const;
const LIST_LIMIT_MAX = 10_000;
const AROUND_LIMIT_DEFAULT = 10;
const AROUND_LIMIT_MAX = 100;

/** The records of leaderboards. */
export function recordFunctions(boards: Boards, records: LeaderboardRecords): ModuleFunction[] {
  return [
    moduleFunction(
      'leaderboardRecordWrite',
      [
        id,
        ownerId,
        ['username', optional(text(), orNull)],
        ['score', optional(integer(), orNull)],
        ['subscore', optional(integer(), orNull)],
        ['metadata', optional(object(), orNull)],
        ['operator', optional(text(), orNull)],
      ],
      async (_call, leaderboardId, owner, username, score, subscore, metadata, operator) => {
        const write = {
          ownerId: owner,
          username: username ?? '',
          score: BigInt(score ?? 0),
          subscore: BigInt(subscore ?? 0),
          metadata: metadata && JSON.stringify(metadata),
          operator:
            operator === undefined
              ? undefined
              : named(operators, 'nk.leaderboardRecordWrite: operator', operator.toLowerCase()),
        };
        return moduleRecord(await records.write(leaderboardId, write, 'server'));
      },
    ),

    moduleFunction('leaderboardRecordDelete', [id, ownerId], (_call, leaderboardId, owner) =>
      records.delete(leaderboardId, owner, 'server'),
    ),

    moduleFunction(
      'leaderboardRecordsList',
      [
        id,
        ['leaderboardOwners', optional(list(uuid()), orNull)],
        ['limit', optional(integer({ max: LIST_LIMIT_MAX }), orNull)],
        cursorText,
        expiry,
      ],
      async (_call, leaderboardId, ownerIds, limit = 0, cursor = '', expirySec = 0) => {
        if (limit < 0) throw invalidArgument('limit must not be below 0');
        const query = { limit: limit === 0 ? undefined : limit, cursor, ownerIds: ownerIds ?? [], expirySec };
        return moduleRecordList(await records.list(leaderboardId, query));
      },
    ),

    moduleFunction(
      'leaderboardRecordsHaystack',
      [id, ownerId, ['limit', optional(integer({ min: 1, max: AROUND_LIMIT_MAX }), orNull)], cursorText, expiry],
      async (_call, leaderboardId, owner, limit = AROUND_LIMIT_DEFAULT, cursor = '', expirySec = 0) =>
        moduleRecordList(await records.around(leaderboardId, owner, limit, cursor, expirySec)),
    ),

    moduleFunction(
      'leaderboardRecordsListCursorFromRank',
      [id, ['rank', integer({ min: 1 })], ['expiryTime', optional(integer(), orNull)]],
      async (_call, leaderboardId, rank, expirySec = 0) =>
        records.cursorFromRank(await argumentBoard(boards, leaderboardId), rank, expirySec),
    ),
  ];
}

/** An unknown board counts as a wrong argument here, as the reference has it. */
async function argumentBoard(boards: Boards, leaderboardId: string): Promise<Board> {
  try {
    return await boards.get(leaderboardId);
  } catch (error) {
    if (error instanceof StatusError && error.code === Status.NOT_FOUND) {
      throw new ArgumentError('nk.leaderboardRecordsListCursorFromRank: there is no such leaderboard');
    }
    throw error;
  }
}
