import type { FailureReport } from '../isolate-setup.ts';
import type { MatchIsolate } from './match-isolate.ts';
import type { Seat } from './seat.ts';

/** A match that is to run the code of another module set. */
export interface MatchMove {
  readonly match: number;
  /** The isolates that have the code. */
  readonly pool: number;
  readonly handler: number;
  /** The version of the code that runs it now. */
  readonly fromVersion: number;
}

type SeatMove = MatchMove & { readonly seat: Seat };

interface MoverOptions {
  /** The isolate of a module that is to take a match. */
  readonly place: (pool: number) => Promise<MatchIsolate>;
  /** What a module's isolate failed with, as its author is told. */
  readonly failureOf: (pool: number, error: unknown) => FailureReport;
  readonly post: (isolate: MatchIsolate, record: string) => void;
  readonly send: (record: string) => void;
}

/**
 * Moves matches to new code. The old isolate keeps each as it was until the new code has run a few of its loops: if it
 * fails before, the match goes back and hears there what it was sent since.
 */
export class MatchMover {
  readonly #options: MoverOptions;

  constructor(options: MoverOptions) {
    this.#options = options;
  }

  /** Moves all, isolate by isolate; those that cannot be copied stay where they are. */
  async move(moves: readonly SeatMove[]): Promise<void> {
    const byIsolate = Map.groupBy(moves, ({ seat }) => seat.isolate);
    await Promise.all(Array.from(byIsolate, ([isolate, own]) => this.#moveFrom(isolate, own)));
  }

  /** The new code is trusted with the match: the old one forgets it. */
  trialIsOver(seat: Seat): void {
    const { trial } = seat;
    if (!trial) return;
    seat.wayBackIsGone(trial.isolate);
    this.#options.post(trial.isolate, `M ${seat.number} o\t`);
  }

  /** Lets the old code go on with a match that the new one has failed. */
  goBack(seat: Seat, failure: FailureReport): void {
    const { isolate, pool, records } = seat.trial!;
    seat.isolate.matches.delete(seat.number);
    seat.trial = undefined;
    seat.moveTo(isolate, pool);
    this.#options.send(`M ${seat.number} y ${pool}\t${JSON.stringify(failure)}`);
    this.#options.post(isolate, `M ${seat.number} r\t`);
    for (const record of records) this.#options.post(isolate, record);
  }

  async #moveFrom(isolate: MatchIsolate, moves: readonly SeatMove[]): Promise<void> {
    await isolate.freeze();
    // What comes from here on waits: nothing of it is in the isolate.
    const present = moves.filter(({ seat }) => seat.isolate === isolate && isolate.matches.has(seat.number));
    for (const { seat } of present) seat.hold();
    for (const move of present) await this.#moveOne(isolate, move);
    isolate.thaw();
  }

  async #moveOne(from: MatchIsolate, { seat, pool, handler, fromVersion }: SeatMove): Promise<void> {
    const { number, matchId } = seat;
    let isolate: MatchIsolate | undefined;
    this.trialIsOver(seat);
    try {
      const copy = await from.slot.give(number);
      isolate = await this.#options.place(pool);
      const text = JSON.stringify({ number, handler, matchId, fromVersion });
      const failure = await isolate.slot.take(text, copy);
      if (failure !== '') throw new MigrationError(JSON.parse(failure) as FailureReport);
      seat.trial = { isolate: from, pool: seat.pool, records: [] };
      seat.moveTo(isolate, pool);
      this.#options.send(`M ${number} m ${pool}\t`);
    } catch (error) {
      const failure = error instanceof MigrationError ? error.failure : this.#options.failureOf(pool, error);
      this.#options.send(`M ${number} n ${pool}\t${JSON.stringify(failure)}`);
      this.#options.post(from, `M ${number} r\t`);
    }
    isolate?.wakeAt(performance.now());
    for (const record of seat.release()) this.#options.post(seat.isolate, record);
  }
}

/** The new code would not take the match. */
class MigrationError extends Error {
  readonly failure: FailureReport;

  constructor(failure: FailureReport) {
    super(failure.message);
    this.failure = failure;
  }
}
