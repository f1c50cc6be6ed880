import type { Db } from '../../../database/database.ts';
import type { Log } from '../../../observability/log.ts';
import type { Board } from '../board.ts';
import type { Boards } from '../boards.ts';
import { findScores, type Period, type ScorePlace } from '../record-queries.ts';
import { PeriodRanks } from './period-ranks.ts';

/** How long a call waits for the ranks of a board that are being read; then it goes without. */
const MAX_WAIT_MS = 250;
/** Boards that are looked up at a time. */
const BOARDS_AT_ONCE = 1_000;
/** Instead of a board's id: no board has ranks. */
const EVERY_BOARD = '*';

export interface RanksDependencies {
  readonly db: Db;
  readonly boards: Boards;
  /** Ids of boards whose ranks are not kept; `*` for all. */
  readonly without: readonly string[];
  readonly log: Log;
}

/**
 * The ranks of records, in memory: of every board that has them, for its running period. They are read after the server
 * has started, one board after another, those that are asked for first. It follows the scores that this process writes,
 * not those that others or SQL statements of modules do.
 */
export class Ranks {
  readonly #db: Db;
  readonly #boards: Boards;
  readonly #without: ReadonlySet<string>;
  readonly #log: Log;
  readonly #periods = new Map<string, PeriodRanks>();
  #reading: Promise<void> | undefined;
  #isStopped = false;

  constructor({ db, boards, without, log }: RanksDependencies) {
    this.#db = db;
    this.#boards = boards;
    this.#without = new Set(without);
    this.#log = log;
    boards.listen({ deleted: (id) => this.#forget(id), ranksDisabled: (id) => this.#forget(id) });
  }

  /** Begins to read the ranks of all boards; does not wait. Once. */
  start(): void {
    if (this.#without.has(EVERY_BOARD)) return;
    this.#reading ??= this.#readAll().catch((error) => {
      if (!this.#isStopped) this.#log.error({ err: error }, 'the leaderboards with ranks cannot be listed');
    });
  }

  /** Stops reading. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    const periods = [...this.#periods.values()];
    for (const period of periods) period.end();
    await Promise.allSettled([this.#reading, ...periods.map(({ loaded }) => loaded)]);
  }

  /** The ranks of a period; undefined when the board has none, the period is over, or they are not read in time. */
  async of(period: Period): Promise<PeriodRanks | undefined> {
    const ranks = this.#kept(period);
    if (!ranks || ranks.isLoaded) return ranks;
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, MAX_WAIT_MS);
    });
    await Promise.race([ranks.loaded.catch(() => {}), limit]);
    clearTimeout(timer);
    return ranks.isLoaded ? ranks : undefined;
  }

  /** Takes note of a score that was written. Of one owner's scores on a board, the caller tells in their order. */
  written(period: Period, score: ScorePlace): void {
    this.#kept(period)?.put(score);
  }

  /** Takes note of a record that was deleted; see {@link written}. */
  deleted(period: Period, ownerId: string): void {
    const kept = this.#periods.get(period.board.id);
    if (kept && isSame(kept.period, period)) kept.delete(ownerId);
  }

  /** Gives back the memory of periods that are over. */
  forgetPast(): void {
    for (const [id, ranks] of this.#periods) if (ranks.isOver) this.#forget(id);
  }

  /** Those of the running period; what is kept of another one is forgotten. */
  #kept(period: Period): PeriodRanks | undefined {
    const { board, endSec } = period;
    if (!this.#hasRanks(board) || endSec !== board.periodEnd()) return undefined;
    const kept = this.#periods.get(board.id);
    if (kept && isSame(kept.period, period)) return kept;
    // Somebody still has a board in hand that was deleted and made again.
    if (kept && kept.period.board.settings.createMicros > board.settings.createMicros) return undefined;
    this.#forget(board.id);
    return this.#isStopped ? undefined : this.#read(period);
  }

  #read(period: Period): PeriodRanks {
    const { id } = period.board;
    const ranks = new PeriodRanks(period, (after, limit) => findScores(this.#db, period, after, limit));
    this.#periods.set(id, ranks);
    ranks.loaded.catch((error) => {
      // Forgotten on purpose; else the next call tries again.
      if (this.#periods.get(id) !== ranks) return;
      this.#forget(id);
      if (!this.#isStopped) this.#log.error({ err: error, leaderboard: id }, 'ranks cannot be read');
    });
    return ranks;
  }

  async #readAll(): Promise<void> {
    for (let after: Board | undefined; !this.#isStopped; ) {
      const boards = await this.#boards.list(after?.settings, BOARDS_AT_ONCE, { withRanks: true });
      for (const board of boards) {
        if (this.#isStopped) return;
        await this.#kept({ board, endSec: board.periodEnd() })?.loaded.catch(() => {});
      }
      after = boards.at(-1);
      if (boards.length < BOARDS_AT_ONCE) return;
    }
  }

  #hasRanks(board: Board): boolean {
    return board.hasRanks && !this.#without.has(board.id) && !this.#without.has(EVERY_BOARD);
  }

  #forget(id: string): void {
    this.#periods.get(id)?.end();
    this.#periods.delete(id);
  }
}

function isSame(a: Period, b: Period): boolean {
  return a.endSec === b.endSec && a.board.settings.createMicros === b.board.settings.createMicros;
}
