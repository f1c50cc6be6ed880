import { type BrokenLimit, brokenBy, timeOf } from './broken-limits.ts';
import { CallQueue } from './call-queue.ts';
import type { EntryError } from './engine.ts';
import type { FailureReport, RegistrationReport, Replay } from './isolate-setup.ts';
import { QuickHandlers } from './quick-handlers.ts';
import type { Slot, SlotEvents, WorkerCall } from './slot.ts';
import { failureOf, limitFailure, SlotStarter, type StarterOptions } from './slot-starter.ts';

export interface PoolOptions extends StarterOptions {
  /** Sends a record to the server process. */
  readonly send: (record: string) => void;
  /** Resolves when everything that was sent has left the process. */
  readonly drained: () => Promise<void>;
  /** True when nothing is under way in any isolate of this process. */
  readonly isIdle: () => boolean;
  /** The process cannot be saved. */
  readonly giveUp: (broken: BrokenLimit, module: string, culprits: readonly number[]) => void;
}

/** An idle isolate beyond the warm ones is kept this long. */
const IDLE_MS = 30_000;
/** A call that waits longer than this while all isolates compute gets a further isolate. */
const GROW_AFTER_MS = 5;
/** Calls that end at once wait this long for an isolate that has just begun others: more of them enter together. */
const JOIN_MS = 0.5;
/** When to look again whether that isolate is still not done; the shortest time of a timer. */
const JOIN_TIMER_MS = 1;
/** How long a quick call may take on this thread: so long others may have to wait, the first time that it is not. */
const HERE_MS = 50;
/** Calls behind one that waits for the host for longer than this go to another isolate. */
const BLOCK_MS = 5;
/** How long an entry may outlive its limit before its isolate is disposed of. */
const GRACE_MS = 500;
/** How long an isolate that was disposed of may hold its thread before the process is given up. */
const STUCK_MS = 1000;

/** The isolates of one module in this worker, and the calls that wait for them. */
export class ModulePool {
  readonly #options: PoolOptions;
  readonly #slots = new Set<Slot>();
  readonly #queue = new CallQueue();
  readonly #quick = new QuickHandlers();
  readonly #starter: SlotStarter;
  readonly #events: SlotEvents;
  #replay: Replay | undefined;
  #starting = false;
  #blockTimer: NodeJS.Timeout | undefined;
  #growTimer: NodeJS.Timeout | undefined;
  #joinTimer: NodeJS.Timeout | undefined;
  #retired = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#events = {
      send: options.send,
      drained: options.drained,
      parked: (slot, call) => this.#onParked(slot, call),
      calm: (calls) => this.#queue.learnCalm(calls),
      single: ({ handler }, tookMs, hasEndedUnasked) => this.#quick.learn(handler, tookMs, hasEndedUnasked),
      ended: (call) => this.#queue.ended(call),
      returned: (calls) => {
        this.#queue.putBack(calls);
        this.#queue.learnLingering(calls);
      },
      idle: (slot) => this.#onIdle(slot),
      broke: (slot, error) => this.#onBroke(slot, error),
    };
    this.#starter = new SlotStarter(options, {
      started: (slot) => this.#slots.add(slot),
      failed: (slot) => this.#drop(slot),
      catastrophe: (slot, message) => this.#onCatastrophe(slot, message),
    });
  }

  get module(): string {
    return this.#options.module;
  }

  /** True when an isolate computes that was given something to do, or the host's answer, after that time. */
  hasBegunSince(time: number): boolean {
    for (const slot of this.#slots) if (slot.ready && slot.busy && !slot.parked && slot.resumedAt > time) return true;
    return false;
  }

  slot(number: number): Slot | undefined {
    for (const slot of this.#slots) if (slot.number === number) return slot;
    return undefined;
  }

  /** True when it is retired and nothing of it is left. */
  get gone(): boolean {
    return this.#retired && this.#slots.size === 0 && !this.#starting;
  }

  /** Loads the module and runs its InitModule for real, as call `id`. */
  async initialise(id: number): Promise<{ registrations: RegistrationReport[] } | { failure: FailureReport }> {
    try {
      return { registrations: await this.#starter.first(this.#events, id) };
    } catch (error) {
      return { failure: failureOf(error) };
    }
  }

  /** Takes what InitModule did, here or elsewhere, and starts the warm isolates. Gives what failed, if anything. */
  async prepare(replay: Replay): Promise<FailureReport | undefined> {
    this.#replay = replay;
    try {
      for (const slot of this.#slots) this.#open(slot);
      while (this.#slots.size < this.#options.limits.warmIsolates) await this.#grow();
      this.pump();
      return undefined;
    } catch (error) {
      return failureOf(error);
    }
  }

  /** Tells every isolate which kept answers are no longer right. */
  forget(record: string): void {
    for (const slot of this.#slots) slot.forget(record);
  }

  /** Has every isolate forget the contexts of calls. */
  forgetContexts(): void {
    for (const slot of this.#slots) slot.forgetContexts();
  }

  /** Takes a call; {@link pump} begins it. */
  add(call: WorkerCall): void {
    this.#queue.add(call);
  }

  /** Finishes what it has begun and then disposes of its isolates. */
  retire(): void {
    this.#retired = true;
    this.#disposeFinished();
  }

  /** Gives waiting calls to isolates; called after each turn's records were taken in. */
  pump(): void {
    const joining = this.#queue.size > 0 && this.#hasJustEntered(performance.now());
    for (const slot of this.#slots) {
      if (slot.busy || slot.disposed) continue;
      const calls = slot.ready && !slot.retiring ? this.#queue.take(this.#idleCount(), joining) : [];
      if (calls.length === 1 && this.#mayRunHere(slot, calls[0]!)) this.#runHere(slot, calls[0]!);
      else if (calls.length > 0 || slot.wantsEntry) slot.enter(calls);
    }
    if (this.#queue.size === 0) return;
    if (joining) this.#pumpLater();
    else this.#considerGrowth();
  }

  /**
   * A quick call with nothing else to do in this process runs on this thread: the way to another one and back takes
   * longer than the call.
   */
  #mayRunHere(slot: Slot, { handler }: WorkerCall): boolean {
    return this.#quick.isQuick(handler) && this.#queue.size === 0 && slot.isSpare && this.#options.isIdle();
  }

  #runHere(slot: Slot, call: WorkerCall): void {
    if (slot.enterHere(call, HERE_MS)) return;
    this.#quick.wasNot(call.handler);
    this.#drop(slot);
    this.#queue.putBack([call]);
    this.#refill();
  }

  /** True when none of its isolates is entered. */
  get isIdle(): boolean {
    for (const slot of this.#slots) if (slot.busy) return false;
    return true;
  }

  #hasJustEntered(now: number): boolean {
    for (const slot of this.#slots) {
      if (slot.ready && slot.busy && !slot.parked && !slot.retiring && slot.runningMs(now) < JOIN_MS) return true;
    }
    return false;
  }

  #pumpLater(): void {
    this.#joinTimer ??= setTimeout(() => {
      this.#joinTimer = undefined;
      this.pump();
    }, JOIN_TIMER_MS);
  }

  /** Sees to limits and leftovers; several times a second. */
  sweep(now: number): void {
    for (const slot of this.#slots) {
      this.#watch(slot, now);
      this.#expireCalls(slot, now);
      const spare = this.#slots.size > this.#options.limits.warmIsolates && slot.calls.size === 0;
      if (spare && slot.ready && !slot.busy && now - slot.idleSince > IDLE_MS) this.#drop(slot);
      else if (slot.ready && !slot.busy && !slot.retiring) void this.#checkBuffers(slot);
    }
    const broken = timeOf('callTimeMs', this.#options);
    for (const call of this.#queue.takeOlderThan(now - this.#options.limits.callTimeMs)) this.#fail(call, broken);
    this.#disposeFinished();
    if (this.#queue.size > 0) this.pump();
  }

  /** Sets all that limits count from to later times. */
  postpone(later: (time: number) => number): void {
    for (const slot of this.#slots) slot.postpone(later);
    this.#queue.postpone(later);
  }

  /** The isolate that has been there longest, unless one is on its way out already. */
  get oldest(): Slot | undefined {
    let oldest: Slot | undefined;
    for (const slot of this.#slots) {
      if (slot.retiring) return undefined;
      if (slot.ready && !slot.disposed && (!oldest || slot.createdAt < oldest.createdAt)) oldest = slot;
    }
    return oldest;
  }

  /** Has an isolate end with its last call, and a fresh one take its place where that is needed. */
  renew(slot: Slot): void {
    slot.retiring = true;
    this.#refill();
  }

  #idleCount(): number {
    let count = 0;
    for (const slot of this.#slots) if (slot.ready && !slot.busy && !slot.retiring) count++;
    return count;
  }

  /** All isolates are parked: start one more at once. They compute: only when that goes on for long. */
  #considerGrowth(): void {
    const usable = [...this.#slots].filter((slot) => !slot.retiring && !slot.disposed);
    if (this.#starting || !this.#replay || usable.length >= this.#options.limits.isolatesPerModule) return;
    const now = performance.now();
    if (usable.every((slot) => slot.parked || slot.runningMs(now) > GROW_AFTER_MS)) {
      this.#grow().then(
        () => this.pump(),
        (error: unknown) => this.#failQueue(failureOf(error)),
      );
      return;
    }
    this.#growTimer ??= setTimeout(() => {
      this.#growTimer = undefined;
      this.pump();
    }, GROW_AFTER_MS);
  }

  async #grow(): Promise<void> {
    this.#starting = true;
    try {
      this.#open(await this.#starter.further(this.#events, this.#replay!));
    } finally {
      this.#starting = false;
    }
  }

  /** Lets a slot take calls. */
  #open(slot: Slot): void {
    slot.ready = true;
    slot.timeLimitMs = this.#options.limits.callCpuMs;
    slot.idleSince = performance.now();
  }

  #drop(slot: Slot, reason?: FailureReport): void {
    this.#slots.delete(slot);
    slot.dispose(reason);
  }

  /** Ends entries that outlive their limit, and the process when not even that helps. */
  #watch(slot: Slot, now: number): void {
    if (slot.disposedAt > 0) {
      if (!slot.busy) this.#slots.delete(slot);
      else if (now - slot.disposedAt > STUCK_MS) this.#giveUp(slot, timeOf('callCpuMs', this.#options));
    } else if (slot.booting && (!slot.busy || slot.parked) && now - slot.createdAt > this.#options.limits.initTimeMs) {
      this.#drop(slot, limitFailure(timeOf('initTimeMs', this.#options)));
    } else if (slot.runningMs(now) > slot.timeLimitMs + GRACE_MS) {
      slot.disposedAt = now;
      slot.stop();
    }
  }

  /** An isolate whose module keeps too much in buffers between its calls makes room for a fresh one. */
  async #checkBuffers(slot: Slot): Promise<void> {
    const { arrayBufferMb } = this.#options.limits;
    if (slot.idleSince === slot.checkedAt || slot.disposed) return;
    slot.checkedAt = slot.idleSince;
    const usage = await slot.usage().catch(() => undefined);
    if (!usage || usage.bufferBytes <= arrayBufferMb * 1024 * 1024 || slot.retiring || slot.disposed) return;
    const message = `module ${this.module}: it keeps more than ${arrayBufferMb} MB in ArrayBuffers (limit arrayBufferMb)`;
    this.#report({ limit: 'arrayBufferMb', message }, []);
    this.renew(slot);
  }

  /** Answers calls that have waited too long for the host, for a promise or for a timer. */
  #expireCalls(slot: Slot, now: number): void {
    const oldest = now - this.#options.limits.callTimeMs;
    for (const call of slot.calls.values()) {
      if (call.receivedAt >= oldest || (slot.busy && !slot.parked)) continue;
      slot.abandon(call.id);
      this.#fail(call, timeOf('callTimeMs', this.#options));
    }
  }

  /** A handler that was not known to wait has others behind it in its entry: they go elsewhere at once. */
  #onParked(slot: Slot, call: WorkerCall | undefined): void {
    const known = call && this.#queue.learnParks(call.handler);
    if (slot.blocks(Infinity, 0)) {
      if (known) this.#freeBlockedLater();
      else this.#queue.putBack(slot.withdraw());
    }
    this.pump();
  }

  #freeBlockedLater(): void {
    this.#blockTimer ??= setTimeout(() => {
      this.#blockTimer = undefined;
      const now = performance.now();
      for (const slot of this.#slots) {
        if (slot.blocks(now, BLOCK_MS) && this.#hasRoom()) this.#queue.putBack(slot.withdraw());
        else if (slot.blocks(Infinity, 0)) this.#freeBlockedLater();
      }
      this.pump();
    }, BLOCK_MS);
  }

  /** True when a call would find an isolate now, or have one started. */
  #hasRoom(): boolean {
    return this.#idleCount() > 0 || (!this.#starting && this.#usable() < this.#options.limits.isolatesPerModule);
  }

  #onIdle(slot: Slot): void {
    if (this.#retired || slot.retiring) this.#disposeFinished();
    this.pump();
  }

  #onBroke(slot: Slot, error: EntryError): void {
    const broken = brokenBy(error, !slot.ready, this.#options);
    if (!slot.ready) {
      this.#drop(slot, limitFailure(broken));
      return;
    }
    if (slot.disposed) this.#spread(slot, broken);
    else {
      for (const id of slot.culprits) {
        const call = slot.calls.get(id);
        if (!call) continue;
        slot.calls.delete(id);
        this.#fail(call, broken);
      }
      this.#report(broken, slot.culprits);
      if (slot.calls.size === 0) this.#drop(slot);
    }
    this.#refill();
    this.pump();
  }

  /** Starts an isolate when fewer than the warm ones are left. */
  #refill(): void {
    if (this.#usable() >= this.#options.limits.warmIsolates || this.#retired || this.#starting) return;
    this.#grow().then(
      () => this.pump(),
      (failed: unknown) => this.#failQueue(failureOf(failed)),
    );
  }

  /**
   * Deals with the calls of an isolate that is gone and cannot tell which of them was at fault. Those of which nothing
   * has left the isolate run again, each by itself; the others, and one that was by itself, are answered.
   */
  #spread(slot: Slot, broken: BrokenLimit): void {
    const single = slot.calls.size === 1;
    const culprits: WorkerCall[] = [];
    const again: WorkerCall[] = [];
    for (const call of slot.calls.values()) {
      if (single || call.alone || call.effects) culprits.push(call);
      else again.push(call);
    }
    for (const call of again) call.alone = true;
    this.#queue.putBack(again);
    for (const call of culprits) this.#fail(call, broken);
    this.#report(
      broken,
      culprits.map(({ id }) => id),
    );
    slot.calls.clear();
    this.#drop(slot);
  }

  #usable(): number {
    let count = 0;
    for (const slot of this.#slots) if (!slot.retiring && !slot.disposed) count++;
    return count;
  }

  #onCatastrophe(slot: Slot, message: string): void {
    const broken = message.includes('terminate')
      ? timeOf('callCpuMs', this.#options)
      : brokenBy(undefined, !slot.ready, this.#options);
    this.#giveUp(slot, broken);
  }

  #giveUp(slot: Slot, broken: BrokenLimit): void {
    const suspects = [...slot.calls.keys()];
    this.#options.giveUp(broken, this.module, suspects);
  }

  #fail(call: WorkerCall, broken: BrokenLimit): void {
    this.#failWith(call, limitFailure(broken));
  }

  #failQueue(failure: FailureReport): void {
    while (this.#queue.size > 0) {
      for (const call of this.#queue.takeOlderThan(Infinity)) this.#failWith(call, failure);
    }
  }

  #failWith(call: WorkerCall, failure: FailureReport): void {
    this.#options.send(`e ${call.id}\t${JSON.stringify(failure)}`);
    this.#queue.ended(call);
  }

  #report(broken: BrokenLimit, calls: readonly number[]): void {
    const text = JSON.stringify({ ...broken, calls });
    this.#options.send(`v ${this.#options.number}\t${text}`);
  }

  #disposeFinished(): void {
    for (const slot of this.#slots) {
      const unused = slot.calls.size === 0 && !slot.busy && !slot.wantsEntry && !slot.booting;
      if (unused && (slot.retiring || (this.#retired && this.#queue.size === 0))) this.#drop(slot);
    }
  }
}
