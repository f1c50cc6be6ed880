/** What a module may use; one set of numbers for every module of a host. */
export interface RuntimeLimits {
  /** Heap of one isolate, in MiB. */
  readonly heapMb: number;
  /** ArrayBuffers that one isolate may hold at a time, in MiB. */
  readonly arrayBufferMb: number;
  /** How long one call may compute without a break, in milliseconds. */
  readonly callCpuMs: number;
  /** How long a match's functions may compute without a break, in milliseconds: others of the isolate wait for them. */
  readonly matchCpuMs: number;
  /** How long one call may take with everything it waits for, in milliseconds. */
  readonly callTimeMs: number;
  /** How long loading a module and its InitModule may take, in milliseconds. */
  readonly initTimeMs: number;
  /** How long loading a module and its InitModule may compute without a break, in milliseconds. */
  readonly initCpuMs: number;
  /** Calls of nk functions that one isolate may have under way at a time. */
  readonly pendingHostCalls: number;
  readonly logLinesPerCall: number;
  /** UTF-16 units of one log line; a longer one is cut. */
  readonly logLineBytes: number;
  /** UTF-16 units of one argument list, result or payload on its way in or out of an isolate. */
  readonly payloadBytes: number;
  /** Resident memory of one worker process, in MiB. */
  readonly workerMemoryMb: number;
  /** How long a worker process may say nothing before it is killed, in milliseconds. */
  readonly workerSilenceMs: number;
  readonly timersPerIsolate: number;
  /** Isolates that one module may have in one worker at a time. */
  readonly isolatesPerModule: number;
  /** Isolates of a module that stay warm in one worker. */
  readonly warmIsolates: number;
  /** Calls of one module that may wait for an answer; further ones are refused. */
  readonly pendingCalls: number;
  /** UTF-16 units that the waiting calls of one module may have brought along; further calls are refused. */
  readonly pendingBytes: number;
}

export const defaultLimits: RuntimeLimits = {
  heapMb: 128,
  arrayBufferMb: 64,
  callCpuMs: 5000,
  matchCpuMs: 1000,
  callTimeMs: 5000,
  initTimeMs: 30_000,
  initCpuMs: 7500,
  pendingHostCalls: 256,
  logLinesPerCall: 256,
  logLineBytes: 4096,
  payloadBytes: 16 * 1024 * 1024,
  workerMemoryMb: 1024,
  workerSilenceMs: 5000,
  timersPerIsolate: 1000,
  isolatesPerModule: 8,
  warmIsolates: 1,
  pendingCalls: 20_000,
  pendingBytes: 64 * 1024 * 1024,
};

/** The limits with some of them set; the others have their defaults. */
export function withDefaults(limits: Partial<RuntimeLimits> = {}): RuntimeLimits {
  return { ...defaultLimits, ...limits };
}
