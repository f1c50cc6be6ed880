import type { CallTimes } from '../../observability/call-times.ts';
import type { Log } from '../../observability/log.ts';
import type { RuntimeLimits } from '../limits.ts';
import type { MatchSettings } from '../match-settings.ts';
import type { ModuleBundle } from '../module-bundle.ts';
import type { CallOrigin, ModuleFunction } from '../module-function.ts';

/** What a plugin host is made of. */
export interface ModuleHostOptions {
  /** In the order in which their InitModules run; the first registration of a name wins. */
  readonly bundles: readonly ModuleBundle[];
  /** The nk functions that run in this process. One named `connectionsList` serves audiences and is no part of nk. */
  readonly functions: readonly ModuleFunction[];
  readonly limits?: Partial<RuntimeLimits>;
  readonly matches?: Partial<MatchSettings>;
  /** `ctx.env` */
  readonly environment?: Readonly<Record<string, string>>;
  /** `ctx.node` */
  readonly node: string;
  /** `ctx.version` */
  readonly version: string;
  /** Operations that modules may hook: `AuthenticateDevice` … */
  readonly hookNames: readonly string[];
  /** Socket messages that modules may hook: `ChannelJoin` … Hooks of others are warned of, when this is given. */
  readonly messageNames?: readonly string[];
  /** Names of the module API; those that nothing implements say so when they are called. */
  readonly apiNames?: readonly string[];
  /** What `initializer.getConfig()` answers; JSON. */
  readonly config?: unknown;
  readonly readOnlyGlobals?: boolean;
  /** The step in which the modules' clocks advance, in milliseconds; 0 or none: as the machine's do. */
  readonly coarseClockMs?: number;
  /** Worker processes; by default one fewer than the machine has cores, at least one. */
  readonly workerCount?: number;
  /** Where modules are debugged: they run in one isolate each, so that debuggers see every call. */
  readonly inspection?: ModuleInspection;
  readonly log: Log;
  /** Notes how long RPCs take. */
  readonly times?: CallTimes;
  /** Told about every call that failed with an error that is not the module's deliberate answer. */
  readonly onCallFailure?: (failure: CallFailure) => void;
}

/** A call that a mistake in a module ended. */
export interface CallFailure {
  readonly module: string;
  /** `rpc echo`, `before AuthenticateDevice` … */
  readonly label: string;
  /** Whose call it was; absent in InitModule. */
  readonly origin?: CallOrigin;
  readonly message: string;
  readonly code: number;
  /** As the isolate has it: positions are those of the bundle's script. */
  readonly stack?: string;
  /** The limit that was broken, if that was it. */
  readonly limit?: string;
  /** `file:line` in the author's source: where it happened, or else where what ran was registered. */
  readonly place?: string;
}

/** What a host tells those who debug its modules. */
export interface ModuleInspection {
  /** Takes a worker's record about an isolate of a module. */
  take(worker: InspectedWorker, head: readonly string[], body: string, module: string): void;
  workerEnded(worker: InspectedWorker): void;
  /** These modules serve from now on. */
  serve(modules: readonly string[]): void;
}

/** A worker, as far as records are sent to it. */
export interface InspectedWorker {
  send(head: string, body?: string): void;
}
