import type { Slot } from '../slot.ts';

/** How often a worker's timer may fire early by rounding; the isolate counts on it, see its schedule. */
const SHORTEST_TIMER_MS = 1;

/** Matches of one isolate that may wait for the host at a time. */
const MAX_WAITS = 8;
/** An entry that has computed for longer than this is given nothing more to do: its limit counts all of it. */
const MAX_COMPUTED_MS = 100;

/** An isolate that runs matches. */
export class MatchIsolate {
  readonly slot: Slot;
  /** The matches in it, by number, each with its messages since the isolate was last entered. */
  readonly matches = new Map<number, Inputs>();
  /** Memory is short in it: it gets no further matches. */
  isFull = false;
  /** The `idleSince` of its slot at which its memory was last looked at. */
  #checkedAt = 0;
  /** Messages of members: they wait for whatever has the isolate entered next. */
  #inputs = '';
  #entry = 0;
  #isDue = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(slot: Slot) {
    this.slot = slot;
  }

  /** Gives it a record that it shall take at once. */
  post(record: string): void {
    this.slot.post(`${this.#inputs}${record}\n`);
    this.#inputs = '';
  }

  /** Gives it a member's message for the next loop. False when too many wait. */
  postInput(match: number, record: string, most: number): boolean {
    const inputs = this.matches.get(match)!;
    if (inputs.entry !== this.#entry) {
      inputs.entry = this.#entry;
      inputs.count = 0;
    }
    // One more than the isolate keeps: it says when it drops some.
    if (++inputs.count > most + 1) return false;
    this.#inputs += `${record}\n`;
    return true;
  }

  /** Enters it when there is reason to; while one of its matches waits for the host, the others go on. */
  pump(): void {
    const { slot } = this;
    if (slot.disposed) return;
    if (slot.busy) {
      if (!(slot.hasRecords || this.#isDue) || !slot.canDoMore(MAX_WAITS, MAX_COMPUTED_MS)) return;
      this.#tellTime();
      slot.meanwhile();
    } else if (slot.wantsEntry || this.#isDue) {
      this.#tellTime();
      slot.enter([]);
    }
  }

  #tellTime(): void {
    this.#isDue = false;
    this.#entry++;
    this.post(`K ${performance.now()}\t`);
  }

  /** Has it entered at that time, or never for 0. */
  wakeAt(timeMs: number): void {
    clearTimeout(this.#timer);
    if (timeMs === 0) return;
    const inMs = timeMs - performance.now();
    if (inMs < SHORTEST_TIMER_MS) this.#wake();
    else this.#timer = setTimeout(this.#wake, inMs);
  }

  /** True once for every time that something ran in it: what it holds may have changed. */
  get wantsCheck(): boolean {
    const { busy, idleSince } = this.slot;
    if (busy || idleSince === this.#checkedAt) return false;
    this.#checkedAt = idleSince;
    return true;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.slot.dispose();
  }

  readonly #wake = () => {
    this.#isDue = true;
    this.pump();
  };
}

interface Inputs {
  entry: number;
  count: number;
}
