import type { CallSeries } from '../../observability/call-times.ts';
import { Status, StatusError } from '../../protocol/status.ts';
import type { RuntimeLimits } from '../limits.ts';
import type { CallOrigin, FunctionCall } from '../module-function.ts';
import type { LoadedModule } from './loaded-module.ts';
import type { OrderedCalls } from './ordered-calls.ts';
import type { TeamWorker } from './worker-team.ts';

/** A call of a module's function that is not answered yet. */
export interface PendingCall {
  readonly id: number;
  readonly module: LoadedModule;
  readonly label: string;
  readonly origin: CallOrigin | undefined;
  readonly worker: TeamWorker;
  /** The series that it belongs to, where it belongs to one. */
  readonly series: OrderedCalls | undefined;
  /** UTF-16 units of its arguments. */
  readonly units: number;
  /** True when the answer's JSON text is a payload to be read; else the text itself is the answer. */
  readonly readsPayload: boolean;
  /** Where its time is noted. */
  readonly times: CallSeries | undefined;
  /** Since when it runs and how long it may, by `performance.now()`. */
  startedMs: number;
  readonly limitMs: number;
  readonly resolve: (answer: string | null) => void;
  readonly reject: (error: Error) => void;
  /** Made when the first nk function is called. */
  hostCall: HostCall | undefined;
}

/** Why a module takes no further call with arguments of that many UTF-16 units, if it does not. */
export function refusedBy(limits: RuntimeLimits, module: LoadedModule, units: number): StatusError | undefined {
  const { pendingCalls, pendingBytes, payloadBytes } = limits;
  if (module.waitingCalls >= pendingCalls) {
    return new StatusError(
      Status.RESOURCE_EXHAUSTED,
      `more than ${pendingCalls} calls of module ${module.name} are waiting (limit pendingCalls)`,
    );
  }
  if (module.waitingUnits + units > pendingBytes && module.waitingCalls > 0) {
    return new StatusError(
      Status.RESOURCE_EXHAUSTED,
      `calls of module ${module.name} with more than ${pendingBytes} characters are waiting (limit pendingBytes)`,
    );
  }
  if (units <= payloadBytes) return undefined;
  return new StatusError(Status.INVALID_ARGUMENT, `larger than ${payloadBytes} characters (limit payloadBytes)`);
}

/** Gives a call as much more time as it was held by a debugger since then. */
export function postpone(call: PendingCall, heldSince: number): void {
  const heldMs = performance.now() - Math.max(heldSince, call.startedMs);
  call.startedMs += heldMs;
  if (call.hostCall) call.hostCall.deadlineMs += heldMs;
}

/** A call as nk functions know it. What they have under way for it is told when it ends. */
export class HostCall implements FunctionCall {
  readonly module: string;
  readonly label: string;
  readonly origin?: CallOrigin;
  deadlineMs: number;
  /** Made when somebody asks for its signal: few functions do. */
  #end: AbortController | undefined;
  #hasEnded = false;

  constructor({ module, label, origin, startedMs, limitMs }: PendingCall) {
    this.module = module.name;
    this.label = label;
    if (origin !== undefined) this.origin = origin;
    this.deadlineMs = startedMs + limitMs;
  }

  get signal(): AbortSignal {
    this.#end ??= new AbortController();
    if (this.#hasEnded) this.#end.abort();
    return this.#end.signal;
  }

  ended(): void {
    this.#hasEnded = true;
    this.#end?.abort();
  }
}
