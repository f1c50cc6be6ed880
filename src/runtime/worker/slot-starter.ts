import type { RuntimeLimits } from '../limits.ts';
import { type BrokenLimit, brokenBy } from './broken-limits.ts';
import { type Engine, type EngineIsolate, EntryError, ScriptError } from './engine.ts';
import type { FailureReport, RegistrationReport, Replay } from './isolate-setup.ts';
import { Slot, type SlotEvents } from './slot.ts';
import type { WorkerFunctionRunner } from './worker-functions.ts';

export interface StarterOptions {
  readonly number: number;
  readonly module: string;
  readonly code: string;
  readonly fileName: string;
  readonly setupText: string;
  readonly limits: RuntimeLimits;
  readonly engine: Engine;
  readonly functions: WorkerFunctionRunner;
  readonly nextSlotNumber: () => number;
  /** Where modules are debugged: told of a new isolate before the module's script runs in it; waits for the debugger. */
  readonly inspect?: ((slot: number, isolate: EngineIsolate) => Promise<void>) | undefined;
}

export interface StarterEvents {
  /** A slot exists, though it takes no calls yet. */
  started(slot: Slot): void;
  /** It came to nothing. */
  failed(slot: Slot): void;
  catastrophe(slot: Slot, message: string): void;
}

/** Numbers of the two calls that every isolate starts with. */
const LOAD_ID = 1;
const REPLAY_ID = 2;

/** Brings isolates of one module to where they can take calls. */
export class SlotStarter {
  readonly #options: StarterOptions;
  readonly #events: StarterEvents;

  constructor(options: StarterOptions, events: StarterEvents) {
    this.#options = options;
    this.#events = events;
  }

  /** Starts an isolate and runs InitModule for real, as call `id`. @throws StartError */
  async first(events: SlotEvents, id: number): Promise<RegistrationReport[]> {
    const slot = await this.#load(events);
    return (await this.#boot(slot, id, `I ${id}\tnull\n`)) as RegistrationReport[];
  }

  /** Starts an isolate and repeats InitModule in it. @throws StartError */
  async further(events: SlotEvents, replay: Replay): Promise<Slot> {
    const slot = await this.#load(events);
    await this.#boot(slot, REPLAY_ID, `I ${REPLAY_ID}\t${JSON.stringify(replay)}\n`);
    return slot;
  }

  /** A new isolate with the module's script run. */
  async #load(events: SlotEvents): Promise<Slot> {
    const { engine, limits, number, nextSlotNumber, functions, setupText, code, fileName, inspect } = this.#options;
    const slot = new Slot(nextSlotNumber(), number, events, functions);
    const isolate = await engine.create({
      heapMb: limits.heapMb,
      setupText,
      ask: slot.ask,
      onCatastrophe: (message) => this.#events.catastrophe(slot, message),
    });
    slot.attach(isolate, limits.initCpuMs);
    this.#events.started(slot);
    if (inspect) await inspect(slot.number, isolate);
    try {
      await slot.load(code, fileName);
    } catch (error) {
      this.#events.failed(slot);
      throw this.#startError(error);
    }
    await this.#boot(slot, LOAD_ID, `B ${LOAD_ID}\t\n`);
    return slot;
  }

  async #boot(slot: Slot, id: number, record: string): Promise<unknown> {
    const answer = await slot.boot(id, record);
    const body: unknown = JSON.parse(answer.slice(answer.indexOf('\t') + 1));
    if (answer.startsWith('r')) return body;
    this.#events.failed(slot);
    throw new StartError(body as FailureReport);
  }

  #startError(error: unknown): Error {
    if (error instanceof EntryError) return new StartError(limitFailure(brokenBy(error, true, this.#options)));
    if (!(error instanceof ScriptError)) return error as Error;
    return new StartError({ message: error.message, code: 13, stack: error.stack ?? '' });
  }
}

/** An isolate that could not load its module or run its InitModule. */
class StartError extends Error {
  readonly failure: FailureReport;

  constructor(failure: FailureReport) {
    super(failure.message);
    this.failure = failure;
  }
}

/** What a start failed with. */
export function failureOf(error: unknown): FailureReport {
  if (error instanceof StartError) return error.failure;
  return { message: error instanceof Error ? error.message : String(error), code: 13 };
}

/** A broken limit as what a start fails with. */
export function limitFailure(broken: BrokenLimit): FailureReport {
  return { ...broken, code: 13 };
}
