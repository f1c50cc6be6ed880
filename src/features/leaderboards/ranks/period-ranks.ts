import { epochSecondsNow } from '../board.ts';
import type { Period, ScorePlace, ScoreRow } from '../record-queries.ts';
import { OrderedScores } from './ordered-scores.ts';

/** Reads scores by rising score, those after a row. */
export type ReadScores = (after: ScoreRow, limit: number) => Promise<ScoreRow[]>;

/** Rows that are read at a time: some milliseconds of the main thread's time. */
const PAGE_SIZE = 2_000;
const BEFORE_ALL: ScoreRow = { owner_id: '00000000-0000-0000-0000-000000000000', score: -1n, subscore: 0n };

/**
 * The ranks in one period of a board. They are read from the database once, while changes come in: an owner whose score
 * was changed meanwhile is known better than what is read, so that nothing is lost or comes back.
 */
export class PeriodRanks {
  readonly period: Period;
  /** Settles when all that is stored has been read; rejects when that fails, or was ended. */
  readonly loaded: Promise<void>;
  readonly #scores = new OrderedScores();
  readonly #isDescending: boolean;
  /** Owners whose scores changed while the rest is read; undefined once all is read. */
  #changed: Set<string> | undefined = new Set();
  #isEnded = false;

  constructor(period: Period, read: ReadScores) {
    this.period = period;
    this.#isDescending = period.board.settings.isDescending;
    this.loaded = this.#load(read);
    this.loaded.catch(() => {});
  }

  get isLoaded(): boolean {
    return this.#changed === undefined;
  }

  /** Its period is over, and so are its ranks. */
  get isOver(): boolean {
    return this.period.endSec !== 0 && this.period.endSec <= epochSecondsNow();
  }

  get count(): number {
    return this.#scores.size;
  }

  put(score: ScorePlace): void {
    this.#changed?.add(score.ownerId);
    this.#scores.put(score);
  }

  delete(ownerId: string): void {
    this.#changed?.add(ownerId);
    this.#scores.delete(ownerId);
  }

  /** From 1; 0 for an owner without a record. */
  rankOf(ownerId: string): number {
    const index = this.#scores.indexOf(ownerId);
    if (index < 0) return 0;
    return this.#isDescending ? this.#scores.size - index : index + 1;
  }

  /** Who has a rank; undefined beyond the last. */
  at(rank: number): ScorePlace | undefined {
    return this.#scores.at(this.#isDescending ? this.#scores.size - rank : rank - 1);
  }

  /** Stops reading. */
  end(): void {
    this.#isEnded = true;
  }

  async #load(read: ReadScores): Promise<void> {
    for (let after = BEFORE_ALL; ; ) {
      const rows = await read(after, PAGE_SIZE);
      if (this.#isEnded) throw new Error('the ranks are no longer asked for');
      for (const row of rows) this.#takeIn(row);
      const last = rows.at(-1);
      if (!last || rows.length < PAGE_SIZE) break;
      after = last;
    }
    this.#changed = undefined;
  }

  #takeIn({ owner_id: ownerId, score, subscore }: ScoreRow): void {
    if (!this.#changed!.has(ownerId)) this.#scores.put({ ownerId, score, subscore });
  }
}
