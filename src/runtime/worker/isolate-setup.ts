import type { MatchSettings } from '../match-settings.ts';
import type { ModuleFunction } from '../module-function.ts';
import type { NamedParameter } from '../parameters.ts';

/** A host function as the isolate needs to know it. */
export type HostFunctionData = Pick<ModuleFunction, 'name' | 'parameters' | 'deferredWhen' | 'changes'> & {
  /** True when answers may come that are to be kept. */
  readonly keeps?: boolean;
};

/** What every isolate of a host is told when it starts; plain data. */
export interface SharedSetup {
  readonly env: Readonly<Record<string, string>>;
  readonly node: string;
  readonly version: string;
  readonly hostFunctions: readonly HostFunctionData[];
  /** Names of the module API; those that nothing implements say so when they are called. */
  readonly apiNames: readonly string[];
  /** Operations that have hooks: `AuthenticateDevice` gives `registerBeforeAuthenticateDevice` and the after one. */
  readonly hookNames: readonly string[];
  /** What `initializer.getConfig()` answers. */
  readonly config: unknown;
  readonly readOnlyGlobals: boolean;
  readonly payloadBytes: number;
  readonly logLinesPerCall: number;
  readonly logLineBytes: number;
  readonly pendingHostCalls: number;
  readonly timersPerIsolate: number;
  readonly arrayBufferMb: number;
  /** The step in which the module's clocks advance, in milliseconds; 0: as they are. */
  readonly coarseClockMs: number;
  /** Whether a debugger may attach. */
  readonly isInspected: boolean;
  readonly matches: MatchSettings;
}

/** What one isolate is told when it starts. */
export interface IsolateSetup extends SharedSetup {
  readonly module: string;
  /** Functions that the worker's main thread runs. */
  readonly workerFunctions: readonly { readonly name: string; readonly parameters: readonly NamedParameter[] }[];
}

/** What a module registered, as the isolate reports it. */
export interface RegistrationReport {
  readonly kind: string;
  readonly name: string;
  /** `line:column` in the module's script, where known. */
  readonly at?: string;
  /** What was registered where it is no function. */
  readonly data?: readonly unknown[];
}

/** The answers that InitModule's nk calls got, in order, by function; further isolates are given them again. */
export type Recording = Record<string, string[]>;

/** What an isolate needs to repeat an InitModule that ran elsewhere. */
export interface Replay {
  readonly handlers: readonly { readonly kind: string; readonly name: string }[];
  readonly recording: Recording;
}

/** What a failed call or InitModule says. */
export interface FailureReport {
  readonly message: string;
  readonly code: number;
  readonly stack?: string;
  /** What the client is told where the message is only for the module's author. */
  readonly clientMessage?: string;
  /** The limit that was broken, if that was it. */
  readonly limit?: string;
}
