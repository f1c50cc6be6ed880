import type { MessageInitShape } from '@bufbuild/protobuf';
import type { LeaderboardRecordListSchema, LeaderboardRecordSchema } from '../../protocol/gen/nakama/api/api_pb.js';
import { epochSeconds, wholeSeconds } from '../../protocol/times.ts';
import { type Board, epochSecondsNow, Operator } from './board.ts';
import type { RankedRecord, RecordList } from './record-list.ts';

const operatorNames = {
  [Operator.BEST]: 'best',
  [Operator.SET]: 'set',
  [Operator.INCREMENT]: 'increment',
  [Operator.DECREMENT]: 'decrement',
};
const MICROS_PER_SECOND = 1_000_000n;

/** A leaderboard as modules see it at a moment in epoch seconds. */
export function moduleBoard(board: Board, atSec = epochSecondsNow()) {
  const { prevReset, nextReset } = board.resetsAround(atSec);
  const { id, operator, isDescending, metadata, createMicros, authoritative } = board.settings;
  return {
    id,
    operator: operatorNames[operator],
    sortOrder: isDescending ? 1 : 0,
    metadata: JSON.parse(metadata) as unknown,
    createTime: Number(createMicros / MICROS_PER_SECOND),
    authoritative,
    ...(prevReset !== undefined && { prevReset }),
    ...(nextReset !== undefined && { nextReset }),
  };
}

/** A record as clients see it. */
export function recordMessage({ row, rank }: RankedRecord): MessageInitShape<typeof LeaderboardRecordSchema> {
  return {
    leaderboardId: row.leaderboard_id,
    ownerId: row.owner_id,
    username: row.username ?? undefined,
    score: row.score,
    subscore: row.subscore,
    numScore: row.num_score,
    maxNumScore: row.max_num_score,
    metadata: row.metadata,
    createTime: wholeSeconds(row.create_time),
    updateTime: wholeSeconds(row.update_time),
    expiryTime: row.expiry_time.getTime() === 0 ? undefined : wholeSeconds(row.expiry_time),
    rank: BigInt(rank),
  };
}

/** Records as clients see them. */
export function recordListMessage(list: RecordList): MessageInitShape<typeof LeaderboardRecordListSchema> {
  return {
    records: list.records.map(recordMessage),
    ownerRecords: list.ownerRecords.map(recordMessage),
    nextCursor: list.nextCursor ?? '',
    prevCursor: list.prevCursor ?? '',
    rankCount: BigInt(list.rankCount),
  };
}

/** A record as modules see it; scores beyond 2^53 are rounded. */
export function moduleRecord({ row, rank }: RankedRecord) {
  return {
    leaderboardId: row.leaderboard_id,
    ownerId: row.owner_id,
    username: row.username,
    score: Number(row.score),
    subscore: Number(row.subscore),
    numScore: row.num_score,
    maxNumScore: row.max_num_score,
    metadata: JSON.parse(row.metadata) as unknown,
    createTime: epochSeconds(row.create_time),
    updateTime: epochSeconds(row.update_time),
    expiryTime: row.expiry_time.getTime() === 0 ? null : epochSeconds(row.expiry_time),
    rank,
  };
}

/** Records as modules see them. */
export function moduleRecordList(list: RecordList) {
  return {
    records: list.records.map(moduleRecord),
    ownerRecords: list.ownerRecords.map(moduleRecord),
    nextCursor: list.nextCursor,
    prevCursor: list.prevCursor,
    rankCount: list.rankCount,
  };
}
