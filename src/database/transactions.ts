import type { Kysely, Transaction } from 'kysely';
import { isRetryable } from './errors.ts';
import type { Schema } from './schema.ts';

/** How often a transaction is run before its serialization failure or deadlock becomes the caller's error. */
const MAX_ATTEMPTS = 5;
const BACKOFF_BASE_MS = 5;

/**
 * Runs `work` in one transaction: committed when it resolves, rolled back when it throws. A serialization failure or
 * deadlock runs it again, five times at most, so `work` must have no effects but its queries. Inside a transaction
 * already, it becomes part of that one. Keep it short: on the embedded database nothing else runs meanwhile, and a
 * query on `db` instead of the given transaction waits for ever.
 */
export async function inTransaction<T>(
  db: Kysely<Schema>,
  work: (transaction: Transaction<Schema>) => Promise<T>,
): Promise<T> {
  if (db.isTransaction) return work(db as Transaction<Schema>);
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      if (attempt >= MAX_ATTEMPTS || !isRetryable(error)) throw error;
      await pause(Math.random() * BACKOFF_BASE_MS * 2 ** attempt);
    }
  }
}

function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
