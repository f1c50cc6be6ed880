import type { EngineInspector, EngineIsolate } from './engine.ts';

/** Which of a module's isolates one is: of those that take its calls, run its matches, or take calls that others wait for. */
export type InspectedKind = 'main' | 'matches' | 'awaited';

export interface InspectionOptions {
  /** Sends a record to the server process. */
  readonly send: (head: string, body?: string) => void;
  /** The debugger holds no isolate any more, after having done so since this time of `performance.now()`. */
  readonly onGoOn: (heldSince: number) => void;
}

interface InspectedIsolate {
  readonly slot: number;
  readonly inspector: EngineInspector;
  isHeld: boolean;
  /** Lets the module's script run. */
  readonly start: () => void;
}

/** The id of commands whose answers nobody waits for. */
const UNHEARD_ID = 0;
/** What a debugger may have set up in an isolate, with the domains that end it. An isolate that is held goes on then. */
const RESET = ['Debugger', 'Runtime', 'Profiler', 'HeapProfiler', 'Console'].map((domain) =>
  JSON.stringify({ id: UNHEARD_ID, method: `${domain}.disable` }),
);
const heldPattern = /^\{"method":"Debugger\.(paused|resumed)"/;
const disablesDebugger = /"method":\s*"Debugger\.disable"/;

/**
 * Passes on what debuggers and isolates say to each other, and keeps account of the time for which isolates are held.
 *
 * Its records begin with `Q`. From here: `s slot pool kind` an isolate is there and waits to be told to start, `e slot`
 * it is gone, `m slot` a message for its debugger, `p` from now on an isolate is held, `r` none is any more. To here:
 * `a slot` a debugger attaches, `d slot` it has gone, `m slot` a command, `g slot` the isolate may start.
 */
export class Inspection {
  readonly #options: InspectionOptions;
  readonly #isolates = new Map<number, InspectedIsolate>();
  #heldSince = 0;

  constructor(options: InspectionOptions) {
    this.#options = options;
  }

  /** True while a debugger holds an isolate. */
  get isHolding(): boolean {
    return this.#heldSince > 0;
  }

  /** What a pool calls with each new isolate; resolves when its module's script may run. */
  ofPool(pool: number, kind: InspectedKind): (slot: number, isolate: EngineIsolate) => Promise<void> {
    return (slot, { inspector }) =>
      new Promise((resolve) => {
        if (!inspector) throw new Error('the engine was not made for debugging');
        const isolate = { slot, inspector, isHeld: false, start: resolve };
        this.#isolates.set(slot, isolate);
        inspector.onMessage = (message) => this.#said(isolate, message);
        inspector.onEnd = () => this.#ended(isolate);
        this.#options.send(`Q s ${slot} ${pool} ${kind}`);
      });
  }

  /** Takes a record of the server process. */
  take(head: readonly string[], body: string): void {
    const isolate = this.#isolates.get(Number(head[2]));
    if (!isolate) return;
    switch (head[1]) {
      case 'a':
        isolate.inspector.isAttached = true;
        return;
      case 'm':
        isolate.inspector.dispatch(body);
        if (disablesDebugger.test(body)) this.#setHeld(isolate, false);
        return;
      case 'd':
        for (const command of RESET) isolate.inspector.dispatch(command);
        isolate.inspector.isAttached = false;
        this.#setHeld(isolate, false);
        return;
      case 'g':
        isolate.start();
    }
  }

  #said(isolate: InspectedIsolate, message: string): void {
    const held = heldPattern.exec(message)?.[1];
    if (held && isolate.inspector.isAttached) this.#setHeld(isolate, held === 'paused');
    this.#options.send(`Q m ${isolate.slot}`, message);
  }

  #ended(isolate: InspectedIsolate): void {
    this.#isolates.delete(isolate.slot);
    this.#setHeld(isolate, false);
    this.#options.send(`Q e ${isolate.slot}`);
    isolate.start();
  }

  #setHeld(isolate: InspectedIsolate, isHeld: boolean): void {
    isolate.isHeld = isHeld;
    const isHolding = isHeld || [...this.#isolates.values()].some((other) => other.isHeld);
    if (isHolding === this.isHolding) return;
    this.#options.send(isHolding ? 'Q p' : 'Q r');
    const heldSince = this.#heldSince;
    this.#heldSince = isHolding ? performance.now() : 0;
    if (!isHolding) this.#options.onGoOn(heldSince);
  }
}
