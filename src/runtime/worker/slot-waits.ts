/** What an isolate waits for while it does something else. */
interface OuterWait {
  readonly number: number;
  since: number;
  readonly callId: number;
  /** Its answer, once it is there. */
  answer: string | undefined;
}

/** The answer that ends a wait without one: the isolate throws where it waits. */
export const ENDED = 'X';

/**
 * What a parked isolate waits for. It may be given something to do meanwhile, and be parked for that too: then it waits
 * for several answers, each beneath the next, and goes on with the one that it was parked for last. Times are those of
 * `performance.now()`, in milliseconds.
 */
export class SlotWaits {
  #resume: ((answer: string) => void) | undefined;
  #lastNumber = 0;
  #number = 0;
  #callId = 0;
  /** Since when it waits, and since when it is parked for that: it may have done something else in between. */
  #since = 0;
  #parkedAt = 0;
  /** What it waits for beneath that; the latest last. */
  readonly #outer: OuterWait[] = [];
  /** For how long the entry was parked, up to when it last went on. */
  parkedMs = 0;

  get isParked(): boolean {
    return this.#resume !== undefined;
  }

  /** When it was parked. */
  get parkedAt(): number {
    return this.#parkedAt;
  }

  /** Notes that a call waits for an answer, and gives its number; numbers of waits are negative. */
  begin(callId: number): number {
    this.#lastNumber--;
    this.#number = this.#lastNumber;
    this.#callId = callId;
    this.#since = performance.now();
    return this.#number;
  }

  /** Parks the isolate for what {@link begin} or {@link goOn} noted, until it is answered. */
  park(): Promise<string> {
    this.#parkedAt = performance.now();
    return new Promise((resolve) => {
      this.#resume = resolve;
    });
  }

  /**
   * Takes an answer. True when the isolate is parked for it, and goes on by {@link resume}; one that it waits for
   * beneath that is kept until then. An answer may also be late: the wait was ended.
   */
  isAwaited(number: number, answer: string): boolean {
    if (number === this.#number && this.isParked) return true;
    const outer = this.#outer.find((wait) => wait.number === number);
    if (outer) outer.answer ??= answer;
    return false;
  }

  /** Lets the isolate go on, and gives when that was. */
  resume(answer: string): number {
    const resume = this.#resume;
    this.#resume = undefined;
    const now = performance.now();
    this.parkedMs += now - this.#parkedAt;
    resume?.(answer);
    return now;
  }

  /** Has the parked isolate take records, and then go on waiting. */
  meanwhile(records: string): void {
    this.#outer.push({ number: this.#number, since: this.#since, callId: this.#callId, answer: undefined });
    this.resume(`N${records}`);
  }

  /** Goes back to the wait beneath: its answer, or undefined when the isolate is to be parked for it again. */
  goOn(): string | undefined {
    const { number, since, callId, answer } = this.#outer.pop()!;
    if (answer !== undefined) return answer;
    this.#number = number;
    this.#since = since;
    this.#callId = callId;
    return undefined;
  }

  /**
   * True when the isolate may do something else while it is parked. What it waits for comes back only when that is
   * done: so not when an answer is there already, and not for ever.
   */
  canDoMore(deepest: number): boolean {
    return this.isParked && this.#outer.length < deepest && this.#outer.every(({ answer }) => answer === undefined);
  }

  /** True when it is parked for that call. */
  isFor(callId: number): boolean {
    return this.isParked && this.#callId === callId;
  }

  /** Ends the waits beneath that take longer than that. True when the one for which it is parked does too. */
  endBeneath(longerThanMs: number, now: number): boolean {
    for (const wait of this.#outer) if (now - wait.since > longerThanMs) wait.answer ??= ENDED;
    return this.isParked && now - this.#since > longerThanMs;
  }

  /** Sets all times to later ones. */
  postpone(later: (time: number) => number): void {
    this.#parkedAt = later(this.#parkedAt);
    this.#since = later(this.#since);
    for (const wait of this.#outer) wait.since = later(wait.since);
  }

  /** Forgets what was waited for: the entry was cut short. */
  clear(): void {
    this.#outer.length = 0;
  }
}
