/** The embedded engine has no background workers, so what they do elsewhere is done here, at this interval. */
const CHECKPOINT_INTERVAL_MS = 5 * 60_000;
/** Every so many checkpoints, dead rows are cleared away and statistics renewed. */
const CHECKPOINTS_PER_VACUUM = 6;

/**
 * Keeps the write-ahead log short, so that a start after a crash stays quick, and clears dead rows. An interval without
 * statements costs nothing.
 *
 * @param activity a number that grows with every statement
 * @returns what ends it
 */
export function startMaintenance(
  execute: (statement: string) => Promise<unknown>,
  activity: () => number,
  onError: (error: unknown) => void,
): () => void {
  let seenActivity = activity();
  let checkpoints = 0;
  const maintain = async () => {
    if (activity() === seenActivity) return;
    await execute('checkpoint');
    if (++checkpoints % CHECKPOINTS_PER_VACUUM === 0) await execute('vacuum analyze');
    seenActivity = activity();
  };
  const timer = setInterval(() => maintain().catch(onError), CHECKPOINT_INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}
