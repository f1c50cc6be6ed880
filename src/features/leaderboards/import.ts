import { sql } from 'kysely';
import type { Db } from '../../database/database.ts';
import { microsecondsFrom, timestampOf } from '../../database/microseconds.ts';
import { LeaderboardRecordSchema } from '../../protocol/gen/nakama/api/api_pb.js';
import { invalidArgument } from '../../protocol/status.ts';
import { type ExportedData, exportedJson, exportedList } from '../user-data.ts';
import { deleteRecordsOf } from './record-queries.ts';

/** How many scores count in a record that does not say so: the column's default. */
const DEFAULT_MAX_NUM_SCORE = 1_000_000;

/**
 * Replaces a user's records by those of an export, under the name that the user has here; boards that are no more are
 * passed over. Answers with the boards that are concerned.
 * @throws StatusError INVALID_ARGUMENT
 */
export async function importRecords(transaction: Db, userId: string, exported: ExportedData): Promise<Set<string>> {
  const given = exportedRecords(exported);
  const boardIds = new Set(await deleteRecordsOf(transaction, userId));
  if (given.length === 0) return boardIds;
  const micros = (time: (typeof given)[number]['expiryTime']) => (time ? microsecondsFrom(time) : 0n);
  const { rows } = await sql<{ leaderboard_id: string }>`
    insert into leaderboard_record (leaderboard_id, owner_id, username, score, subscore, num_score, max_num_score,
      metadata, create_time, update_time, expiry_time)
    select board, users.id, users.username, score, subscore, num_score, given.max_num_score, given.metadata,
      ${timestampOf(sql.ref('created'))}, ${timestampOf(sql.ref('updated'))}, ${timestampOf(sql.ref('ends'))}
    from unnest(${given.map(({ leaderboardId }) => leaderboardId)}::text[],
      ${given.map(({ score }) => score)}::int8[], ${given.map(({ subscore }) => subscore)}::int8[],
      ${given.map(({ numScore }) => numScore)}::int4[],
      ${given.map(({ maxNumScore }) => maxNumScore || DEFAULT_MAX_NUM_SCORE)}::int4[],
      ${given.map(({ metadata }) => metadata)}::jsonb[], ${given.map(({ createTime }) => micros(createTime))}::int8[],
      ${given.map(({ updateTime }) => micros(updateTime))}::int8[],
      ${given.map(({ expiryTime }) => micros(expiryTime))}::int8[])
      as given (board, score, subscore, num_score, max_num_score, metadata, created, updated, ends)
    join leaderboard on leaderboard.id = board
    join users on users.id = ${userId}::uuid
    returning leaderboard_id`.execute(transaction);
  for (const { leaderboard_id } of rows) boardIds.add(leaderboard_id);
  return boardIds;
}

function exportedRecords(exported: ExportedData) {
  const periods = new Set<string>();
  return exportedList(exported, 'leaderboard_records', LeaderboardRecordSchema).map((record, i) => {
    const where = `leaderboard_records[${i}]`;
    const { leaderboardId, score, subscore, numScore, maxNumScore, expiryTime } = record;
    if (score < 0n || subscore < 0n || numScore < 0 || maxNumScore < 0) {
      throw invalidArgument(`${where} must have no number below zero`);
    }
    const period = `${expiryTime?.seconds ?? 0n} ${leaderboardId}`;
    if (periods.has(period)) throw invalidArgument(`${where} is of a leaderboard and period that another one is of`);
    periods.add(period);
    return { ...record, metadata: exportedJson(record.metadata, `${where}.metadata`) };
  });
}
