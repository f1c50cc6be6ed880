import type { WorkerCall } from './slot.ts';

/** Calls of handlers that neither wait nor take long enter an isolate together, this many at most. */
const LIGHT_BATCH = 128;
/** Calls of handlers that wait for the host share an isolate's entry only when there are more of them than isolates. */
const PARKING_BATCH = 8;
/** A handler that was entered this often in a row without waiting for the host counts as one that does not. */
const CALM_CALLS = 64;

/**
 * Calls that wait for an isolate. Handlers are learned: one that was seen waiting for the host is kept apart, so that
 * calls which do not wait never stand behind it in one entry.
 */
export class CallQueue {
  readonly #light = new Line();
  readonly #parking = new Line();
  /** Handlers that wait for the host, each with the calls without a wait that would make it light again. */
  readonly #parks = new Map<number, number>();

  get size(): number {
    return this.#light.size + this.#parking.size;
  }

  add(call: WorkerCall): void {
    this.#lineOf(call).push(call);
  }

  /** Takes back calls that were not begun; they are the next ones. */
  putBack(calls: readonly WorkerCall[]): void {
    for (let i = calls.length - 1; i >= 0; i--) this.#lineOf(calls[i]!).unshift(calls[i]!);
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

  /** The calls that one of `idle` isolates should enter with next: those that have waited longest. */
  take(idle: number): WorkerCall[] {
    const light = this.#light.first;
    const parking = this.#parking.first;
    if (light && (!parking || light.id < parking.id)) return this.#light.take(LIGHT_BATCH);
    if (!parking) return [];
    const share = Math.ceil(this.#parking.size / Math.max(1, idle));
    return this.#parking.take(Math.min(PARKING_BATCH, share));
  }

  takeOlderThan(time: number): WorkerCall[] {
    return [...this.#light.takeOlderThan(time), ...this.#parking.takeOlderThan(time)];
  }

  #lineOf(call: WorkerCall): Line {
    return this.#parks.has(call.handler) ? this.#parking : this.#light;
  }
}

/** A queue on an array whose used part is cut off now and then. */
class Line {
  #calls: WorkerCall[] = [];
  #start = 0;

  get size(): number {
    return this.#calls.length - this.#start;
  }

  get first(): WorkerCall | undefined {
    return this.#calls[this.#start];
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
    while (end < this.#calls.length && end - from < most) {
      if (this.#calls[end]!.alone && end > from) break;
      end++;
      if (this.#calls[end - 1]!.alone) break;
    }
    const taken = this.#calls.slice(from, end);
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
