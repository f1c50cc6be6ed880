import ivm from 'isolated-vm';
import { type Engine, type EngineIsolate, EntryError, type EntryFailure, type IsolateOptions } from './engine.ts';

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
      return new IsolatedVmIsolate(isolate, entry);
    } catch (error) {
      isolate.dispose();
      throw error;
    }
  }
}

class IsolatedVmIsolate implements EngineIsolate {
  readonly #isolate: ivm.Isolate;
  readonly #entry: ivm.Reference<(records: string) => string>;

  constructor(isolate: ivm.Isolate, entry: ivm.Reference<(records: string) => string>) {
    this.#isolate = isolate;
    this.#entry = entry;
  }

  enter(records: string, timeLimitMs: number): Promise<string> {
    return this.#entry.apply(undefined, [records], { timeout: timeLimitMs }).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      throw new EntryError(failureOf(message, this.#isolate.isDisposed), message);
    });
  }

  dispose(): void {
    if (!this.#isolate.isDisposed) this.#isolate.dispose();
  }

  memoryBytes(): number {
    const heap = this.#isolate.getHeapStatisticsSync();
    return heap.total_heap_size + heap.externally_allocated_size;
  }
}

function failureOf(message: string, disposed: boolean): EntryFailure {
  if (message.includes('memory limit')) return 'memory';
  if (message.includes('timed out')) return 'time';
  return disposed || message.includes('disposed') ? 'disposed' : 'broken';
}
