import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { isSource, sourceFile } from '../../own-files.ts';
import type { RuntimeLimits } from '../limits.ts';
import { defaultMatchSettings } from '../match-settings.ts';
import type { WorkerStart } from '../worker/main.ts';
import type { ModuleHostOptions } from './options.ts';

/** Bytes of UTF-8 that a UTF-16 unit may need, with room for a record's head. */
const BYTES_PER_UNIT = 4;
/** Frames may always be this large: a worker's start and the modules' scripts are sent in one. */
const MIN_FRAME_BYTES = 64 * 1024 * 1024;

let bundledPrelude: Promise<string> | undefined;

/** What each worker of a host is started with, and how many there are. */
export async function workerStart(
  options: ModuleHostOptions,
  limits: RuntimeLimits,
): Promise<{ record: WorkerStart; workerCount: number }> {
  const isInspected = options.inspection !== undefined;
  const record: WorkerStart = {
    limits: isInspected ? { ...limits, warmIsolates: 1, isolatesPerModule: 1 } : limits,
    isInspected,
    prelude: await preludeText(),
    maxFrameBytes: Math.max(MIN_FRAME_BYTES, limits.payloadBytes * BYTES_PER_UNIT),
    setup: {
      env: options.environment ?? {},
      node: options.node,
      version: options.version,
      hostFunctions: options.functions.map(({ name, parameters, deferredWhen, changes, keep }) => ({
        name,
        parameters,
        ...(deferredWhen === undefined ? {} : { deferredWhen }),
        ...(changes === undefined ? {} : { changes }),
        ...(keep === undefined ? {} : { keeps: true }),
      })),
      apiNames: options.apiNames ?? [],
      hookNames: options.hookNames,
      config: options.config ?? {},
      readOnlyGlobals: options.readOnlyGlobals ?? false,
      payloadBytes: limits.payloadBytes,
      logLinesPerCall: limits.logLinesPerCall,
      logLineBytes: limits.logLineBytes,
      pendingHostCalls: limits.pendingHostCalls,
      timersPerIsolate: limits.timersPerIsolate,
      arrayBufferMb: limits.arrayBufferMb,
      coarseClockMs: options.coarseClockMs ?? 0,
      isInspected,
      matches: { ...defaultMatchSettings, ...options.matches },
    },
  };
  const workerCount = options.workerCount ?? Math.max(1, availableParallelism() - 1);
  return { record, workerCount: isInspected ? 1 : workerCount };
}

/** The prelude's script: built beside the worker, or, from source, bundled once a process. */
function preludeText(): Promise<string> {
  if (!isSource) return readFile(sourceFile('runtime/worker/prelude.js'), 'utf8');
  bundledPrelude ??= import('../worker/build-prelude.ts').then(({ bundlePrelude }) =>
    bundlePrelude(sourceFile('runtime/worker/prelude/main.ts')),
  );
  return bundledPrelude;
}
