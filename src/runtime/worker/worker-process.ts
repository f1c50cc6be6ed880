import { setTimeout as delay } from 'node:timers';
import type { Pipe } from '../pipe.ts';
import { headNumbers, splitRecord } from '../pipe.ts';
import type { BrokenLimit } from './broken-limits.ts';
import type { Engine } from './engine.ts';
import { Inspection } from './inspection.ts';
import type { IsolateSetup, Replay } from './isolate-setup.ts';
import type { WorkerStart } from './main.ts';
import type { MatchMove } from './matches/match-mover.ts';
import { WorkerMatches } from './matches/worker-matches.ts';
import { ModulePool, type PoolOptions } from './module-pool.ts';
import { RecordSender } from './record-sender.ts';
import type { WorkerCall } from './slot.ts';
import { type WorkerFunction, WorkerFunctionRunner } from './worker-functions.ts';

/** How often limits are looked after. */
const SWEEP_MS = 250;
/** How long the last words may take to leave a process that cannot be saved. */
const LAST_WORDS_MS = 200;

/** An isolate that computes for longer is not waited for. */
const SOON_MS = 1;

/** The share of its memory limit above which a process lets isolates go, one by one, with the garbage that they hold. */
const RELIEF_SHARE = 0.7;
/** What was let go takes a while to be free. */
const RELIEF_EVERY_MS = 1000;
const MEGABYTE = 1024 * 1024;

/** The mode of calls that other calls may be waiting for, parked: storage index filters. */
const AWAITED_MODE = 3;

/** What the head of a call's record has. */
type CallNumbers = [id: number, handler: number, mode: number, series: number, pool: number, context: number];

/** The worker's main thread: routes records between the server process and the modules' isolates. */
export class WorkerProcess {
  readonly #pipe: Pipe;
  readonly #start: WorkerStart;
  readonly #engine: Engine;
  readonly #functions: WorkerFunctionRunner;
  readonly #functionData: IsolateSetup['workerFunctions'];
  readonly #records: RecordSender;
  readonly #pools = new Map<number, ModulePool>();
  /**
   * For each module an isolate for calls that others wait for, started when the first comes: with all others parked,
   * they would wait for each other.
   */
  readonly #awaitedPools = new Map<number, ModulePool>();
  /** What callers bring with every call, by number. */
  readonly #contexts = new Map<number, string>();
  readonly #matches: WorkerMatches;
  /** Where modules are debugged. */
  readonly #inspection: Inspection | undefined;
  /** Pools that got calls in this turn. */
  readonly #touched = new Set<ModulePool>();
  #lastSlot = 0;
  #relievedAt = 0;
  #ending = false;

  constructor(pipe: Pipe, start: WorkerStart, engine: Engine, functions: readonly WorkerFunction[]) {
    this.#pipe = pipe;
    this.#records = new RecordSender(pipe, () => this.#isAboutToSpeak());
    this.#start = start;
    this.#engine = engine;
    this.#matches = new WorkerMatches(start.setup.matches.inputQueue, (record) => this.#pipe.sendRecord(record));
    this.#functions = new WorkerFunctionRunner(functions);
    this.#functionData = functions.map(({ name, parameters }) => ({ name, parameters }));
    if (start.isInspected) {
      this.#inspection = new Inspection({
        send: (head, body) => this.#pipe.send(head, body),
        onGoOn: (heldSince) => this.#postpone(heldSince),
      });
    }
    setInterval(() => this.#sweep(), SWEEP_MS).unref();
  }

  /** Takes a record from the server process. */
  take(record: string): void {
    if (record.startsWith('C')) {
      this.#takeCall(record);
      return;
    }
    if (record.startsWith('M')) {
      this.#matches.take(record);
      return;
    }
    const { head, body } = splitRecord(record);
    switch (head[0]) {
      case 'A':
        this.#takeAnswer(Number(head[1]), Number(head[2]), body);
        return;
      case 'O':
        this.#contexts.set(Number(head[1]), body);
        return;
      case 'o':
        this.#contexts.clear();
        for (const pools of this.#allPools) for (const pool of pools.values()) pool.forgetContexts();
        return;
      case 'F':
        for (const pool of this.#pools.values()) pool.forget(record);
        this.#matches.forget(record);
        return;
      case 'P':
        this.#pipe.send(`P ${head[1]} ${process.memoryUsage.rss()}`);
        return;
      case 'L':
        this.#load(Number(head[1]), JSON.parse(body) as { name: string; code: string; fileName: string });
        return;
      case 'I':
        void this.#initialise(Number(head[1]), Number(head[2]));
        return;
      case 'R':
        void this.#prepare(Number(head[1]), JSON.parse(body) as Replay);
        return;
      case 'G':
        this.#matches.move(JSON.parse(body) as MatchMove[]);
        return;
      case 'Q':
        this.#inspection?.take(head, body);
        return;
      case 'D':
        for (const pools of this.#allPools) pools.get(Number(head[1]))?.retire();
        this.#matches.retire(Number(head[1]));
    }
  }

  get #allPools() {
    return [this.#pools, this.#awaitedPools];
  }

  #takeCall(record: string): void {
    const [id, handler, mode, series, poolNumber, context] = headNumbers(record) as CallNumbers;
    const pool = (mode === AWAITED_MODE ? this.#awaitedPools : this.#pools).get(poolNumber);
    if (!pool) return;
    const call: WorkerCall = {
      id,
      handler,
      series,
      context,
      contextText: context === 0 ? '' : this.#contexts.get(context)!,
      record: `${record}\n`,
      receivedAt: performance.now(),
      entered: false,
      alone: false,
      effects: false,
    };
    pool.add(call);
    this.#touch(pool);
  }

  #takeAnswer(slotNumber: number, number: number, body: string): void {
    if (this.#matches.answered(slotNumber, number, body)) return;
    for (const pools of this.#allPools) {
      for (const pool of pools.values()) {
        const slot = pool.slot(slotNumber);
        if (!slot) continue;
        slot.answered(number, body);
        if (number > 0) this.#touch(pool);
        return;
      }
    }
  }

  /** Pools are pumped once all records of the turn are in, so that calls enter together. */
  #touch(pool: ModulePool): void {
    if (this.#touched.size === 0) process.nextTick(this.#pumpTouched);
    this.#touched.add(pool);
  }

  readonly #pumpTouched = () => {
    for (const pool of this.#touched) pool.pump();
    this.#touched.clear();
  };

  #load(number: number, { name, code, fileName }: { name: string; code: string; fileName: string }): void {
    const setup: IsolateSetup = { ...this.#start.setup, module: name, workerFunctions: this.#functionData };
    const options: PoolOptions = {
      number,
      module: name,
      code,
      fileName,
      setupText: JSON.stringify(setup),
      limits: this.#start.limits,
      engine: this.#engine,
      functions: this.#functions,
      nextSlotNumber: () => ++this.#lastSlot,
      send: (record) => this.#records.send(record),
      isIdle: () => this.#isIdle(),
      drained: () => new Promise((resolve) => this.#pipe.flush(resolve)),
      giveUp: (broken, module, culprits) => this.#giveUp(broken, module, culprits),
    };
    this.#pools.set(number, new ModulePool({ ...options, inspect: this.#inspection?.ofPool(number, 'main') }));
    this.#matches.load(number, { ...options, inspect: this.#inspection?.ofPool(number, 'matches') });
    const limits = { ...options.limits, warmIsolates: 0, isolatesPerModule: 1 };
    const inspect = this.#inspection?.ofPool(number, 'awaited');
    this.#awaitedPools.set(number, new ModulePool({ ...options, limits, inspect }));
  }

  #isIdle(): boolean {
    for (const pools of this.#allPools) for (const pool of pools.values()) if (!pool.isIdle) return false;
    return true;
  }

  #isAboutToSpeak(): boolean {
    const now = performance.now();
    for (const pool of this.#pools.values()) if (pool.hasBegunSince(now - SOON_MS)) return true;
    return false;
  }

  async #initialise(number: number, callId: number): Promise<void> {
    const outcome = await this.#pools.get(number)!.initialise(callId);
    this.#pipe.send(`I ${number}`, JSON.stringify(outcome));
  }

  async #prepare(number: number, replay: Replay): Promise<void> {
    const failure = await this.#pools.get(number)!.prepare(replay);
    await this.#awaitedPools.get(number)?.prepare(replay);
    this.#matches.prepare(number, replay);
    this.#pipe.send(`R ${number}`, JSON.stringify(failure ?? null));
  }

  /** What the isolates wait for and compute has more time by as long as a debugger has held one of them. */
  #postpone(heldSince: number): void {
    const now = performance.now();
    const later = (time: number) => time + now - Math.max(time, heldSince);
    for (const pools of this.#allPools) for (const pool of pools.values()) pool.postpone(later);
    this.#matches.postpone(later);
  }

  #sweep(): void {
    // One call may wait for another that a debugger holds: time stands still for all of them.
    if (this.#inspection?.isHolding) return;
    const now = performance.now();
    for (const pools of this.#allPools) {
      for (const [number, pool] of pools) {
        pool.sweep(now);
        if (pool.gone) pools.delete(number);
      }
    }
    this.#matches.sweep(now);
    const reliefBytes = this.#start.limits.workerMemoryMb * MEGABYTE * RELIEF_SHARE;
    if (now - this.#relievedAt < RELIEF_EVERY_MS || process.memoryUsage.rss() < reliefBytes) return;
    this.#relievedAt = now;
    this.#relieve();
  }

  /** Isolates within their own limits may together be too much: V8 collects garbage late where none is short of memory. */
  #relieve(): void {
    const olderOf = (a: ModulePool | undefined, b: ModulePool) =>
      b.oldest && (!a?.oldest || b.oldest.createdAt < a.oldest.createdAt) ? b : a;
    const pool = [...this.#pools.values()].reduce(olderOf, undefined as ModulePool | undefined);
    if (pool?.oldest) pool.renew(pool.oldest);
  }

  /** Tells the server process why, and ends this one: a stopped thread keeps an orderly exit from finishing. */
  #giveUp(broken: BrokenLimit, module: string, culprits: readonly number[]): void {
    if (this.#ending) return;
    this.#ending = true;
    const end = () => process.kill(process.pid, 'SIGKILL');
    this.#pipe.send('K', JSON.stringify({ ...broken, module, culprits }));
    this.#pipe.flush(end);
    delay(end, LAST_WORDS_MS);
  }
}
