import { SeriesOrder } from './series-order.ts';
import type { WorkerCall } from './slot.ts';

/** Calls of handlers that neither wait nor take long enter an isolate together, this many at most. */
const LIGHT_BATCH = 128;
/** UTF-16 units of calls that enter together; they are copied into the isolate, and again when they come back. */
const BATCH_UNITS = 128 * 1024;
/** Calls of handlers that wait for the host share an isolate's entry only when there are more of them than isolates. */
const PARKING_BATCH = 8;
/** A handler that was entered this often in a row without waiting for the host counts as one that does not. */
const CALM_CALLS = 64;

/**
 * Calls that wait for an isolate. Handlers are learned: one that was seen waiting for the host is kept apart, so that
 * calls which do not wait never stand behind it in one entry. Of the calls of one series the first stands in line for
 * all; those behind it enter with it as long as none is known to go on after its entry.
 */
export class CallQueue {
  readonly #light = new Line();
  readonly #parking = new Line();
  /** Handlers that wait for the host, each with the calls without a wait that would make it light again. */
  readonly #parks = new Map<number, number>();
  /** Handlers that went on after their entry: what comes behind them in a series does not enter with them. */
  readonly #lingering = new Set<number>();
  readonly #series = new SeriesOrder();

  get size(): number {
    return this.#light.size + this.#parking.size;
  }

  add(call: WorkerCall): void {
    if (this.#series.add(call)) this.#lineOf(call).push(call);
  }

  /** Takes back calls that were not begun; they are the next ones. */
  putBack(calls: readonly WorkerCall[]): void {
    for (let i = calls.length - 1; i >= 0; i--) {
      const call = calls[i]!;
      call.entered = false;
      if (this.#series.isFirst(call)) this.#lineOf(call).unshift(call);
    }
  }

  /** Notes that a call has ended: the next one of its series may begin, its time counts from now. */
  ended(call: WorkerCall): void {
    if (call.series === 0) return;
    const next = this.#series.ended(call);
    if (!next) return;
    next.receivedAt = performance.now();
    this.#lineOf(next).push(next);
  }

  /** Notes which handlers had not ended when their entry did, from the calls that therefore did not begin. */
  learnLingering(notBegun: readonly WorkerCall[]): void {
    for (const call of notBegun) {
      const before = this.#series.before(call);
      if (before?.entered) this.#lingering.add(before.handler);
    }
  }

  /** Notes that a handler waits for the host. True when that was known. */
  learnParks(handler: number): boolean {
    const known = this.#parks.has(handler);
    this.#parks.set(handler, CALM_CALLS);
    return known;
  }

  /** Notes that calls which entered together ended without waiting for the host. */
  learnCalm(calls: readonly WorkerCall[]): void {
    if (this.#parks.size === 0) return;
    for (const { handler } of calls) {
      const left = this.#parks.get(handler);
      if (left === undefined) continue;
      if (left > 1) this.#parks.set(handler, left - 1);
      else this.#parks.delete(handler);
    }
  }

  /**
   * The calls that one of `idle` isolates should enter with next: those that have waited longest. While light ones are
   * held, of the others.
   */
  take(idle: number, isLightHeld = false): WorkerCall[] {
    const light = isLightHeld ? undefined : this.#light.first;
    const parking = this.#parking.first;
    if (light && (!parking || light.id < parking.id)) return this.#withSeries(this.#light.take(LIGHT_BATCH));
    if (!parking) return [];
    const share = Math.ceil(this.#parking.size / Math.max(1, idle));
    return this.#withSeries(this.#parking.take(Math.min(PARKING_BATCH, share)));
  }

  takeOlderThan(time: number): WorkerCall[] {
    return [...this.#light.takeOlderThan(time), ...this.#parking.takeOlderThan(time)];
  }

  /** Sets all times that calls have waited from to later ones. */
  postpone(later: (time: number) => number): void {
    for (const line of [this.#light, this.#parking]) {
      for (const call of line.calls()) call.receivedAt = later(call.receivedAt);
    }
  }

  /** The calls with those of their series that enter with them. */
  #withSeries(firsts: WorkerCall[]): WorkerCall[] {
    const calls: WorkerCall[] = [];
    for (const first of firsts) {
      calls.push(first);
      if (first.series > 0) calls.push(...this.#series.behind(first, this.#endsAtOnce));
    }
    for (const call of calls) call.entered = true;
    return calls;
  }

  readonly #endsAtOnce = ({ handler, alone }: WorkerCall) =>
    !alone && !this.#parks.has(handler) && !this.#lingering.has(handler);

  #lineOf(call: WorkerCall): Line {
    return this.#parks.has(call.handler) ? this.#parking : this.#light;
  }
}

/** A queue on an array whose used part is emptied, since calls hold what they were called with, and cut off now and then. */
class Line {
  #calls: (WorkerCall | undefined)[] = [];
  #start = 0;

  get size(): number {
    return this.#calls.length - this.#start;
  }

  get first(): WorkerCall | undefined {
    return this.#calls[this.#start];
  }

  calls(): readonly WorkerCall[] {
    return this.#calls.slice(this.#start) as WorkerCall[];
  }

  push(call: WorkerCall): void {
    this.#calls.push(call);
  }

  unshift(call: WorkerCall): void {
    if (this.#start > 0) this.#calls[--this.#start] = call;
    else this.#calls.unshift(call);
  }

  take(most: number): WorkerCall[] {
    const from = this.#start;
    let end = from;
    let units = 0;
    while (end < this.#calls.length && end - from < most) {
      units += this.#calls[end]!.record.length;
      if (end > from && (this.#calls[end]!.alone || units > BATCH_UNITS)) break;
      end++;
      if (this.#calls[end - 1]!.alone) break;
    }
    const taken = this.#calls.slice(from, end) as WorkerCall[];
    this.#calls.fill(undefined, from, end);
    this.#start = end;
    if (this.#start === this.#calls.length || this.#start > 4096) {
      this.#calls = this.#calls.slice(this.#start);
      this.#start = 0;
    }
    return taken;
  }

  takeOlderThan(time: number): WorkerCall[] {
    const old: WorkerCall[] = [];
    const kept: WorkerCall[] = [];
    for (let i = this.#start; i < this.#calls.length; i++) {
      const call = this.#calls[i]!;
      (call.receivedAt < time ? old : kept).push(call);
    }
    if (old.length > 0) {
      this.#calls = kept;
      this.#start = 0;
    }
    return old;
  }
}
