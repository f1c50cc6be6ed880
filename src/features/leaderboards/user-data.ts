import { afterCommit, type Db } from '../../database/database.ts';
import type { Log } from '../../observability/log.ts';
import { LeaderboardRecordSchema } from '../../protocol/gen/nakama/api/api_pb.js';
import { toWireJson } from '../../protocol/json-codec.ts';
import type { ExportedData, UserData } from '../user-data.ts';
import { importRecords } from './import.ts';
import { recordMessage } from './messages.ts';
import { deleteRecordsOf, findRecordsOf, type RecordRow } from './record-queries.ts';
import type { LeaderboardRecords } from './service.ts';

/** Read by one statement. */
const PAGE_SIZE = 1_000;

/** A user's scores, also in past periods and in tournaments: in an account's export, and gone with the account. */
export const leaderboardUserData = (records: LeaderboardRecords, log: Log) => {
  const noteChanges = (boardIds: Iterable<string>, userId: string) => {
    for (const id of boardIds) {
      records.changedElsewhere(id, userId).catch((error) => {
        log.error({ err: error, leaderboard: id, user: userId }, 'a user may have a rank that is no more theirs');
      });
    }
  };
  return {
    async exportOf(db: Db, userId: string) {
      const found: unknown[] = [];
      for (let after: RecordRow | undefined; ; ) {
        const page = await findRecordsOf(db, userId, after, PAGE_SIZE);
        for (const row of page) {
          found.push(JSON.parse(toWireJson(LeaderboardRecordSchema, recordMessage({ row, rank: 0 }))));
        }
        after = page.at(-1);
        if (page.length < PAGE_SIZE) return found.length > 0 ? { leaderboard_records: found } : {};
      }
    },

    async deleteOf(transaction: Db, userId: string, whenDone: (effect: () => void) => void) {
      const boardIds = new Set(await deleteRecordsOf(transaction, userId));
      whenDone(() => noteChanges(boardIds, userId));
    },

    async importOf(transaction: Db, userId: string, exported: ExportedData) {
      const boardIds = await importRecords(transaction, userId, exported);
      afterCommit(transaction, () => noteChanges(boardIds, userId));
    },
  } satisfies UserData;
};
