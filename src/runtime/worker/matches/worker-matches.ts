import { splitRecord } from '../../pipe.ts';
import type { Replay } from '../isolate-setup.ts';
import { failureOf } from '../slot-starter.ts';
import type { MatchIsolate } from './match-isolate.ts';
import { MatchPool, type MatchPoolOptions } from './match-pool.ts';

/** The matches of this worker: each is in one isolate, which it shares with others of its module. */
export class WorkerMatches {
  readonly #pools = new Map<number, MatchPool>();
  readonly #isolateOf = new Map<number, MatchIsolate>();
  readonly #inputQueue: number;
  /** Isolates that got records in this turn of the event loop. */
  readonly #touched = new Set<MatchIsolate>();

  constructor(inputQueue: number) {
    this.#inputQueue = inputQueue;
  }

  /** Takes in a module of which matches may be made. */
  load(number: number, options: Omit<MatchPoolOptions, 'ended'>): void {
    this.#pools.set(number, new MatchPool({ ...options, ended: (match) => this.#isolateOf.delete(match) }));
  }

  prepare(pool: number, replay: Replay): void {
    this.#pools.get(pool)?.prepare(replay);
  }

  retire(pool: number): void {
    this.#pools.get(pool)?.retire();
  }

  /** Takes a record `M number what …` of the server. */
  take(record: string): void {
    const { head } = splitRecord(record);
    const match = Number(head[1]);
    if (head[2] === 'i') {
      void this.#begin(match, Number(head[5]), record);
      return;
    }
    const isolate = this.#isolateOf.get(match);
    if (!isolate) return;
    if (head[2] === 'd') isolate.postInput(match, record, this.#inputQueue);
    else this.#post(isolate, record);
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

  sweep(now: number): void {
    for (const [number, pool] of this.#pools) {
      pool.sweep(now);
      if (pool.gone) this.#pools.delete(number);
    }
  }

  async #begin(match: number, poolNumber: number, record: string): Promise<void> {
    const pool = this.#pools.get(poolNumber);
    if (!pool) return;
    try {
      const isolate = await pool.place();
      isolate.matches.set(match, { entry: -1, count: 0 });
      this.#isolateOf.set(match, isolate);
      // The match's first loop is counted from the time that the isolate knows.
      isolate.post(`K ${performance.now()}\t`);
      this.#post(isolate, record);
    } catch (error) {
      pool.send(`M ${match} z 1\t${JSON.stringify(failureOf(error))}`);
    }
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
