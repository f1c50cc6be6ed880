import { type Kysely, sql } from 'kysely';
import type { Schema } from '../schema.ts';

/** The embedded engine has no background workers, so what they do elsewhere is done here, at this interval. */
const CHECKPOINT_INTERVAL_MS = 5 * 60_000;
/** Every so many checkpoints, dead rows are cleared away and statistics renewed. */
const CHECKPOINTS_PER_VACUUM = 6;

/**
 * Keeps the write-ahead log short, so that a start after a crash stays quick, and clears dead rows. An interval without
 * statements costs nothing.
 *
 * @returns what ends it
 */
export function startMaintenance(
  db: Kysely<Schema>,
  activity: () => number,
  onError: (error: unknown) => void,
): () => void {
  let seenActivity = activity();
  let checkpoints = 0;
  const maintain = async () => {
    if (activity() === seenActivity) return;
    await sql`checkpoint`.execute(db);
    if (++checkpoints % CHECKPOINTS_PER_VACUUM === 0) await sql`vacuum analyze`.execute(db);
    seenActivity = activity();
  };
  const timer = setInterval(() => maintain().catch(onError), CHECKPOINT_INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}
