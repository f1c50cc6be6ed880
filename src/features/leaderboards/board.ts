import { type CronExpression, momentAfter, momentBefore, parseCron } from '../../runtime/cron/index.ts';

/** `leaderboard.operator`: what a further score does to the one that is there. */
export const Operator = { BEST: 0, SET: 1, INCREMENT: 2, DECREMENT: 3 } as const;
export type Operator = (typeof Operator)[keyof typeof Operator];

/** What a board is made with, as it is stored. */
export interface BoardSettings {
  readonly id: string;
  /** Only modules write to it. */
  readonly authoritative: boolean;
  /** The greatest score comes first. */
  readonly isDescending: boolean;
  readonly operator: Operator;
  /** A cron expression; null where the board is never reset. */
  readonly resetSchedule: string | null;
  /** Text of a JSON object. */
  readonly metadata: string;
  readonly hasRanks: boolean;
  /**
   * Microseconds since 1970, which no two boards share: the order of listings, and what tells a board from an earlier
   * one of its id.
   */
  readonly createMicros: bigint;
}

/** A leaderboard: its settings, and its periods. */
export class Board {
  readonly settings: BoardSettings;
  #parsedSchedule: CronExpression | undefined;
  #hasRanks: boolean;
  #periodStartSec = 0;
  #periodEndSec = 0;

  constructor(settings: BoardSettings) {
    this.settings = settings;
    this.#hasRanks = settings.hasRanks;
  }

  get id(): string {
    return this.settings.id;
  }

  get hasRanks(): boolean {
    return this.#hasRanks;
  }

  /** From now on it has none. */
  disableRanks(): void {
    this.#hasRanks = false;
  }

  /** Read when it is first needed: one that cannot be read concerns nobody but those who need it. */
  get #schedule(): CronExpression | undefined {
    const { resetSchedule } = this.settings;
    if (resetSchedule !== null) this.#parsedSchedule ??= parseCron(resetSchedule);
    return this.#parsedSchedule;
  }

  /** When the period of a moment ends, both in epoch seconds: its next reset; 0 where there is none. */
  periodEnd(atSec = epochSecondsNow()): number {
    const schedule = this.#schedule;
    if (!schedule) return 0;
    // What lies between two moments that were asked for within one period lies in it, too.
    if (atSec < this.#periodStartSec || atSec >= this.#periodEndSec) {
      this.#periodStartSec = atSec;
      this.#periodEndSec = momentAfter(schedule, atSec) ?? 0;
    }
    return this.#periodEndSec;
  }

  /** The resets before and after a moment, all in epoch seconds; undefined where there is none. */
  resetsAround(atSec = epochSecondsNow()): { prevReset: number | undefined; nextReset: number | undefined } {
    const schedule = this.#schedule;
    const prevReset = schedule && (momentBefore(schedule, atSec) ?? undefined);
    return { prevReset, nextReset: this.periodEnd(atSec) || undefined };
  }
}

export function epochSecondsNow(): number {
  return Math.floor(Date.now() / 1000);
}
