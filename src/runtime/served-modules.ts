import type { Config } from '../config/config.ts';
import { runtimeEnvironment } from '../config/config.ts';
import { configForModules } from '../config/module-config.ts';
import { UserError } from '../config/user-error.ts';
import type { CallTimes } from '../observability/call-times.ts';
import type { Log } from '../observability/log.ts';
import { clientMessageNames } from '../protocol/envelope.ts';
import { operations } from '../protocol/operations.ts';
import { nakamaFunctionNames } from './api-surface.ts';
import type { BuildOutcome } from './bundle/bundler.ts';
import { failureText } from './bundle/stack-trace.ts';
import { type CallFailure, type ModuleInspection, type RuntimeHost, startModuleHost } from './host/index.ts';
import type { RuntimeLimits } from './limits.ts';
import type { MatchSettings } from './match-settings.ts';
import type { ModuleFunction } from './module-function.ts';

export interface ServedModulesOptions {
  readonly config: Config;
  readonly functions: readonly ModuleFunction[];
  /** `ctx.version` */
  readonly version: string;
  readonly log: Log;
  /** Notes how long RPCs take. */
  readonly times?: CallTimes;
  /** Where the modules are debugged. */
  readonly inspection?: ModuleInspection | undefined;
}

/** A modules folder that runs: the plugin host with the build that it serves, so that failures are shown in the author's files. */
export class ServedModules {
  readonly host: RuntimeHost;
  #build: BuildOutcome;

  constructor(host: RuntimeHost, build: BuildOutcome) {
    this.host = host;
    this.#build = build;
  }

  /**
   * Loads the modules of a build and runs their InitModule.
   * @throws Error whose message shows the failure in the author's files
   */
  static async start(build: BuildOutcome, options: ServedModulesOptions): Promise<ServedModules> {
    const { config, functions, version, log, times, inspection } = options;
    let current = () => build;
    try {
      const host = await startModuleHost({
        bundles: build.bundles,
        functions,
        limits: limitsOf(config),
        matches: matchSettingsOf(config),
        environment: runtimeEnvironment(config),
        node: config.name,
        version,
        hookNames: operations.map((operation) => operation.name),
        messageNames: clientMessageNames,
        apiNames: nakamaFunctionNames,
        config: configForModules(config),
        readOnlyGlobals: config.runtime.js_read_only_globals,
        coarseClockMs: config.runtime.coarse_clock_ms,
        ...(config.runtime.workers > 0 && { workerCount: config.runtime.workers }),
        log,
        ...(times && { times }),
        ...(inspection && { inspection }),
        onCallFailure: (failure) => logFailure(failure, current(), log),
      });
      const served = new ServedModules(host, build);
      current = () => served.#build;
      return served;
    } catch (error) {
      throw new UserError(failureText(error, build.bundles), { cause: error });
    }
  }

  /** Replaces the modules in one step. @throws the failure of the new ones; the old go on serving */
  async replace(build: BuildOutcome): Promise<void> {
    await this.host.replace(build.bundles);
    this.#build = build;
  }
}

function logFailure(failure: CallFailure, build: BuildOutcome, log: Log): void {
  const { module, label, origin, message, stack, limit, place } = failure;
  const shown =
    stack === undefined ? message : failureText(Object.assign(new Error(message), { stack }), build.bundles);
  log.error(
    {
      module,
      call: label,
      ...(origin?.userId !== undefined && { user: origin.userId }),
      ...(origin?.sessionId !== undefined && { session: origin.sessionId }),
      ...(origin?.requestId !== undefined && { request: origin.requestId }),
      ...(origin?.matchId !== undefined && { match: origin.matchId }),
      ...(limit !== undefined && { limit }),
      ...(place !== undefined && { place }),
    },
    shown,
  );
}

function limitsOf(config: Config): Partial<RuntimeLimits> {
  const { limits, min_isolates, max_isolates } = config.runtime;
  return {
    heapMb: limits.heap_mb,
    arrayBufferMb: limits.array_buffer_mb,
    callCpuMs: limits.call_cpu_ms,
    matchCpuMs: limits.match_cpu_ms,
    callTimeMs: limits.call_time_ms,
    initTimeMs: limits.init_time_ms,
    initCpuMs: limits.init_cpu_ms,
    pendingHostCalls: limits.pending_host_calls,
    logLinesPerCall: limits.log_lines_per_call,
    logLineBytes: limits.log_line_bytes,
    payloadBytes: limits.payload_bytes,
    timersPerIsolate: limits.timers,
    pendingCalls: limits.pending_calls,
    pendingBytes: limits.pending_bytes,
    workerMemoryMb: limits.worker_memory_mb,
    workerSilenceMs: limits.worker_silence_ms,
    warmIsolates: min_isolates,
    isolatesPerModule: max_isolates,
  };
}

function matchSettingsOf({ match }: Config): MatchSettings {
  return {
    inputQueue: match.input_queue_size,
    callQueue: match.call_queue_size,
    joinAttemptQueue: match.join_attempt_queue_size,
    signalQueue: match.signal_queue_size,
    deferredQueue: match.deferred_queue_size,
    maxEmptySec: match.max_empty_sec,
  };
}
