import type { Config } from './config.ts';

/** `runtime.limits.*` and the sizes of the pool under the names that the runtime has for them. */
export function runtimeLimits({ runtime }: Config) {
  const { limits } = runtime;
  return {
    heapMb: limits.heap_mb,
    arrayBufferMb: limits.array_buffer_mb,
    callCpuMs: limits.call_cpu_ms,
    callTimeMs: limits.call_time_ms,
    initTimeMs: limits.init_time_ms,
    pendingHostCalls: limits.pending_host_calls,
    logLinesPerCall: limits.log_lines_per_call,
    logLineBytes: limits.log_line_bytes,
    payloadBytes: limits.payload_bytes,
    workerMemoryMb: limits.worker_memory_mb,
    timersPerIsolate: limits.timers,
    isolatesPerModule: runtime.max_isolates,
    warmIsolates: runtime.min_isolates,
    pendingCalls: limits.pending_calls,
  };
}
