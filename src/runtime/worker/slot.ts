import { type CopiedValue, type EngineIsolate, type EngineUsage, EntryError } from './engine.ts';
import type { FailureReport } from './isolate-setup.ts';
import { nodeCrypto } from './node-crypto.ts';
import { SlotContexts } from './slot-contexts.ts';
import { SlotTimers } from './slot-timers.ts';
import { ENDED, SlotWaits } from './slot-waits.ts';
import type { WorkerFunctionRunner } from './worker-functions.ts';

/** A call on its way through the worker. */
export interface WorkerCall {
  readonly id: number;
  readonly handler: number;
  /** Calls of one series run one after another; 0 for a call that belongs to none. */
  readonly series: number;
  /** The number of its context, and that as text; 0 for a call that brings its own. */
  readonly context: number;
  readonly contextText: string;
  /** The record that the isolate gets, with its line break. */
  readonly record: string;
  /** Since when its time counts. */
  receivedAt: number;
  /** It was given to an isolate, and has not come back. */
  entered: boolean;
  /** Must enter an isolate by itself: an isolate that it shared with others has died. */
  alone: boolean;
  /** Something that it did has left the isolate: it must not run again. */
  effects: boolean;
}

/** What a slot tells its pool. */
export interface SlotEvents {
  /** A record for the server process, complete. */
  send(record: string): void;
  /** The isolate asked the host and waits. */
  parked(slot: Slot, call: WorkerCall | undefined): void;
  /** An entry ended without having waited for the host. */
  calm(calls: readonly WorkerCall[]): void;
  /** An entry with one call took so long; whether the call has ended in it, and nothing was asked. */
  single(call: WorkerCall, tookMs: number, hasEndedUnasked: boolean): void;
  /** A call was answered. */
  ended(call: WorkerCall): void;
  /** Calls that an entry did not begin. */
  returned(calls: WorkerCall[]): void;
  /** Resolves when everything that was sent has left the process. */
  drained(): Promise<void>;
  /** An entry is over; the slot may be used again. */
  idle(slot: Slot): void;
  /** A record of a match that runs in it, or of when it must be entered for one. */
  match?(slot: Slot, record: string): void;
  /** An entry was cut short. The slot has dealt with `records` that it left; see {@link EntryError}. */
  broke(slot: Slot, error: EntryError): void;
}

/** How long the question for what a cut entry left behind may take. */
const LEFTOVERS_TIME_MS = 200;
/** UTF-16 units of records that tell which kept answers are wrong; with more of them all are forgotten. */
const MAX_FORGOTTEN_UNITS = 16 * 1024;
/** Numbers below this are the worker's own, for loading a module and repeating its InitModule. */
export const FIRST_CALL_ID = 16;

/** What an entry returns that wanted to wait on a thread that cannot; no record begins so. */
const NOT_HERE = '!';

/** One isolate with what is under way in it. */
export class Slot {
  readonly number: number;
  readonly #pool: number;
  readonly #events: SlotEvents;
  readonly #functions: WorkerFunctionRunner;
  #isolate: EngineIsolate | undefined;

  /** Calls that entered and are not answered, in order. */
  readonly calls = new Map<number, WorkerCall>();
  /** Resolves with the record that answers one of the slot's own entries. */
  readonly #boot = new Map<number, (record: string) => void>();
  readonly #timers = new SlotTimers((number) => {
    this.post(`T ${number}\t\n`);
    if (!this.busy) this.#events.idle(this);
  });
  #inbox = '';
  /** Records that the isolate must read before anything else: which kept answers are wrong. */
  #forgotten = '';
  readonly #contexts = new SlotContexts();
  #again = false;
  readonly #waits = new SlotWaits();

  /** True once its module's InitModule has run. */
  ready = false;
  /** Takes no more calls; disposed when the last one has ended. */
  retiring = false;
  disposed = false;
  /** Timers live on when no call is left: matches go on between their calls. */
  keepsTimers = false;
  busy = false;
  enteredAt = 0;
  /** When it last began to compute: it was entered, or got the answer for which it was parked. */
  resumedAt = 0;
  idleSince = 0;
  /** The `idleSince` at which its memory was last looked at. */
  checkedAt = 0;
  timeLimitMs = 0;
  createdAt = performance.now();
  /** When the watchdog disposed of it, in the clock of `performance.now()`. */
  disposedAt = 0;
  #entered: readonly WorkerCall[] = [];
  /** Calls that stand behind the one for which the isolate is parked. */
  #unstarted: readonly WorkerCall[] = [];
  #withdrawn = false;
  /** True when the entry has asked the host and waited. */
  #waited = false;
  /** True when it has asked anything, the worker's own functions included. */
  #asked = false;

  constructor(number: number, pool: number, events: SlotEvents, functions: WorkerFunctionRunner) {
    this.number = number;
    this.#pool = pool;
    this.#events = events;
    this.#functions = functions;
  }

  attach(isolate: EngineIsolate, timeLimitMs: number): void {
    this.#isolate = isolate;
    this.timeLimitMs = timeLimitMs;
  }

  get parked(): boolean {
    return this.#waits.isParked;
  }

  /** True while it loads its module or runs InitModule. */
  get booting(): boolean {
    return this.#boot.size > 0;
  }

  /** How long the entry that is under way has computed, in milliseconds. */
  runningMs(now: number): number {
    return this.busy && !this.parked ? now - this.enteredAt - this.#waits.parkedMs : 0;
  }

  /** True when it must be entered though no call waits for it. */
  get wantsEntry(): boolean {
    return !this.busy && !this.disposed && (this.#again || this.#inbox !== '');
  }

  /** Puts a record into the next entry. */
  post(record: string): void {
    this.#inbox += record;
  }

  /** Has the isolate forget kept answers before it goes on; it is not entered for that. */
  forget(record: string): void {
    this.#forgotten += `${record}\n`;
    if (this.#forgotten.length > MAX_FORGOTTEN_UNITS) this.#forgotten = 'F\t\n';
  }

  /** Has the isolate forget all contexts before it takes the next call. */
  forgetContexts(): void {
    this.#contexts.forget();
  }

  /** Runs the module's script. @throws EntryError, ScriptError */
  async load(code: string, fileName: string): Promise<void> {
    this.busy = true;
    this.enteredAt = performance.now();
    this.#waits.parkedMs = 0;
    try {
      await this.#isolate!.load(code, fileName, this.timeLimitMs);
    } finally {
      this.busy = false;
    }
  }

  /** Enters for itself (loading, InitModule) and resolves to the record that answers the given number. */
  boot(number: number, record: string): Promise<string> {
    if (this.disposed) return Promise.resolve('e 0\t{"message":"the isolate was disposed of","code":13}');
    return new Promise((resolve) => {
      this.#boot.set(number, resolve);
      this.post(record);
      if (!this.busy) this.enter([]);
    });
  }

  /** Enters with calls and whatever else waits for this isolate. */
  enter(calls: readonly WorkerCall[]): void {
    this.#isolate!.enter(this.#begin(calls), this.timeLimitMs).then(this.#returned, this.#failed);
  }

  /** True when nothing is under way in it, so that it may be lost; and no debugger may hold it. */
  get isSpare(): boolean {
    const isFree = this.calls.size === 0 && this.#timers.size === 0 && !this.wantsEntry;
    return isFree && this.ready && !this.disposed && this.#isolate?.inspector === undefined;
  }

  /**
   * Enters with one call, on this thread. False when the call must be begun anew in another isolate: it took longer, or
   * had to wait. Nothing of it has left this isolate then, which must be disposed of.
   */
  enterHere(call: WorkerCall, timeLimitMs: number): boolean {
    const records = this.#begin([call]);
    let returned = NOT_HERE;
    try {
      returned = this.#isolate!.enterHere(records, timeLimitMs);
    } catch (error) {
      if (error instanceof EntryError && error.failure === 'broken') {
        void this.#failed(error);
        return true;
      }
    }
    if (returned === NOT_HERE) {
      this.calls.delete(call.id);
      this.busy = false;
      return false;
    }
    this.#returned(returned);
    return true;
  }

  /** Notes the beginning of an entry, and gives its records. */
  #begin(calls: readonly WorkerCall[]): string {
    let records = this.#forgotten + this.#inbox + this.#contexts.opening();
    this.#forgotten = '';
    this.#entered = calls;
    for (const call of calls) {
      this.calls.set(call.id, call);
      records += this.#contexts.before(call) + call.record;
    }
    this.#inbox = '';
    this.#again = false;
    this.busy = true;
    this.enteredAt = performance.now();
    this.resumedAt = this.enteredAt;
    this.#waits.parkedMs = 0;
    this.#waited = false;
    this.#asked = false;
    return records;
  }

  /** Takes the host's answer to a call of number `number`; those for which the isolate was parked are negative. */
  answered(number: number, answer: string): void {
    if (number > 0) {
      this.post(`A ${number}\t${answer}\n`);
      return;
    }
    if (this.#waits.isAwaited(number, answer)) this.#goOn(answer);
  }

  #goOn(answer: string): void {
    const text = this.#forgotten + (this.#withdrawn ? `S${answer}` : answer);
    this.#forgotten = '';
    this.#withdrawn = false;
    this.#unstarted = [];
    this.resumedAt = this.#waits.resume(text);
  }

  /** Ends the waits that take longer than that. */
  endWaits(now: number, longerThanMs: number): void {
    if (this.#waits.endBeneath(longerThanMs, now)) this.#goOn(ENDED);
  }

  /** True when the isolate may do something else while it is parked, and its entry has not computed for too long. */
  canDoMore(deepest: number, computedMs: number): boolean {
    const { parkedAt, parkedMs } = this.#waits;
    return this.#waits.canDoMore(deepest) && parkedAt - this.enteredAt - parkedMs <= computedMs;
  }

  /** Has the parked isolate take the records that wait for it, and then go on waiting. */
  meanwhile(): void {
    const records = this.#forgotten + this.#inbox;
    this.#forgotten = '';
    this.#inbox = '';
    this.#waits.meanwhile(records);
  }

  /** True when records wait for it. */
  get hasRecords(): boolean {
    return this.#inbox !== '';
  }

  /** Sets all that limits count from to later times. */
  postpone(later: (time: number) => number): void {
    this.createdAt = later(this.createdAt);
    this.enteredAt = later(this.enteredAt);
    this.#waits.postpone(later);
    if (this.disposedAt > 0) this.disposedAt = later(this.disposedAt);
    for (const call of this.calls.values()) call.receivedAt = later(call.receivedAt);
  }

  /** True when calls wait behind one that has been parked for at least as long. */
  blocks(now: number, longerThanMs: number): boolean {
    return this.parked && this.#unstarted.length > 0 && now - this.#waits.parkedAt >= longerThanMs;
  }

  /** Takes back the calls that wait behind the parked one. */
  withdraw(): readonly WorkerCall[] {
    const calls = this.#unstarted;
    for (const call of calls) this.calls.delete(call.id);
    this.#unstarted = [];
    this.#withdrawn ||= calls.length > 0;
    // What came with them is not read either.
    if (calls.length > 0) this.#contexts.lose();
    return calls;
  }

  /** Forgets a call that was answered with a limit; the isolate hears of it at once if it is parked for it. */
  abandon(id: number): void {
    this.calls.delete(id);
    this.post(`X ${id}\t\n`);
    if (this.#waits.isFor(id)) this.#goOn(ENDED);
  }

  /** See {@link EngineIsolate.give}; only while nothing runs in it. */
  give(number: number): Promise<CopiedValue> {
    return this.#isolate!.give(number, this.timeLimitMs);
  }

  /** See {@link EngineIsolate.take}. */
  take(text: string, copy: CopiedValue): Promise<string> {
    return this.#isolate!.take(text, copy, this.timeLimitMs);
  }

  /** What the isolate holds, told once nothing runs in it. @throws EntryError when it is disposed of before */
  usage(): Promise<EngineUsage> {
    return this.#isolate!.usage();
  }

  /** Ends whatever runs; {@link SlotEvents.broke} follows, unless V8 is where nothing interrupts it. */
  stop(): void {
    this.#isolate?.dispose();
  }

  /** Frees everything. What the slot still starts with fails with the reason. */
  dispose(reason: FailureReport = { message: 'the isolate was disposed of', code: 13 }): void {
    this.disposed = true;
    this.#clearTimers();
    this.#isolate?.dispose();
    for (const resolve of this.#boot.values()) resolve(`e 0\t${JSON.stringify(reason)}`);
    this.#boot.clear();
  }

  /** Answers a synchronous call out of the isolate; given to the engine. */
  readonly ask = (records: string): Promise<string> => {
    this.#asked = true;
    const last = records.lastIndexOf('\n', records.length - 2) + 1;
    if (last > 0) this.#take(records.slice(0, last));
    const tab = records.indexOf('\t', last);
    const head = records.slice(last, tab).split(' ');
    const body = records.slice(tab + 1, -1);
    switch (head[0]) {
      case 's': {
        const call = this.calls.get(Number(head[1]));
        if (call) call.effects = true;
        this.#waited = true;
        const number = this.#waits.begin(Number(head[1]));
        const answered = this.#waits.park();
        this.#unstarted = head[3] === '1' ? this.#entered.slice(this.#entered.indexOf(call!) + 1) : [];
        this.#events.send(`h ${this.number} ${number} ${this.#pool} ${head[1]} ${head[2]}\t${body}`);
        this.#events.parked(this, call);
        return answered;
      }
      case 'n':
        return this.#goOnWaiting();
      case 'w':
        return this.#functions.run(head[2]!, body);
      case 'y':
        return Promise.resolve(JSON.stringify(nodeCrypto().randomBytes(Number(body)).toString('base64')));
      default:
        return this.#events.drained().then(() => 'u');
    }
  };

  #goOnWaiting(): Promise<string> {
    const known = this.#waits.goOn();
    if (known !== undefined) return Promise.resolve(known);
    const answered = this.#waits.park();
    this.#events.parked(this, undefined);
    return answered;
  }

  readonly #returned = (records: string) => {
    this.busy = false;
    this.idleSince = performance.now();
    if (this.disposed) return;
    if (records !== '') this.#take(records);
    if (!this.#waited) this.#events.calm(this.#entered);
    if (this.#entered.length === 1) {
      this.#events.single(this.#entered[0]!, this.idleSince - this.enteredAt, !this.#asked && this.calls.size === 0);
    }
    if (this.calls.size === 0 && this.ready && this.#timers.size > 0 && !this.keepsTimers) this.#clearTimers();
    this.#events.idle(this);
  };

  readonly #failed = async (error: unknown) => {
    const failure = error instanceof EntryError ? error : new EntryError('broken', String(error));
    this.culprits = [];
    this.#waits.clear();
    this.#contexts.lose();
    if (this.disposed) {
      this.busy = false;
      return;
    }
    if (failure.failure === 'time' || failure.failure === 'broken') {
      try {
        this.#take(await this.#isolate!.enter('Z', LEFTOVERS_TIME_MS));
        this.retiring ||= failure.failure === 'time';
      } catch {
        this.disposed = true;
      }
    } else this.disposed = true;
    this.busy = false;
    this.idleSince = performance.now();
    if (failure.failure === 'broken' && !this.disposed) {
      const text = `a promise was rejected and nobody handled it: ${failure.message}`;
      this.#events.send(`l ${this.#pool} 0 warn\t${JSON.stringify([text, ''])}`);
      this.#events.idle(this);
    } else this.#events.broke(this, failure);
  };

  /** The calls that an entry cut short was in, as the isolate told. */
  culprits: readonly number[] = [];

  #take(records: string): void {
    let from = 0;
    let forwarded = '';
    for (let end = records.indexOf('\n'); end >= 0; end = records.indexOf('\n', from)) {
      const kind = records.charCodeAt(from);
      if (kind === 114 /* r */ || kind === 101 /* e */) {
        const id = numberAt(records, from + 2);
        if (id < FIRST_CALL_ID || this.#boot.has(id)) {
          this.#boot.get(id)?.(records.slice(from, end));
          this.#boot.delete(id);
        } else {
          const call = this.calls.get(id);
          if (call) {
            this.calls.delete(id);
            this.#events.ended(call);
            forwarded += records.slice(from, end + 1);
          }
        }
      } else {
        if (forwarded !== '') this.#events.send(forwarded.slice(0, -1));
        forwarded = '';
        this.#takeOther(records.slice(from, end));
      }
      from = end + 1;
    }
    if (forwarded !== '') this.#events.send(forwarded.slice(0, -1));
  }

  #takeOther(record: string): void {
    const tab = record.indexOf('\t');
    const head = record.slice(0, tab).split(' ');
    switch (head[0]) {
      case 'h':
        this.#markEffects(Number(head[1]));
        this.#events.send(`h ${this.number} ${head[2]} ${this.#pool} ${head[1]} ${head[3]}${record.slice(tab)}`);
        return;
      case 'd':
        this.#markEffects(Number(head[1]));
        this.#events.send(`d ${this.#pool} ${head[1]} ${head[2]}${record.slice(tab)}`);
        return;
      case 'l':
        this.#events.send(`l ${this.#pool} ${head[1]} ${head[2]}${record.slice(tab)}`);
        return;
      case 'm':
        this.#again = true;
        return;
      case 'M':
      case 'W':
        this.#events.match?.(this, record);
        return;
      case 'u':
        this.#events.returned(this.#withdraw(head.slice(1)));
        return;
      case 't':
        this.#timers.start(Number(head[1]), Number(head[2]), head[3] === '1');
        return;
      case 'c':
        this.#timers.stop(Number(head[1]));
        return;
      case 'k':
        this.culprits = (head[1] === '0' ? head.slice(2) : [head[1]!]).map(Number);
    }
  }

  #withdraw(ids: readonly string[]): WorkerCall[] {
    const calls: WorkerCall[] = [];
    for (const id of ids) {
      const call = this.calls.get(Number(id));
      if (!call) continue;
      this.calls.delete(call.id);
      calls.push(call);
    }
    return calls;
  }

  #markEffects(id: number): void {
    const call = this.calls.get(id);
    if (call) call.effects = true;
  }

  /** Timers that an ended call set after an await belong to no call; none outlives the last call. */
  #clearTimers(): void {
    this.#timers.stopAll();
    this.post('V \t\n');
  }
}

function numberAt(text: string, from: number): number {
  let value = 0;
  for (let at = from; ; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) return value;
    value = value * 10 + digit;
  }
}
