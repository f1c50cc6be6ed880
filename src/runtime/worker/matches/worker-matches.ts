import { splitRecord } from '../../pipe.ts';
import type { FailureReport, Replay } from '../isolate-setup.ts';
import { failureOf } from '../slot-starter.ts';
import type { MatchIsolate } from './match-isolate.ts';
import { type MatchMove, MatchMover } from './match-mover.ts';
import { MatchPool, type MatchPoolOptions } from './match-pool.ts';
import { Seat } from './seat.ts';

/** How a record says that a match has failed. */
const FAILED = '1';

/** The matches of this worker: each is in one isolate, which it shares with others of its module. */
export class WorkerMatches {
  readonly #pools = new Map<number, MatchPool>();
  readonly #seats = new Map<number, Seat>();
  readonly #inputQueue: number;
  readonly #send: (record: string) => void;
  readonly #mover: MatchMover;
  #moving = Promise.resolve();
  /** Isolates that got records in this turn of the event loop. */
  readonly #touched = new Set<MatchIsolate>();

  /** `send` takes records for the server process. */
  constructor(inputQueue: number, send: (record: string) => void) {
    this.#inputQueue = inputQueue;
    this.#send = send;
    this.#mover = new MatchMover({
      place: (pool) => this.#pools.get(pool)!.place(),
      failureOf: (pool, error) => this.#pools.get(pool)?.failureOf(error) ?? failureOf(error),
      post: (isolate, record) => this.#post(isolate, record),
      send,
    });
  }

  /** Takes in a module of which matches may be made. */
  load(number: number, options: Omit<MatchPoolOptions, 'take'>): void {
    const pool = new MatchPool({ ...options, take: (isolate, record) => this.#takeFrom(isolate, record) });
    this.#pools.set(number, pool);
  }

  prepare(pool: number, replay: Replay): void {
    this.#pools.get(pool)?.prepare(replay);
  }

  retire(pool: number): void {
    this.#pools.get(pool)?.retire();
  }

  /** Takes a record `M number what …` of the server. */
  take(record: string): void {
    const { number, what } = beginningOf(record);
    if (what === 'i') {
      void this.#begin(number, record);
      return;
    }
    const seat = this.#seats.get(number);
    if (!seat || seat.holds(record)) return;
    if (what === 'd') seat.isolate.postInput(seat.inputs, record, this.#inputQueue);
    else this.#post(seat.isolate, record);
  }

  /** Moves matches into the isolates of new modules, once earlier moves are done. */
  move(moves: readonly MatchMove[]): void {
    this.#moving = this.#moving.then(() => {
      const known = moves.filter(({ match }) => this.#seats.has(match));
      return this.#mover.move(known.map((move) => ({ ...move, seat: this.#seats.get(move.match)! })));
    });
  }

  /** Takes the server's answer to a call of an isolate. False when it is none of matches. */
  answered(slotNumber: number, number: number, body: string): boolean {
    for (const pool of this.#pools.values()) {
      const isolate = pool.isolateOf(slotNumber);
      if (!isolate) continue;
      isolate.slot.answered(number, body);
      if (number > 0) this.#touch(isolate);
      return true;
    }
    return false;
  }

  forget(record: string): void {
    for (const pool of this.#pools.values()) pool.forget(record);
  }

  /** Sets all that limits count from to later times. */
  postpone(later: (time: number) => number): void {
    for (const pool of this.#pools.values()) pool.postpone(later);
  }

  sweep(now: number): void {
    for (const [number, pool] of this.#pools) {
      pool.sweep(now);
      if (pool.gone) this.#pools.delete(number);
    }
  }

  /** Takes a record `M number i handler matchId pool`. */
  async #begin(number: number, record: string): Promise<void> {
    const { head } = splitRecord(record);
    const matchId = head[4]!;
    const poolNumber = Number(head[5]);
    const pool = this.#pools.get(poolNumber);
    try {
      if (!pool) throw new Error('its module is gone');
      const seat = new Seat(number, matchId, poolNumber, await pool.place());
      this.#seats.set(number, seat);
      this.#post(seat.isolate, record);
    } catch (error) {
      this.#send(`M ${number} z 1\t${JSON.stringify(failureOf(error))}`);
    }
  }

  /** Takes a record of a match from its isolate. */
  #takeFrom(isolate: MatchIsolate, record: string): void {
    const { number, what } = beginningOf(record);
    const seat = this.#seats.get(number);
    if (!seat) return;
    if (seat.isolate !== isolate) {
      // The old code of a match on trial can only be lost.
      if (what === 'z') seat.wayBackIsGone(isolate);
    } else if (what === 'p') this.#mover.trialIsOver(seat);
    else if (what === 'z') this.#takeEnd(seat, record);
    else this.#send(record);
  }

  #takeEnd(seat: Seat, record: string): void {
    const { head, body } = splitRecord(record);
    if (head[3] === FAILED && seat.trial) this.#mover.goBack(seat, JSON.parse(body) as FailureReport);
    else this.#ended(seat, record);
  }

  #ended(seat: Seat, record: string): void {
    this.#mover.trialIsOver(seat);
    seat.isolate.matches.delete(seat.number);
    this.#seats.delete(seat.number);
    this.#send(record);
  }

  #post(isolate: MatchIsolate, record: string): void {
    isolate.post(record);
    this.#touch(isolate);
  }

  /** Isolates are entered once all records of the turn are in. */
  #touch(isolate: MatchIsolate): void {
    if (this.#touched.size === 0) process.nextTick(this.#pumpTouched);
    this.#touched.add(isolate);
  }

  readonly #pumpTouched = () => {
    for (const isolate of this.#touched) isolate.pump();
    this.#touched.clear();
  };
}

/** The match of a record `M number what …`, and what is said of it, without taking all of its head apart. */
function beginningOf(record: string): { number: number; what: string } {
  const space = record.indexOf(' ', 2);
  return { number: Number(record.slice(2, space)), what: record.charAt(space + 1) };
}
