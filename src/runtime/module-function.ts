import type { ArgumentsOf, NamedParameter } from './parameters.ts';

/** Who caused a call into a module: what its log lines and its host calls are known by. */
export interface CallOrigin {
  /**
   * The `ctx` fields of this caller as the text of a JSON object (`{"userId":…}`), without `env`, `node`, `version`
   * and `executionMode`, which the isolate adds. Built once per session and shared by all of its calls.
   */
  readonly contextText: string;
  /** Further fields, which only this call has: the text of a JSON object that is not empty. */
  readonly ownContextText?: string;
  readonly userId?: string;
  readonly sessionId?: string;
  /** Joins the log lines of one HTTP request. */
  readonly requestId?: string;
  /** The match that causes it; left out for none. */
  readonly matchId?: string;
  /** How many calls of modules led to it, each by `nk.httpRequest` of this server; left out for none. */
  readonly depth?: number;
}

/** One call of an nk function, as its implementation sees it. */
export interface FunctionCall {
  /** The module that calls. */
  readonly module: string;
  /** What it is running: `rpc echo`, `before AuthenticateDevice`, `InitModule` … */
  readonly label: string;
  /** Absent in InitModule. */
  readonly origin?: CallOrigin;
  /** When the call's time is over, by `performance.now()`: what it asked for has no reader any more. */
  readonly deadlineMs: number;
  /** Aborts when the call has ended, however it did. Absent for what belongs to no call. */
  readonly signal?: AbortSignal;
}

/**
 * An `nk.*` function that runs in the server process. The isolate's bridge, the argument errors and the coverage
 * report come from this definition. What it returns must be JSON (undefined for none), or {@link WrittenJson}. It fails by throwing: the
 * message reaches the module as an Error named `GoError`; an ArgumentError as a TypeError.
 */
export interface ModuleFunction {
  /** As in the module API: `notificationSend`. */
  readonly name: string;
  readonly parameters: readonly NamedParameter[];
  /**
   * True when a call with these (checked) arguments can neither fail nor return anything: it then crosses without the
   * module waiting for it. The isolate evaluates this, so it is data: the call is deferred when every named argument
   * has the given value (undefined counts as false).
   */
  readonly deferredWhen?: Readonly<Record<string, boolean>> | 'always';
  /** Set where isolates may keep answers until what they tell has changed. */
  readonly keep?: KeptReads<readonly unknown[]>;
  /** Names of functions whose kept answers a deferred call of this one may make wrong. */
  readonly changes?: readonly string[];
  run(call: FunctionCall, args: readonly unknown[]): unknown;
}

/** What an nk function returns where its answer is JSON already: what the database wrote is not read only to be written. */
export class WrittenJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/**
 * A failure that an nk function tells the module in all detail. A client whose call ends with it is told
 * `clientMessage` instead.
 */
export class AuthorsError extends Error {
  readonly clientMessage: string;

  constructor(message: string, clientMessage: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AuthorsError';
    this.clientMessage = clientMessage;
  }
}

/** What a function reads, so that its synchronous answers can be kept where they are asked for. */
export interface KeptReads<Args extends readonly unknown[]> {
  /** Names what an answer to these arguments tells; undefined for one that must not be kept. */
  factOf(...args: Args): string | undefined;
  /** The listener hears of each fact in the moment in which it changes, of undefined when all may have. */
  onChange(listener: (fact: string | undefined) => void): void;
}

/** Defines an nk function; the implementation's arguments are typed by the parameters. */
export function moduleFunction<const P extends readonly NamedParameter[]>(
  name: string,
  parameters: P,
  run: (call: FunctionCall, ...args: ArgumentsOf<P>) => unknown,
  options: Pick<ModuleFunction, 'deferredWhen' | 'changes'> & { readonly keep?: KeptReads<ArgumentsOf<P>> } = {},
): ModuleFunction {
  return {
    name,
    parameters,
    ...(options as Pick<ModuleFunction, 'deferredWhen' | 'changes' | 'keep'>),
    run: (call, args) => run(call, ...(args as ArgumentsOf<P>)),
  };
}
