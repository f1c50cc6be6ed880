import type { WorkerCall } from './slot.ts';

/**
 * Keeps the calls of each series in order: one begins when the one before it has ended. Calls of series 0 are not
 * kept in any order.
 *
 * Invariant: of a series' calls those in an isolate come first, all in the same one; the first is in the queue when
 * none is in an isolate.
 */
export class SeriesOrder {
  /** The calls of each series that have not ended, in the order in which they came. */
  readonly #open = new Map<number, WorkerCall[]>();

  /** Takes in a new call. True when it may begin at once. */
  add(call: WorkerCall): boolean {
    if (call.series === 0) return true;
    const open = this.#open.get(call.series);
    if (open) open.push(call);
    else this.#open.set(call.series, [call]);
    return open === undefined;
  }

  /** True when no call of its series that has not ended came before it. */
  isFirst(call: WorkerCall): boolean {
    return call.series === 0 || this.#open.get(call.series)![0] === call;
  }

  /** The call before one, in its series, that has not ended. */
  before(call: WorkerCall): WorkerCall | undefined {
    const open = this.#open.get(call.series);
    return open?.[open.indexOf(call) - 1];
  }

  /** The calls behind the first one of a series, as far as all of them are such as `goesAlong` accepts. */
  behind(first: WorkerCall, goesAlong: (call: WorkerCall) => boolean): readonly WorkerCall[] {
    const open = this.#open.get(first.series)!;
    if (open.length === 1 || !goesAlong(first)) return [];
    let end = 1;
    while (end < open.length && goesAlong(open[end]!)) end++;
    return open.slice(1, end);
  }

  /** Takes out a call that has ended. Gives the one that may begin for it, unless that is in an isolate already. */
  ended(call: WorkerCall): WorkerCall | undefined {
    const open = this.#open.get(call.series);
    const at = open?.indexOf(call) ?? -1;
    if (!open || at < 0) return undefined;
    open.splice(at, 1);
    if (open.length === 0) this.#open.delete(call.series);
    return at === 0 && !open[0]?.entered ? open[0] : undefined;
  }
}
