import type { Inputs, MatchIsolate } from './match-isolate.ts';

/** Records of a trial that are kept for the case that the match goes back; with more of them it cannot any more. */
const MAX_TRIAL_RECORDS = 10_000;

/** New code that has yet to show that it can run a match. */
interface Trial {
  /** Where the match stands still under the old code. */
  readonly isolate: MatchIsolate;
  readonly pool: number;
  /** What the match was sent since: the old code hears it too, should the match go back. */
  readonly records: string[];
}

/** Where a match is. */
export class Seat {
  readonly number: number;
  readonly matchId: string;
  pool: number;
  isolate: MatchIsolate;
  readonly inputs: Inputs = { entry: -1, count: 0 };
  trial: Trial | undefined;
  /** What it is sent while it moves; undefined while it does not. */
  #held: string[] | undefined;

  constructor(number: number, matchId: string, pool: number, isolate: MatchIsolate) {
    this.number = number;
    this.matchId = matchId;
    this.pool = pool;
    this.isolate = isolate;
    isolate.matches.add(number);
  }

  /** Notes what the match is sent. True when it must not get it now. */
  holds(record: string): boolean {
    if (this.#held) {
      this.#held.push(record);
      return true;
    }
    const { trial } = this;
    if (trial && trial.records.push(record) > MAX_TRIAL_RECORDS) this.wayBackIsGone(trial.isolate);
    return false;
  }

  /** Holds from now on what the match is sent. */
  hold(): void {
    this.#held = [];
  }

  /** Gives what was held, and holds no more. */
  release(): readonly string[] {
    const held = this.#held ?? [];
    this.#held = undefined;
    this.trial?.records.push(...held);
    return held;
  }

  /** Puts it into another isolate. */
  moveTo(isolate: MatchIsolate, pool: number): void {
    this.isolate = isolate;
    this.pool = pool;
    isolate.matches.add(this.number);
  }

  /** The old code cannot take the match back. */
  wayBackIsGone(isolate: MatchIsolate): void {
    if (this.trial?.isolate !== isolate) return;
    isolate.matches.delete(this.number);
    this.trial = undefined;
  }
}
