import { sql } from 'kysely';
import type { Db } from '../../database/database.ts';
import { microsecondsOf, timestampOf } from '../../database/microseconds.ts';
import type { BoardSettings, Operator } from './board.ts';

/** After which board a page goes on. */
export interface BoardPosition {
  readonly createMicros: bigint;
  readonly id: string;
}

/** `leaderboard.sort_order` */
const DESCENDING = 1;
const ASCENDING = 0;

/** Makes a board; one that is there stays as it is. Answers with whether it was made. */
export async function insertBoard(db: Db, board: BoardSettings): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('leaderboard')
    .values({
      id: board.id,
      authoritative: board.authoritative,
      sort_order: board.isDescending ? DESCENDING : ASCENDING,
      operator: board.operator,
      reset_schedule: board.resetSchedule,
      metadata: board.metadata,
      enable_ranks: board.hasRanks,
      create_time: timestampOf(board.createMicros),
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/** Removes a board with its records. */
export async function deleteBoard(db: Db, id: string): Promise<void> {
  await db.deleteFrom('leaderboard').where('id', '=', id).where('duration', '=', 0).execute();
}

/** From now on the board has no ranks. */
export async function disableRanks(db: Db, id: string): Promise<void> {
  await db.updateTable('leaderboard').set({ enable_ranks: false }).where('id', '=', id).execute();
}

/** The boards of these ids; tournaments, which share the table, are left out. */
export async function findBoards(db: Db, ids: readonly string[]): Promise<BoardSettings[]> {
  return (await selectBoards(db).where('id', '=', sql<string>`any(${ids}::text[])`).execute()).map(settingsOf);
}

/** A page of boards in the order in which they were made. */
export async function listBoards(
  db: Db,
  after: BoardPosition | undefined,
  limit: number,
  only: { readonly withRanks?: boolean; readonly withSchedule?: boolean } = {},
): Promise<BoardSettings[]> {
  const rows = await selectBoards(db)
    .$if(after !== undefined, (query) =>
      query.where(sql<boolean>`(create_time, id) > (${timestampOf(after!.createMicros)}, ${after!.id})`),
    )
    .$if(only.withRanks === true, (query) => query.where('enable_ranks', 'is not', false))
    .$if(only.withSchedule === true, (query) => query.where('reset_schedule', 'is not', null))
    .orderBy('create_time')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(settingsOf);
}

function selectBoards(db: Db) {
  return db
    .selectFrom('leaderboard')
    .select(['id', 'authoritative', 'sort_order', 'operator', 'reset_schedule', 'metadata', 'enable_ranks'])
    .select((eb) => microsecondsOf(eb.ref('create_time')).as('create_micros'))
    .where('duration', '=', 0);
}

type BoardRow = Awaited<ReturnType<ReturnType<typeof selectBoards>['execute']>>[number];

function settingsOf(row: BoardRow): BoardSettings {
  return {
    id: row.id,
    authoritative: row.authoritative,
    isDescending: row.sort_order === DESCENDING,
    operator: row.operator as Operator,
    // The reference stores none as null, and others may have stored the empty text.
    resetSchedule: row.reset_schedule || null,
    metadata: row.metadata,
    // The column's default.
    hasRanks: row.enable_ranks ?? true,
    createMicros: row.create_micros,
  };
}
