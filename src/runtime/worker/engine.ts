/** Why an engine's entry did not return its records. */
export type EntryFailure = 'time' | 'memory' | 'disposed' | 'broken';

export class EntryError extends Error {
  readonly failure: EntryFailure;
  /** Where the isolate was when its time was up, as a stack. */
  readonly whereText: string | undefined;

  constructor(failure: EntryFailure, message: string, whereText?: string) {
    super(message);
    this.name = 'EntryError';
    this.failure = failure;
    this.whereText = whereText;
  }
}

/** What a module's script threw while its top level ran. */
export class ScriptError extends Error {}

export interface IsolateOptions {
  readonly heapMb: number;
  /** JSON text of an IsolateSetup. */
  readonly setupText: string;
  /**
   * Answers a synchronous call out of the isolate, which waits for it with its thread parked. Must not reject.
   * Gets the records that the isolate had collected, the call as the last one.
   */
  readonly ask: (records: string) => Promise<string>;
  /** The process is past saving: it must end soon, the isolate's thread is stopped for good. */
  readonly onCatastrophe: (message: string) => void;
}

export interface EngineUsage {
  readonly heapBytes: number;
  readonly bufferBytes: number;
}

/** A value between two isolates; what it is, only the engine knows. */
export type CopiedValue = { readonly copied: unique symbol };

/** A debugger's way into an isolate. Messages are those of the Chrome DevTools Protocol, JSON texts. */
export interface EngineInspector {
  /** While this is true, entries have no limit of time in the engine: a debugger evaluates and holds at will. */
  isAttached: boolean;
  /** Gets what the isolate tells its debugger. */
  onMessage: (message: string) => void;
  /** The isolate is disposed of. */
  onEnd: () => void;
  /** Gives the isolate a command; nothing happens when it is disposed of. */
  dispatch(command: string): void;
}

/** One isolate with the prelude in it. */
export interface EngineIsolate {
  /** Where the engine was made for debugging. */
  readonly inspector?: EngineInspector;
  /**
   * Enters with records and resolves to those that came of them.
   * @param timeLimitMs of computing; time spent waiting for `ask` does not count
   * @throws EntryError
   */
  enter(records: string, timeLimitMs: number): Promise<string>;
  /**
   * As `enter`, on the thread that calls: nothing else happens there until it returns. The isolate cannot `ask`; what
   * it does when it tries, it must tell by its records. Not while a debugger may look into the isolate.
   * @throws EntryError
   */
  enterHere(records: string, timeLimitMs: number): string;
  /**
   * Runs a module's script in the global scope.
   * @throws EntryError, or ScriptError with the message and stack of what the script threw
   */
  load(code: string, fileName: string, timeLimitMs: number): Promise<void>;
  /**
   * A copy of what the isolate gives under a number, by structured clone; it is not read here.
   * @throws EntryError, with the isolate's words where it could not be copied
   */
  give(number: number, timeLimitMs: number): Promise<CopiedValue>;
  /**
   * Hands over a copy, with a text that says what it is for.
   * @returns why it was not taken, as the JSON text of a failure report; '' when it was
   * @throws EntryError
   */
  take(text: string, copy: CopiedValue, timeLimitMs: number): Promise<string>;
  /** Ends it, whatever it does. What is under way fails with `disposed`, unless V8 is where nothing interrupts it. */
  dispose(): void;
  /** What it holds, told once nothing runs in it. @throws EntryError when it is disposed of before */
  usage(): Promise<EngineUsage>;
}

/** What runs modules. */
export interface Engine {
  create(options: IsolateOptions): Promise<EngineIsolate>;
}
