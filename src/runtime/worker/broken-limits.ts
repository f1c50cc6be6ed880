import type { RuntimeLimits } from '../limits.ts';
import type { EntryError } from './engine.ts';

/** A limit that a module broke, for the calls that it ended and for the log. */
export interface BrokenLimit {
  readonly limit: keyof RuntimeLimits;
  /** Names the limit, its value, the module and what may be done. */
  readonly message: string;
  /** Where the module was just then, where that is known. */
  readonly stack?: string;
}

interface Where {
  readonly module: string;
  readonly limits: RuntimeLimits;
}

/** The limit on time that was broken. */
export function timeOf(
  limit: 'callCpuMs' | 'callTimeMs' | 'initCpuMs' | 'initTimeMs' | 'matchCpuMs',
  { module, limits }: Where,
): BrokenLimit {
  const what = {
    callCpuMs: 'a call computed for longer than',
    callTimeMs: 'a call took longer than',
    matchCpuMs: 'a function of a match computed for longer than',
    initCpuMs: 'loading it computed for longer than',
    initTimeMs: 'loading it took longer than',
  };
  return { limit, message: `module ${module}: ${what[limit]} ${limits[limit]} ms (limit ${limit})` };
}

/** The limit that an entry's end speaks of; without an error it is memory. */
export function brokenBy(error: EntryError | undefined, initialising: boolean, where: Where): BrokenLimit {
  if (error === undefined || error.failure === 'memory') {
    const { module, limits } = where;
    return {
      limit: 'heapMb',
      message: `module ${module}: its isolate needed more than ${limits.heapMb} MB of memory (limit heapMb)`,
    };
  }
  const broken = timeOf(initialising ? 'initCpuMs' : 'callCpuMs', where);
  return error.whereText === undefined ? broken : { ...broken, stack: error.whereText };
}
