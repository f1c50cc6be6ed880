import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../../database/database.ts';
import { type Board, Operator } from './board.ts';

/** An owner's score in one period of a board. */
export interface RecordRow {
  readonly leaderboard_id: string;
  readonly owner_id: string;
  readonly username: string | null;
  readonly score: bigint;
  readonly subscore: bigint;
  /** How many scores have counted. */
  readonly num_score: number;
  readonly max_num_score: number;
  /** Text of a JSON object. */
  readonly metadata: string;
  readonly create_time: Date;
  readonly update_time: Date;
  /** When its period ends; 1970-01-01 where there is no end. */
  readonly expiry_time: Date;
}

/** One period of a board. */
export interface Period {
  readonly board: Board;
  /** Epoch seconds; 0 where there is no end. */
  readonly endSec: number;
}

/** A score that an owner sends. */
export interface SentScore {
  readonly ownerId: string;
  /** Empty when it is not known. */
  readonly username: string;
  readonly score: bigint;
  readonly subscore: bigint;
  /** Text of a JSON object; undefined keeps what is there. */
  readonly metadata: string | undefined;
}

/** A place in a board's order. */
export interface ScorePlace {
  readonly score: bigint;
  readonly subscore: bigint;
  readonly ownerId: string;
}

/** Which way to read a board from a place on. */
export type Direction = 'onwards' | 'backwards';

const columns = sql.raw(
  'leaderboard_id, owner_id, username, score, subscore, num_score, max_num_score, metadata, create_time, update_time, expiry_time',
);

/** What an operator makes of a score that is there, and when that counts as a change. `r` is the row that is there. */
interface Effect {
  readonly change: RawBuilder<unknown>;
  readonly counts: RawBuilder<unknown>;
}

const better = (pick: string, isWorse: string): Effect => ({
  change: sql.raw(`score = ${pick}(r.score, excluded.score), subscore = ${pick}(r.subscore, excluded.subscore)`),
  counts: sql.raw(`r.score ${isWorse} excluded.score or r.subscore ${isWorse} excluded.subscore`),
});
const greatest = better('greatest', '<');
const least = better('least', '>');
const set: Effect = {
  change: sql.raw('score = excluded.score, subscore = excluded.subscore'),
  counts: sql.raw('r.score <> excluded.score or r.subscore <> excluded.subscore'),
};
const increment: Effect = {
  change: sql.raw('score = r.score + excluded.score, subscore = r.subscore + excluded.subscore'),
  counts: sql.raw('excluded.score <> 0 or excluded.subscore <> 0'),
};

function effectOf(operator: Operator, isDescending: boolean, { score, subscore }: SentScore): Effect {
  switch (operator) {
    case Operator.BEST:
      return isDescending ? greatest : least;
    case Operator.SET:
      return set;
    case Operator.INCREMENT:
      return increment;
    case Operator.DECREMENT:
      return {
        change: sql`
          score = greatest(r.score - ${score}::int8, 0), subscore = greatest(r.subscore - ${subscore}::int8, 0)`,
        counts: sql`${score}::int8 <> 0 or ${subscore}::int8 <> 0`,
      };
  }
}

/**
 * Writes a score and reads what is there then, in one statement. Scores that are written at once all count; but one that
 * changes nothing sees the record as it was when the statement began, without what another server has written meanwhile,
 * and is undefined when that was the first.
 */
export async function writeScore(
  db: Db,
  { board, endSec }: Period,
  operator: Operator,
  sent: SentScore,
): Promise<RecordRow | undefined> {
  const { ownerId, metadata = null } = sent;
  const username = sent.username || null;
  const { change, counts } = effectOf(operator, board.settings.isDescending, sent);
  // There is nothing to take off: a record begins at 0.
  const first = operator === Operator.DECREMENT ? { score: 0n, subscore: 0n } : sent;
  const { rows } = await sql<RecordRow>`
    with written as (
      insert into leaderboard_record as r
        (leaderboard_id, owner_id, username, score, subscore, metadata, expiry_time)
      values (
        ${board.id}, ${ownerId}::uuid, ${username}, ${first.score}::int8, ${first.subscore}::int8,
        coalesce(${metadata}::jsonb, '{}'), ${timeOf(endSec)}
      )
      on conflict (owner_id, leaderboard_id, expiry_time) do update set
        ${change}, num_score = r.num_score + 1, update_time = now(),
        metadata = coalesce(${metadata}::jsonb, r.metadata), username = coalesce(${username}, r.username)
      where ${counts}
      returning *
    )
    select ${columns} from written
    union all
    select ${columns} from leaderboard_record
    where owner_id = ${ownerId}::uuid and leaderboard_id = ${board.id} and expiry_time = ${timeOf(endSec)}
      and not exists (select from written)`.execute(db);
  return rows[0];
}

/** Removes an owner's record of a period, if there is one. */
export async function deleteRecord(db: Db, { board, endSec }: Period, ownerId: string): Promise<void> {
  await sql`
    delete from leaderboard_record
    where owner_id = ${ownerId}::uuid and leaderboard_id = ${board.id} and expiry_time = ${timeOf(endSec)}`.execute(db);
}

/** The records of these owners in a period, in no particular order. */
export async function findRecords(
  db: Db,
  { board, endSec }: Period,
  ownerIds: readonly string[],
): Promise<RecordRow[]> {
  const { rows } = await sql<RecordRow>`
    select ${columns} from leaderboard_record
    where owner_id = any(${ownerIds}::uuid[]) and leaderboard_id = ${board.id}
      and expiry_time = ${timeOf(endSec)}`.execute(db);
  return rows;
}

/**
 * Up to `limit` records of a period next to a place, the nearest first: onwards those that follow it in the board's
 * order, backwards those before it. Without a place from the board's top. Reads no more than it gives, by the table's
 * key.
 */
export async function findRecordsFrom(
  db: Db,
  { board, endSec }: Period,
  from: ScorePlace | undefined,
  direction: Direction,
  limit: number,
): Promise<RecordRow[]> {
  const isRising = board.settings.isDescending === (direction === 'backwards');
  const place =
    from &&
    sql`
      and (score, subscore, owner_id) ${isRising ? rising.beyond : falling.beyond}
        (${from.score}::int8, ${from.subscore}::int8, ${from.ownerId}::uuid)`;
  const { rows } = await sql<RecordRow>`
    select ${columns} from leaderboard_record
    where leaderboard_id = ${board.id} and expiry_time = ${timeOf(endSec)} ${place ?? nothing}
    order by ${isRising ? rising.order : falling.order}
    limit ${limit}`.execute(db);
  return rows;
}

const nothing = sql.raw('');
const rising = { beyond: sql.raw('>'), order: sql.raw('score, subscore, owner_id') };
const falling = { beyond: sql.raw('<'), order: sql.raw('score desc, subscore desc, owner_id desc') };

/** The part of a record that decides its rank. */
export type ScoreRow = Pick<RecordRow, 'owner_id' | 'score' | 'subscore'>;

/** Up to `limit` scores of a period by rising score, those after a place. */
export async function findScores(
  db: Db,
  { board, endSec }: Period,
  after: ScoreRow,
  limit: number,
): Promise<ScoreRow[]> {
  const { rows } = await sql<ScoreRow>`
    select owner_id, score, subscore from leaderboard_record
    where leaderboard_id = ${board.id} and expiry_time = ${timeOf(endSec)}
      and (score, subscore, owner_id) > (${after.score}::int8, ${after.subscore}::int8, ${after.owner_id}::uuid)
    order by ${rising.order}
    limit ${limit}`.execute(db);
  return rows;
}

/** What {@link findRecordsOf} gives after this. */
export type OwnPlace = Pick<RecordRow, 'expiry_time' | 'leaderboard_id'>;

/** A page of all that an owner has, in every period of every board and tournament. */
export async function findRecordsOf(
  db: Db,
  ownerId: string,
  after: OwnPlace | undefined,
  limit: number,
): Promise<RecordRow[]> {
  const place =
    after && sql`and (expiry_time, leaderboard_id) > (${after.expiry_time}::timestamptz, ${after.leaderboard_id})`;
  const { rows } = await sql<RecordRow>`
    select ${columns} from leaderboard_record where owner_id = ${ownerId}::uuid ${place ?? nothing}
    order by expiry_time, leaderboard_id limit ${limit}`.execute(db);
  return rows;
}

/** Removes all that an owner has. Answers with the boards, each as often as there were periods. */
export async function deleteRecordsOf(transaction: Db, ownerId: string): Promise<string[]> {
  const { rows } = await sql<{ leaderboard_id: string }>`
    delete from leaderboard_record where owner_id = ${ownerId}::uuid returning leaderboard_id`.execute(transaction);
  return rows.map(({ leaderboard_id }) => leaderboard_id);
}

function timeOf(epochSec: number): RawBuilder<Date> {
  return sql<Date>`${new Date(epochSec * 1000)}::timestamptz`;
}
