import type { PGlite } from '@electric-sql/pglite';

/** What the engine keeps to itself, and is needed here. */
interface Internals {
  readonly mod: EngineModule;
  /** The status with which PostgreSQL leaves its main loop after an error of SQL. */
  readonly POSTGRES_MAIN_LONGJMP: number;
}

interface EngineModule {
  _PostgresMainLoopOnce: () => void;
  /** The engine's memory; another array whenever it has grown. */
  readonly HEAPU8: Uint8Array;
  // Where PostgreSQL's variables of these names lie in it.
  readonly _InterruptPending: number;
  readonly _QueryCancelPending: number;
  readonly _MyLatch: number;
}

/**
 * Tells when the engine's code has trapped or ended. The engine itself takes every exception for an error of SQL and
 * runs on, in a state that no code was written for: without an answer, or with a wrong one.
 *
 * @param onDead must not return
 */
export function watchForTraps(engine: PGlite, onDead: (error: unknown) => never): void {
  const { mod, POSTGRES_MAIN_LONGJMP } = internalsOf(engine);
  const runOnce = mod._PostgresMainLoopOnce;
  mod._PostgresMainLoopOnce = () => {
    try {
      runOnce();
    } catch (error) {
      if ((error as { status?: unknown }).status !== POSTGRES_MAIN_LONGJMP) onDead(error);
      throw error;
    }
  };
}

/**
 * Asks the statement that runs to end, as PostgreSQL does it when SIGINT arrives (StatementCancelHandler): it looks at
 * these variables in all its loops.
 */
export function requestCancel(engine: PGlite): void {
  const { mod } = internalsOf(engine);
  const latch = new DataView(mod.HEAPU8.buffer).getUint32(mod._MyLatch, true);
  mod.HEAPU8[mod._InterruptPending] = 1;
  mod.HEAPU8[mod._QueryCancelPending] = 1;
  // The first field of a latch says whether it is set.
  if (latch !== 0) mod.HEAPU8[latch] = 1;
}

/** Takes a request back that found nothing to end any more. */
export function forgetCancel(engine: PGlite): void {
  const { mod } = internalsOf(engine);
  mod.HEAPU8[mod._QueryCancelPending] = 0;
}

function internalsOf(engine: PGlite): Internals {
  const internals = engine as unknown as Internals;
  const { mod, POSTGRES_MAIN_LONGJMP } = internals;
  const places = [mod._InterruptPending, mod._QueryCancelPending, mod._MyLatch, POSTGRES_MAIN_LONGJMP];
  if (typeof mod._PostgresMainLoopOnce !== 'function' || places.some((place) => typeof place !== 'number')) {
    throw new Error('this version of PGlite is another inside than the one this was written for');
  }
  return internals;
}
