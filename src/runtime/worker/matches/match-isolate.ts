import type { Slot } from '../slot.ts';

/** How often a worker's timer may fire early by rounding; the isolate counts on it, see its schedule. */
const SHORTEST_TIMER_MS = 1;

/** Matches of one isolate that may wait for the host at a time. */
const MAX_WAITS = 8;
/** An entry that has computed for more than this share of its limit, which counts all of it, is given nothing more. */
const MAX_COMPUTED_SHARE = 0.25;

/** How much the latest while counts for how occupied an isolate is. */
const STOCK_WEIGHT = 0.3;

/** How many messages a match was sent since its isolate was entered for the time of this number. */
export interface Inputs {
  entry: number;
  count: number;
}

/** An isolate that runs matches. */
export class MatchIsolate {
  readonly slot: Slot;
  /** The matches in it, by number. */
  readonly matches = new Set<number>();
  /** Memory is short in it: it gets no further matches. */
  isFull = false;
  /** Since when its time is counted, and for how long of it something ran or waited in it. */
  #countedSince = performance.now();
  #occupiedMs = 0;
  #enteredAt = 0;
  /** The share of the last while in which it was occupied. */
  occupiedShare = 0;
  /** The `idleSince` of its slot at which its memory was last looked at. */
  #checkedAt = 0;
  /** Messages of members: they wait for whatever has the isolate entered next. */
  #inputs = '';
  #entry = 0;
  #isDue = false;
  /** Called when it is frozen. */
  #frozen: (() => void) | undefined;
  #isFrozen = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(slot: Slot) {
    this.slot = slot;
  }

  /** Gives it a record that it shall take at once. */
  post(record: string): void {
    this.slot.post(`${this.#inputs}${record}\n`);
    this.#inputs = '';
  }

  /** Gives it a member's message for the next loop, unless too many wait. `inputs` counts those of the match. */
  postInput(inputs: Inputs, record: string, most: number): void {
    if (inputs.entry !== this.#entry) {
      inputs.entry = this.#entry;
      inputs.count = 0;
    }
    // One more than the isolate keeps: it says when it drops some.
    if (++inputs.count <= most + 1) this.#inputs += `${record}\n`;
  }

  /** Enters it when there is reason to; while one of its matches waits for the host, the others go on. */
  pump(): void {
    const { slot } = this;
    if (slot.disposed) this.#frozen?.();
    if (slot.disposed || this.#isFrozen) return;
    if (!slot.busy && !slot.hasRecords && this.#inputs === '' && this.#frozen) {
      this.#isFrozen = true;
      this.#frozen();
    } else if (slot.busy) {
      if (!(slot.hasRecords || this.#isDue) || !slot.canDoMore(MAX_WAITS, slot.timeLimitMs * MAX_COMPUTED_SHARE))
        return;
      this.#tellTime();
      slot.meanwhile();
    } else if (slot.wantsEntry || this.#isDue || (this.#frozen && this.#inputs !== '')) {
      this.#tellTime();
      this.#enteredAt = performance.now();
      slot.enter([]);
    }
  }

  /** Notes that an entry is over, and enters it again when there is reason to. */
  returned(): void {
    this.#occupiedMs += this.slot.idleSince - this.#enteredAt;
    this.pump();
  }

  /** Takes stock of how occupied it was; several times a second. */
  takeStock(now: number): void {
    const { busy } = this.slot;
    const occupiedMs = this.#occupiedMs + (busy ? now - Math.max(this.#enteredAt, this.#countedSince) : 0);
    const share = occupiedMs / (now - this.#countedSince);
    this.occupiedShare += (Math.min(1, share) - this.occupiedShare) * STOCK_WEIGHT;
    this.#countedSince = now;
    this.#occupiedMs = 0;
    if (busy) this.#enteredAt = now;
  }

  /** Resolves when all that it was given is done; from then on until {@link thaw} it is not entered. */
  freeze(): Promise<void> {
    return new Promise((resolve) => {
      this.#frozen = resolve;
      this.pump();
    });
  }

  thaw(): void {
    this.#frozen = undefined;
    this.#isFrozen = false;
    this.#isDue = true;
    this.pump();
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
    this.#frozen?.();
  }

  readonly #wake = () => {
    this.#isDue = true;
    this.pump();
  };
}
