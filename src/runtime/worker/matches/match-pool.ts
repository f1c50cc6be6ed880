import { type BrokenLimit, brokenBy, timeOf } from '../broken-limits.ts';
import { EntryError } from '../engine.ts';
import type { FailureReport, Replay } from '../isolate-setup.ts';
import type { PoolOptions } from '../module-pool.ts';
import type { Slot, SlotEvents } from '../slot.ts';
import { failureOf, limitFailure, SlotStarter } from '../slot-starter.ts';
import { MatchIsolate } from './match-isolate.ts';

export interface MatchPoolOptions extends PoolOptions {
  /** Takes a record of a match. */
  readonly take: (isolate: MatchIsolate, record: string) => void;
}

/**
 * An isolate with as many matches, or as occupied with them, gets no more while another has room or may be started. An
 * isolate takes 9 MB: a thousand idle matches in two of them take 25 KB each, in four 40 KB.
 */
const MATCHES_PER_ISOLATE = 500;
const OCCUPIED_SHARE = 0.5;
/** An isolate without matches is kept this long. */
const IDLE_MS = 30_000;
/** The share of its heap limit above which an isolate gets no further matches. */
const FULL_SHARE = 0.7;
/** How long an entry may outlive its limit before its isolate is disposed of. */
const GRACE_MS = 500;
/** How long an isolate that was disposed of may hold its thread before the process is given up. */
const STUCK_MS = 1000;
const MEGABYTE = 1024 * 1024;

/** The isolates in which the matches of one module run, apart from those of its other calls. */
export class MatchPool {
  readonly #options: MatchPoolOptions;
  readonly #isolates = new Map<Slot, MatchIsolate>();
  readonly #starter: SlotStarter;
  readonly #events: SlotEvents;
  readonly #replay = Promise.withResolvers<Replay>();
  #starting: Promise<void> | undefined;
  #retired = false;

  constructor(options: MatchPoolOptions) {
    this.#options = options;
    this.#events = {
      send: options.send,
      drained: options.drained,
      match: (slot, record) => this.#take(slot, record),
      idle: (slot) => this.#isolates.get(slot)?.returned(),
      parked: (slot) => this.#isolates.get(slot)?.pump(),
      broke: (slot, error) => this.#onBroke(slot, error),
      calm: () => {},
      single: () => {},
      ended: () => {},
      returned: () => {},
    };
    this.#starter = new SlotStarter(options, {
      started: (slot) => this.#isolates.set(slot, new MatchIsolate(slot)),
      failed: (slot) => this.#drop(slot),
      catastrophe: (slot, message) => this.#onCatastrophe(slot, message),
    });
  }

  /** Takes what InitModule did, here or elsewhere; isolates are started with the first match. */
  prepare(replay: Replay): void {
    this.#replay.resolve(replay);
  }

  /** The isolate that a new match is to run in. @throws what kept one from starting */
  async place(): Promise<MatchIsolate> {
    const isolate = this.#roomiest();
    if (isolate && !hasEnough(isolate)) return isolate;
    const growing = this.#grow();
    if (!isolate) await growing;
    else growing.catch(() => {});
    const found = isolate ?? this.#roomiest();
    if (found) return found;
    throw new Error(`the isolates of module ${this.#options.module} have no room for a match (limit heapMb)`);
  }

  /** What a start, or a match on its way in or out, failed with. */
  failureOf(error: unknown): FailureReport {
    const isLimit = error instanceof EntryError && (error.failure === 'memory' || error.failure === 'time');
    return isLimit ? limitFailure(this.#brokenBy(error)) : failureOf(error);
  }

  isolateOf(slotNumber: number): MatchIsolate | undefined {
    for (const [slot, isolate] of this.#isolates) if (slot.number === slotNumber) return isolate;
    return undefined;
  }

  /** Tells every isolate which kept answers are no longer right. */
  forget(record: string): void {
    for (const slot of this.#isolates.keys()) slot.forget(record);
  }

  /** Lets its matches go on and takes no others. */
  retire(): void {
    this.#retired = true;
    this.#dropUnused(0);
  }

  /** True when it is retired and nothing of it is left. */
  get gone(): boolean {
    return this.#retired && this.#isolates.size === 0 && !this.#starting;
  }

  /** Sets all that limits count from to later times. */
  postpone(later: (time: number) => number): void {
    for (const slot of this.#isolates.keys()) slot.postpone(later);
  }

  /** Sees to limits and leftovers; several times a second. */
  sweep(now: number): void {
    for (const isolate of this.#isolates.values()) {
      this.#watch(isolate, now);
      isolate.takeStock(now);
      isolate.slot.endWaits(now, this.#options.limits.callTimeMs);
      if (isolate.slot.ready && isolate.wantsCheck) void this.#checkMemory(isolate);
    }
    this.#dropUnused(this.#retired ? 0 : now - IDLE_MS);
  }

  #roomiest(): MatchIsolate | undefined {
    let best: MatchIsolate | undefined;
    for (const isolate of this.#isolates.values()) {
      const { slot, matches, isFull } = isolate;
      if (!slot.ready || slot.disposed || slot.disposedAt > 0 || isFull) continue;
      if (!best || (hasEnough(best) && !hasEnough(isolate))) best = isolate;
      else if (hasEnough(best) === hasEnough(isolate) && matches.size < best.matches.size) best = isolate;
    }
    return best;
  }

  #grow(): Promise<void> {
    this.#starting ??= this.#start().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  async #start(): Promise<void> {
    if (this.#isolates.size >= this.#options.limits.isolatesPerModule) return;
    const slot = await this.#starter.further(this.#events, await this.#replay.promise);
    slot.keepsTimers = true;
    slot.timeLimitMs = this.#options.limits.matchCpuMs;
    slot.idleSince = performance.now();
    slot.ready = true;
    // It must know the time before anything else.
    this.#isolates.get(slot)?.wakeAt(performance.now());
  }

  /** Takes a record of a match, or the time at which an isolate wants to be entered. */
  #take(slot: Slot, record: string): void {
    const isolate = this.#isolates.get(slot);
    if (!isolate) return;
    if (record.startsWith('W')) isolate.wakeAt(Number(record.slice(2, record.indexOf('\t'))));
    else this.#options.take(isolate, record);
  }

  #onBroke(slot: Slot, error: EntryError): void {
    const isolate = this.#isolates.get(slot);
    if (!isolate) return;
    if (!slot.ready) {
      this.#drop(slot, limitFailure(brokenBy(error, true, this.#options)));
      return;
    }
    const broken = this.#brokenBy(error);
    if (slot.disposed) {
      this.#endAll(isolate, broken);
      return;
    }
    for (const match of slot.culprits) if (isolate.matches.has(match)) this.#end(isolate, match, broken);
    if (slot.culprits.every((id) => id === 0)) this.#report(broken);
    isolate.pump();
  }

  #brokenBy({ failure, whereText }: EntryError): BrokenLimit {
    if (failure === 'memory') return brokenBy(undefined, false, this.#options);
    const broken = timeOf('matchCpuMs', this.#options);
    return whereText === undefined ? broken : { ...broken, stack: whereText };
  }

  /** Ends every match of an isolate that is gone: which of them was at fault is not known. */
  #endAll(isolate: MatchIsolate, broken: BrokenLimit): void {
    if (isolate.matches.size === 0) this.#report(broken);
    for (const match of isolate.matches) this.#end(isolate, match, broken);
    this.#drop(isolate.slot);
  }

  #end(isolate: MatchIsolate, match: number, broken: BrokenLimit): void {
    this.#options.take(isolate, `M ${match} z 1\t${JSON.stringify(limitFailure(broken))}`);
  }

  #report(broken: BrokenLimit): void {
    this.#options.send(`v ${this.#options.number}\t${JSON.stringify({ ...broken, calls: [] })}`);
  }

  /** Ends entries that outlive their limit, and the process when not even that helps. */
  #watch(isolate: MatchIsolate, now: number): void {
    const { slot } = isolate;
    if (slot.disposedAt > 0) {
      if (slot.busy && now - slot.disposedAt > STUCK_MS) this.#giveUp(isolate, timeOf('matchCpuMs', this.#options));
    } else if (slot.booting && (!slot.busy || slot.parked) && now - slot.createdAt > this.#options.limits.initTimeMs) {
      this.#drop(slot, limitFailure(timeOf('initTimeMs', this.#options)));
    } else if (slot.runningMs(now) > slot.timeLimitMs + GRACE_MS) {
      slot.disposedAt = now;
      slot.stop();
    }
  }

  async #checkMemory(isolate: MatchIsolate): Promise<void> {
    const { arrayBufferMb, heapMb } = this.#options.limits;
    const usage = await isolate.slot.usage().catch(() => undefined);
    if (!usage || isolate.slot.disposed) return;
    isolate.isFull = usage.heapBytes > heapMb * MEGABYTE * FULL_SHARE;
    if (usage.bufferBytes <= arrayBufferMb * MEGABYTE) return;
    const message = `module ${this.#options.module}: its matches keep more than ${arrayBufferMb} MB in ArrayBuffers (limit arrayBufferMb)`;
    this.#endAll(isolate, { limit: 'arrayBufferMb', message });
  }

  #onCatastrophe(slot: Slot, message: string): void {
    const isolate = this.#isolates.get(slot);
    const broken = message.includes('terminate')
      ? timeOf('matchCpuMs', this.#options)
      : brokenBy(undefined, !slot.ready, this.#options);
    if (isolate) this.#giveUp(isolate, broken);
    else this.#options.giveUp(broken, this.#options.module, []);
  }

  #giveUp(isolate: MatchIsolate, broken: BrokenLimit): void {
    this.#options.giveUp(broken, this.#options.module, [...isolate.matches]);
  }

  #dropUnused(idleBefore: number): void {
    for (const [slot, isolate] of this.#isolates) {
      if (!slot.ready || slot.busy || isolate.matches.size > 0) continue;
      if (this.#retired || slot.idleSince < idleBefore) this.#drop(slot);
    }
  }

  #drop(slot: Slot, reason?: FailureReport): void {
    this.#isolates.get(slot)?.close();
    this.#isolates.delete(slot);
    slot.dispose(reason);
  }
}

function hasEnough({ matches, occupiedShare }: MatchIsolate): boolean {
  return matches.size >= MATCHES_PER_ISOLATE || occupiedShare > OCCUPIED_SHARE;
}
