import ivm from 'isolated-vm';
import {
  type CopiedValue,
  type Engine,
  type EngineIsolate,
  type EngineUsage,
  EntryError,
  type EntryFailure,
  type IsolateOptions,
  ScriptError,
} from './engine.ts';
import { IsolatedVmInspector } from './isolated-vm-inspector.ts';

/** The time that setting up the prelude in a new isolate may take. */
const INSTALL_TIME_MS = 5000;
/** The timeout that isolated-vm takes for none. */
const NO_LIMIT = 0;

const PRELUDE_NAME = 'nk:prelude';

/**
 * Isolates by isolated-vm, each started from one V8 snapshot of the prelude. Those that debuggers may look into run the
 * prelude instead: V8 steps over no function of a snapshot.
 */
export class IsolatedVmEngine implements Engine {
  readonly #snapshot: ivm.ExternalCopy<ArrayBuffer> | undefined;
  readonly #prelude: string;
  readonly #isInspected: boolean;

  /** @param isInspected whether debuggers may look into the isolates */
  constructor(prelude: string, isInspected: boolean) {
    this.#isInspected = isInspected;
    this.#prelude = prelude;
    if (!isInspected) this.#snapshot = ivm.Isolate.createSnapshot([{ code: prelude, filename: PRELUDE_NAME }]);
  }

  async create(options: IsolateOptions): Promise<EngineIsolate> {
    const isolate = new ivm.Isolate({
      ...(this.#snapshot && { snapshot: this.#snapshot }),
      memoryLimit: options.heapMb,
      inspector: this.#isInspected,
      onCatastrophicError: options.onCatastrophe,
    });
    let inspector: IsolatedVmInspector | undefined;
    try {
      const context = await isolate.createContext({ inspector: this.#isInspected });
      if (this.#isInspected) {
        inspector = IsolatedVmInspector.open(isolate, context);
        await context.eval(this.#prelude, { filename: PRELUDE_NAME, timeout: INSTALL_TIME_MS });
      }
      const entries = (await context.evalClosure(
        'return __nkInstall($0, $1)',
        [new ivm.Reference(options.ask), options.setupText],
        { timeout: INSTALL_TIME_MS, result: { reference: true } },
      )) as ivm.Reference<Entries>;
      const enter = await entries.get('enter', { reference: true });
      return inspector
        ? new InspectedIsolate(isolate, context, entries, await inspector.holdable(context, enter), inspector)
        : new IsolatedVmIsolate(isolate, context, entries, enter);
    } catch (error) {
      if (inspector) inspector.end(() => isolate.dispose());
      else isolate.dispose();
      throw error;
    }
  }
}

/** The ways into an isolate, as its prelude gives them. */
interface Entries {
  /** @param isHeld whether a debugger wants to hold what runs first; where there may be one */
  enter(records: string, isHeld?: boolean): string;
  give(number: number): unknown;
  take(text: string, copy: unknown): string;
}

class IsolatedVmIsolate implements EngineIsolate {
  readonly #isolate: ivm.Isolate;
  readonly #context: ivm.Context;
  readonly #entries: ivm.Reference<Entries>;
  readonly #entry: ivm.Reference<Entries['enter']>;

  constructor(
    isolate: ivm.Isolate,
    context: ivm.Context,
    entries: ivm.Reference<Entries>,
    entry: ivm.Reference<Entries['enter']>,
  ) {
    this.#isolate = isolate;
    this.#context = context;
    this.#entries = entries;
    this.#entry = entry;
  }

  enter(records: string, timeLimitMs: number): Promise<string> {
    return this.enterWith([records], timeLimitMs);
  }

  protected enterWith(values: Parameters<Entries['enter']>, timeLimitMs: number): Promise<string> {
    return this.#entry.apply(undefined, values, { timeout: timeLimitMs }).catch((error: unknown) => {
      throw this.#entryError(error);
    });
  }

  enterHere(records: string, timeLimitMs: number): string {
    try {
      return this.#entry.applySync(undefined, [records], { timeout: timeLimitMs });
    } catch (error) {
      throw this.#entryError(error);
    }
  }

  async give(number: number, timeLimitMs: number): Promise<CopiedValue> {
    try {
      const give = await this.#entries.get('give', { reference: true });
      const options = { timeout: timeLimitMs, result: { externalCopy: true } } as const;
      return (await give.apply(undefined, [number], options)) as unknown as CopiedValue;
    } catch (error) {
      throw this.#entryError(error);
    }
  }

  async take(text: string, copy: CopiedValue, timeLimitMs: number): Promise<string> {
    const external = copy as unknown as ivm.ExternalCopy<unknown>;
    try {
      const take = await this.#entries.get('take', { reference: true });
      return await take.apply(undefined, [text, external.copyInto()], { timeout: timeLimitMs });
    } catch (error) {
      throw this.#entryError(error);
    } finally {
      external.release();
    }
  }

  async load(code: string, fileName: string, timeLimitMs: number): Promise<void> {
    try {
      const script = await this.#isolate.compileScript(code, { filename: fileName });
      await script.run(this.#context, { timeout: timeLimitMs, release: true });
      script.release();
    } catch (error) {
      const entryError = this.#entryError(error);
      if (entryError.failure !== 'broken') throw entryError;
      const thrown = new ScriptError(entryError.message);
      if (error instanceof Error) thrown.stack = ownPart(error.stack ?? '');
      throw thrown;
    }
  }

  #entryError(error: unknown): EntryError {
    const message = error instanceof Error ? error.message : String(error);
    const failure = failureOf(message, this.#isolate.isDisposed);
    const hasStack = failure === 'time' && error instanceof Error && error.stack !== undefined;
    return new EntryError(failure, message, hasStack ? ownPart(error.stack!) : undefined);
  }

  dispose(): void {
    if (!this.#isolate.isDisposed) this.#isolate.dispose();
  }

  async usage(): Promise<EngineUsage> {
    // Asked synchronously, this thread would wait for whatever V8 has the isolate's own do between entries.
    const heap = await this.#isolate.getHeapStatistics().catch((error: unknown) => {
      throw new EntryError('disposed', String(error));
    });
    return { heapBytes: heap.used_heap_size, bufferBytes: heap.externally_allocated_size };
  }
}

/** An isolate with a way in for debuggers. */
class InspectedIsolate extends IsolatedVmIsolate {
  readonly inspector: IsolatedVmInspector;

  constructor(
    isolate: ivm.Isolate,
    context: ivm.Context,
    entries: ivm.Reference<Entries>,
    entry: ivm.Reference<Entries['enter']>,
    inspector: IsolatedVmInspector,
  ) {
    super(isolate, context, entries, entry);
    this.inspector = inspector;
  }

  override enter(records: string, timeLimitMs: number): Promise<string> {
    return this.inspector.enter((isHeld) => this.enterWith([records, isHeld], this.#limitMs(timeLimitMs)));
  }

  override give(number: number, timeLimitMs: number): Promise<CopiedValue> {
    return super.give(number, this.#limitMs(timeLimitMs));
  }

  override take(text: string, copy: CopiedValue, timeLimitMs: number): Promise<string> {
    return super.take(text, copy, this.#limitMs(timeLimitMs));
  }

  override load(code: string, fileName: string, timeLimitMs: number): Promise<void> {
    return this.inspector.enter(() => super.load(code, fileName, this.#limitMs(timeLimitMs)));
  }

  override dispose(): void {
    this.inspector.end(() => super.dispose());
  }

  #limitMs(timeLimitMs: number): number {
    return this.inspector.isAttached ? NO_LIMIT : timeLimitMs;
  }
}

function failureOf(message: string, disposed: boolean): EntryFailure {
  if (message === 'Isolate was disposed during execution due to memory limit') return 'memory';
  if (message === 'Script execution timed out.') return 'time';
  return disposed ? 'disposed' : 'broken';
}

/** The isolate's part of a stack, to which isolated-vm adds the caller's. */
function ownPart(stack: string): string {
  const boundary = stack.indexOf('\n    at (<isolated-vm boundary>)');
  return boundary < 0 ? stack : stack.slice(0, boundary);
}
