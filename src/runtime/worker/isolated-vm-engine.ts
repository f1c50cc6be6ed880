import ivm from 'isolated-vm';
import {
  type Engine,
  type EngineIsolate,
  type EngineUsage,
  EntryError,
  type EntryFailure,
  type IsolateOptions,
  ScriptError,
} from './engine.ts';

/** The time that setting up the prelude in a new isolate may take. */
const INSTALL_TIME_MS = 5000;

/** Isolates by isolated-vm, each started from one V8 snapshot of the prelude. */
export class IsolatedVmEngine implements Engine {
  readonly #snapshot: ivm.ExternalCopy<ArrayBuffer>;

  constructor(prelude: string) {
    this.#snapshot = ivm.Isolate.createSnapshot([{ code: prelude, filename: 'nk:prelude' }]);
  }

  async create(options: IsolateOptions): Promise<EngineIsolate> {
    const isolate = new ivm.Isolate({
      snapshot: this.#snapshot,
      memoryLimit: options.heapMb,
      onCatastrophicError: options.onCatastrophe,
    });
    try {
      const context = await isolate.createContext();
      const entry = (await context.evalClosure(
        'return __nkInstall($0, $1)',
        [new ivm.Reference(options.ask), options.setupText],
        { timeout: INSTALL_TIME_MS, result: { reference: true } },
      )) as ivm.Reference<(records: string) => string>;
      return new IsolatedVmIsolate(isolate, context, entry);
    } catch (error) {
      isolate.dispose();
      throw error;
    }
  }
}

class IsolatedVmIsolate implements EngineIsolate {
  readonly #isolate: ivm.Isolate;
  readonly #context: ivm.Context;
  readonly #entry: ivm.Reference<(records: string) => string>;

  constructor(isolate: ivm.Isolate, context: ivm.Context, entry: ivm.Reference<(records: string) => string>) {
    this.#isolate = isolate;
    this.#context = context;
    this.#entry = entry;
  }

  enter(records: string, timeLimitMs: number): Promise<string> {
    return this.#entry.apply(undefined, [records], { timeout: timeLimitMs }).catch((error: unknown) => {
      throw this.#entryError(error);
    });
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
