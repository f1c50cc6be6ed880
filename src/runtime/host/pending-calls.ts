import type { CallSeries } from '../../observability/call-times.ts';
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
  /** True when the answer's JSON text is a payload to be read; else the text itself is the answer. */
  readonly readsPayload: boolean;
  /** Where its time is noted. */
  readonly times: CallSeries | undefined;
  /** Since when it runs and how long it may, by `performance.now()`. */
  readonly startedMs: number;
  readonly limitMs: number;
  readonly resolve: (answer: string | null) => void;
  readonly reject: (error: Error) => void;
  /** How nk functions know the call; made when the first one is called. */
  functionCall: FunctionCall | undefined;
}

/** How nk functions know a call. */
export function functionCallOf(call: PendingCall): FunctionCall {
  call.functionCall ??= {
    module: call.module.name,
    label: call.label,
    ...(call.origin === undefined ? {} : { origin: call.origin }),
    deadlineMs: call.startedMs + call.limitMs,
  };
  return call.functionCall;
}
