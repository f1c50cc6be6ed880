import { nearest } from '../../config/nearest.ts';
import type { LogFields, LogLine } from '../../observability/log.ts';
import type { CallOrigin } from '../module-function.ts';
import type { Registration } from '../module-host.ts';
import type { BrokenLimit } from '../worker/broken-limits.ts';
import type { LoadedModule } from './loaded-module.ts';
import type { ModuleHostOptions } from './options.ts';
import type { PendingCall } from './pending-calls.ts';
import type { WorkerEnd } from './worker-link.ts';

/** Calls that a worker's end names in the log at most. */
const MAX_NAMED_CALLS = 10;

/** What happens in modules, as the log tells it: with the place in the author's source. */
export class CallReports {
  readonly #options: ModuleHostOptions;

  constructor(options: ModuleHostOptions) {
    this.#options = options;
  }

  /** A line that a module logged. */
  line(module: LoadedModule | undefined, call: CallNames | undefined, level: string, body: string): void {
    const [text, at, fields] = JSON.parse(body) as [string, string, Record<string, string>?];
    const place = placeOf(module, at);
    const log = this.#options.log;
    const write: LogLine =
      level === 'error'
        ? log.error.bind(log)
        : level === 'warn'
          ? log.warn.bind(log)
          : level === 'info'
            ? log.info.bind(log)
            : log.debug.bind(log);
    write({ ...fields, module: module?.name, ...(call && callFields(call)), ...(place ? { place } : {}) }, text);
  }

  /** A call that ended with an error. Deliberate answers, which have no stack, are the client's affair. */
  failure(call: ReportedCall, failure: { message: string; code: number; stack?: string; limit?: string }): void {
    if (failure.stack === undefined && failure.limit === undefined) return;
    const { module, label } = call;
    const thrownAt = failure.stack === undefined ? undefined : firstPlace(module, failure.stack);
    const place = thrownAt ?? module.placeOf(label);
    const report = {
      module: module.name,
      label,
      ...(call.origin && { origin: call.origin }),
      ...(place ? { place } : {}),
      ...failure,
    };
    if (this.#options.onCallFailure) {
      this.#options.onCallFailure(report);
      return;
    }
    const stack = failure.stack
      ?.split('\n')
      .filter((line) => !line.includes('nk:prelude'))
      .join('\n');
    this.#options.log.error(
      {
        module: module.name,
        call: label,
        code: failure.code,
        ...(failure.limit === undefined ? {} : { limit: failure.limit }),
        ...(place ? { place } : {}),
        ...(stack === undefined ? {} : { stack }),
      },
      failure.message,
    );
  }

  /** A limit that a module broke, and with which calls. */
  limit(module: LoadedModule | undefined, body: string): void {
    const { limit, message, stack, calls } = JSON.parse(body) as BrokenLimit & { calls: number[] };
    // With calls to blame, their failures are told; this is for what happens outside of calls.
    if (calls.length > 0) return;
    const place = module && stack !== undefined ? firstPlace(module, stack) : undefined;
    this.#options.log.warn(
      { module: module?.name, limit, ...(place ? { place } : {}) },
      `${message}: its isolate is replaced`,
    );
  }

  /** A worker that is gone with the calls that were in it. */
  workerEnd(end: WorkerEnd, calls: readonly CutOff[], matches: readonly CutOff[], restartInMs: number): void {
    const all = [...calls, ...matches];
    const culprits = all.filter((call) => end.culprits.includes(call.id));
    const named = (culprits.length > 0 ? culprits : all).slice(0, MAX_NAMED_CALLS);
    this.#options.log.error(
      {
        ...(end.limit === undefined ? {} : { limit: end.limit }),
        ...(end.module === undefined ? {} : { module: end.module }),
        calls: named.map(nameOf),
        restartInMs,
      },
      `${end.message}; ${cutOffText(calls.length, matches.length)} were cut off and the worker is replaced`,
    );
  }

  /** Registrations that an earlier one of the same name makes useless. */
  shadowed(pairs: readonly { readonly dropped: Registration; readonly kept: Registration }[]): void {
    for (const { dropped, kept } of pairs) {
      this.#options.log.warn(
        { module: dropped.module, place: dropped.place, first: kept.place ?? kept.module },
        `${dropped.kind} ${dropped.name} is registered twice; the first registration counts`,
      );
    }
  }

  /** Hooks of socket messages that no client sends. */
  unheard(registrations: readonly Registration[], messageNames: readonly string[]): void {
    const known = new Set(messageNames.map((name) => name.toLowerCase()));
    for (const { kind, name, module, place } of registrations) {
      const method = messageHooks[kind];
      if (method === undefined || known.has(name.toLowerCase())) continue;
      const meant = messageNames.find((message) => message.startsWith(name)) ?? nearest(name, messageNames);
      this.#options.log.warn(
        { module, ...(place && { place }) },
        `${method}: clients send no message ${name}, so this is never called${meant ? `; did you mean ${meant}?` : ''}`,
      );
    }
  }
}

/** The names in the initializer of what hooks socket messages. */
const messageHooks: Readonly<Record<string, string>> = { rtBefore: 'registerRtBefore', rtAfter: 'registerRtAfter' };

/** `game: rpc fight (game.ts:12)` */
function nameOf({ module, label }: ReportedCall): string {
  const place = module.placeOf(label);
  return `${module.name}: ${label}${place ? ` (${place})` : ''}`;
}

function cutOffText(calls: number, matches: number): string {
  return matches === 0 ? `${calls} calls` : `${calls} calls and ${matches} matches`;
}

type ReportedCall = Pick<PendingCall, 'module' | 'label' | 'origin'>;
type CutOff = Pick<PendingCall, 'id' | 'module' | 'label' | 'origin'>;
type CallNames = { readonly label: string; readonly origin?: CallOrigin | undefined };

/** What joins a call's lines: what ran, for whom, in which connection or request. */
export function callFields({ label, origin }: CallNames): LogFields {
  if (!origin) return { call: label };
  const { userId, sessionId, requestId, matchId } = origin;
  return {
    call: label,
    ...(userId !== undefined && { user: userId }),
    ...(sessionId !== undefined && { session: sessionId }),
    ...(requestId !== undefined && { request: requestId }),
    ...(matchId !== undefined && { match: matchId }),
  };
}

function firstPlace(module: LoadedModule, stack: string): string | undefined {
  for (const line of stack.split('\n')) {
    const place = placeOf(module, line);
    if (place) return place;
  }
  return undefined;
}

function placeOf(module: LoadedModule | undefined, stackLine: string): string | undefined {
  const position = module?.positionOf(stackLine);
  return position && `${position.file}:${position.line}`;
}
