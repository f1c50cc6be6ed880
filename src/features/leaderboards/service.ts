import {
  type Db,
  isCheckViolation,
  isForeignKeyViolation,
  isUniqueViolation,
  isUnstorable,
} from '../../database/database.ts';
import { sqlStateOf } from '../../database/errors.ts';
import { invalidArgument, Status, StatusError } from '../../protocol/status.ts';
import type { Board, Operator } from './board.ts';
import { type Boards, noBoard } from './boards.ts';
import type { PeriodRanks } from './ranks/period-ranks.ts';
import type { Ranks } from './ranks/ranks.ts';
import { decodeRecordCursor, encodeRecordCursor, type RecordPlace } from './record-cursor.ts';
import {
  inOrder,
  NO_PAGE,
  NO_RECORDS,
  pageAround,
  pageFrom,
  type RankedRecord,
  type RecordList,
  type RecordPage,
} from './record-list.ts';
import {
  deleteRecord,
  findRecords,
  findRecordsFrom,
  type Period,
  type RecordRow,
  type SentScore,
  writeScore,
} from './record-queries.ts';
import { Turns } from './turns.ts';

export interface RecordsDependencies {
  readonly db: Db;
  readonly boards: Boards;
  readonly ranks: Ranks;
}

/** Who asks: players may not change what is on authoritative boards. */
export type RecordCaller = 'player' | 'server';

/** A score to write. */
export interface ScoreWrite extends SentScore {
  /** Instead of the board's own. */
  readonly operator: Operator | undefined;
}

/** Which records to list. */
export interface RecordQuery {
  /** Without it only the owners' records are listed. */
  readonly limit: number | undefined;
  readonly cursor: string;
  readonly ownerIds: readonly string[];
  /** The end of the period in epoch seconds; 0 for the one that runs. */
  readonly expirySec: number;
}

/** The end of the year 9999: periods that end later hold nothing. */
const MAX_EXPIRY_SEC = 253_402_300_799;
/** How often a write that another first write of the same owner overtakes is tried. */
const MAX_ATTEMPTS = 5;
const NUMERIC_VALUE_OUT_OF_RANGE = '22003';

/** Scores of owners, users mostly, on leaderboards. */
export class LeaderboardRecords {
  readonly #db: Db;
  readonly #boards: Boards;
  readonly #ranks: Ranks;
  /**
   * Writes of one owner to one board: each is answered with what it left, and the ranks hear of them in the order of
   * the database.
   */
  readonly #turns = new Turns();

  constructor({ db, boards, ranks }: RecordsDependencies) {
    this.#db = db;
    this.#boards = boards;
    this.#ranks = ranks;
  }

  /**
   * Writes a score to the running period and answers with the record as it is then.
   * @throws StatusError NOT_FOUND, PERMISSION_DENIED for a player on an authoritative board, INTERNAL for a score below
   * zero or beyond 64 bits, as the reference has it
   */
  async write(boardId: string, write: ScoreWrite, caller: RecordCaller): Promise<RankedRecord> {
    const period = runningPeriod(await this.#boardFor(boardId, caller));
    const { ownerId } = write;
    const row = await this.#inTurn(period.board, ownerId, async () => {
      const written = await this.#written(period, write);
      this.#ranks.written(period, { ownerId, score: written.score, subscore: written.subscore });
      return written;
    });
    return { row, rank: (await this.#ranks.of(period))?.rankOf(ownerId) ?? 0 };
  }

  /**
   * Deletes an owner's record of the running period; none there is no error.
   * @throws StatusError NOT_FOUND, PERMISSION_DENIED for a player on an authoritative board
   */
  async delete(boardId: string, ownerId: string, caller: RecordCaller): Promise<void> {
    const period = runningPeriod(await this.#boardFor(boardId, caller));
    await this.#inTurn(period.board, ownerId, async () => {
      await deleteRecord(this.#db, period, ownerId);
      this.#ranks.deleted(period, ownerId);
    });
  }

  /** Takes note that an owner's records on a board were changed or deleted elsewhere. */
  async changedElsewhere(boardId: string, ownerId: string): Promise<void> {
    const board = await this.#boards.get(boardId);
    const period = runningPeriod(board);
    await this.#inTurn(board, ownerId, async () => {
      const [row] = await findRecords(this.#db, period, [ownerId]);
      if (row) this.#ranks.written(period, { ownerId, score: row.score, subscore: row.subscore });
      else this.#ranks.deleted(period, ownerId);
    });
  }

  /**
   * A page of a period's records, and those of some owners.
   * @throws StatusError NOT_FOUND, INVALID_ARGUMENT for a cursor that is not of this period
   */
  async list(boardId: string, { limit, cursor, ownerIds, expirySec }: RecordQuery): Promise<RecordList> {
    const period = periodOf(await this.#boards.get(boardId), expirySec);
    if (!period) return NO_RECORDS;
    const place = limit === undefined ? undefined : placeOf(period, cursor);
    const [page, owners, ranks] = await Promise.all([
      limit === undefined ? NO_PAGE : this.#page(period, place, limit),
      ownerIds.length === 0 ? [] : findRecords(this.#db, period, ownerIds),
      this.#ranks.of(period),
    ]);
    return {
      ...page,
      ownerRecords: inOrder(owners, period).map((row) => ({ row, rank: ranks?.rankOf(row.owner_id) ?? 0 })),
      rankCount: ranks?.count ?? 0,
    };
  }

  /**
   * The records around an owner's; nothing when the owner has none. With a cursor, the page that it names.
   * @throws StatusError as {@link list}
   */
  async around(
    boardId: string,
    ownerId: string,
    limit: number,
    cursor: string,
    expirySec: number,
  ): Promise<RecordList> {
    if (cursor !== '') return this.list(boardId, { limit, cursor, ownerIds: [], expirySec });
    const period = periodOf(await this.#boards.get(boardId), expirySec);
    if (!period) return NO_RECORDS;
    const [[row], ranks] = await Promise.all([findRecords(this.#db, period, [ownerId]), this.#ranks.of(period)]);
    if (!row) return NO_RECORDS;
    const place = { score: row.score, subscore: row.subscore, ownerId };
    // The owner's own is one of the window: a side that is read in full has one more than fits.
    const [before, after] = await Promise.all([
      findRecordsFrom(this.#db, period, place, 'backwards', limit),
      findRecordsFrom(this.#db, period, place, 'onwards', limit),
    ]);
    const own = { row, rank: ranks?.rankOf(ownerId) ?? 0 };
    return { ...pageAround(period, own, before, after, limit), ownerRecords: [], rankCount: ranks?.count ?? 0 };
  }

  /**
   * A cursor of which the page begins at a rank, from 1; '' for the first.
   * @throws StatusError NOT_FOUND for a rank that nobody has, FAILED_PRECONDITION where ranks are not kept
   */
  async cursorFromRank(board: Board, rank: number, expirySec: number): Promise<string> {
    if (rank === 1) return '';
    const period = periodOf(board, expirySec);
    const ranks = period && (await this.#ranks.of(period));
    if (!ranks) throw new StatusError(Status.FAILED_PRECONDITION, 'no ranks are kept of this leaderboard and period');
    const place = placeBefore(ranks, rank);
    return encodeRecordCursor(period!, place);
  }

  async #boardFor(id: string, caller: RecordCaller): Promise<Board> {
    const board = await this.#boards.get(id);
    if (board.settings.authoritative && caller === 'player') {
      throw new StatusError(Status.PERMISSION_DENIED, 'only modules may change what is on this leaderboard');
    }
    return board;
  }

  #inTurn<T>(board: Board, ownerId: string, work: () => Promise<T>): Promise<T> {
    return this.#turns.run(`${ownerId}${board.id}`, work);
  }

  async #written(period: Period, { operator, ...sent }: ScoreWrite): Promise<RecordRow> {
    for (let attempt = 1; ; attempt++) {
      try {
        const row = await writeScore(this.#db, period, operator ?? period.board.settings.operator, sent);
        if (row) return row;
      } catch (error) {
        // Another first write of this owner came in between: now there is a record to change.
        if (!isUniqueViolation(error, 'leaderboard_record_pkey')) throw this.#writeError(error, period);
        if (attempt >= MAX_ATTEMPTS) throw error;
      }
      if (attempt >= MAX_ATTEMPTS) throw new StatusError(Status.ABORTED, 'too many writes of one owner at once');
    }
  }

  #writeError(error: unknown, { board }: Period): unknown {
    if (isForeignKeyViolation(error)) {
      this.#boards.forget(board.id);
      return noBoard();
    }
    if (isCheckViolation(error) || sqlStateOf(error) === NUMERIC_VALUE_OUT_OF_RANGE) {
      return new StatusError(Status.INTERNAL, 'scores are 0 to 2^63 - 1');
    }
    if (isUnstorable(error)) return invalidArgument('the record holds text that cannot be stored');
    return error;
  }

  async #page(period: Period, place: RecordPlace | undefined, limit: number): Promise<RecordPage> {
    const rows = await findRecordsFrom(this.#db, period, place, place?.direction ?? 'onwards', limit + 1);
    return pageFrom(period, place, rows, limit);
  }
}

function runningPeriod(board: Board): Period {
  return { board, endSec: board.periodEnd() };
}

/** The period that ends at a moment, the running one for 0; undefined when no period can. */
function periodOf(board: Board, expirySec: number): Period | undefined {
  if (expirySec === 0) return runningPeriod(board);
  return expirySec > 0 && expirySec <= MAX_EXPIRY_SEC ? { board, endSec: expirySec } : undefined;
}

/** @throws StatusError INVALID_ARGUMENT */
function placeOf(period: Period, cursor: string): RecordPlace | undefined {
  if (cursor === '') return undefined;
  const place = decodeRecordCursor(period, cursor);
  if (!place) throw invalidArgument('the cursor is not one of this leaderboard and period');
  return place;
}

/** The place after which a rank follows. @throws StatusError NOT_FOUND */
function placeBefore(ranks: PeriodRanks, rank: number): RecordPlace {
  const place = ranks.at(rank - 1);
  if (!place) throw new StatusError(Status.NOT_FOUND, `nobody has the rank ${rank - 1}`);
  return { ...place, rank: rank - 1, direction: 'onwards' };
}
