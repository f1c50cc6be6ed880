import { sql } from 'kysely';
import type { Db } from '../../database/database.ts';
import { microsecondsOf, timestampOf } from '../../database/microseconds.ts';
import type { Row } from '../../database/schema.ts';

export type LeaderboardRow = Row<'leaderboard'>;

/** After which board a page goes on. */
export interface BoardPosition {
  readonly createMicros: bigint;
  readonly id: string;
}

/** A board to make. */
export interface NewLeaderboard {
  readonly id: string;
  readonly authoritative: boolean;
  readonly sortOrder: number;
  readonly operator: number;
  readonly resetSchedule: string | null;
  /** Text of a JSON object. */
  readonly metadata: string;
  readonly enableRanks: boolean;
  /** The order of listings: no two boards share it. */
  readonly createMicros: bigint;
}

/** Makes a board; one that is there stays as it is. */
export async function insertLeaderboard(db: Db, board: NewLeaderboard): Promise<void> {
  await db
    .insertInto('leaderboard')
    .values({
      id: board.id,
      authoritative: board.authoritative,
      sort_order: board.sortOrder,
      operator: board.operator,
      reset_schedule: board.resetSchedule,
      metadata: board.metadata,
      enable_ranks: board.enableRanks,
      create_time: timestampOf(board.createMicros),
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

/** Removes a board with its records. */
export async function deleteLeaderboard(db: Db, id: string): Promise<void> {
  await db.deleteFrom('leaderboard').where('id', '=', id).where('duration', '=', 0).execute();
}

/** The boards of these ids; tournaments, which share the table, are left out. */
export function findLeaderboards(db: Db, ids: readonly string[]): Promise<LeaderboardRow[]> {
  return db
    .selectFrom('leaderboard')
    .selectAll()
    .where('id', '=', sql<string>`any(${ids}::text[])`)
    .where('duration', '=', 0)
    .execute();
}

/** A page of boards in the order in which they were made. */
export function listLeaderboards(
  db: Db,
  after: BoardPosition | undefined,
  limit: number,
): Promise<(LeaderboardRow & { readonly create_micros: bigint })[]> {
  return db
    .selectFrom('leaderboard')
    .selectAll()
    .select((eb) => microsecondsOf(eb.ref('create_time')).as('create_micros'))
    .where('duration', '=', 0)
    .$if(after !== undefined, (query) =>
      query.where(sql<boolean>`(create_time, id) > (${timestampOf(after!.createMicros)}, ${after!.id})`),
    )
    .orderBy('create_time')
    .orderBy('id')
    .limit(limit)
    .execute();
}
