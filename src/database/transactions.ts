import type { Kysely, Transaction } from 'kysely';
import { isRetryable } from './errors.ts';
import type { Schema } from './schema.ts';

type Effect = () => void;

/** What is to happen when a transaction under way has been committed. */
const effects = new WeakMap<Kysely<Schema>, Effect[]>();

/** How often a transaction is run before its serialization failure or deadlock becomes the caller's error. */
const MAX_ATTEMPTS = 5;
const BACKOFF_BASE_MS = 5;

/**
 * Runs `work` in one transaction: committed when it resolves, rolled back when it throws. A serialization failure or
 * deadlock runs it again, five times at most, so `work` must have no effects but its queries and what it leaves to
 * {@link afterCommit}. Inside a transaction already, it becomes part of that one. Keep it short: on the embedded
 * database nothing else runs meanwhile, and a query on `db` instead of the given transaction waits for ever.
 */
export async function inTransaction<T>(
  db: Kysely<Schema>,
  work: (transaction: Transaction<Schema>) => Promise<T>,
): Promise<T> {
  if (db.isTransaction) return work(db as Transaction<Schema>);
  for (let attempt = 1; ; attempt++) {
    const pending: Effect[] = [];
    try {
      const result = await db.transaction().execute((transaction) => {
        effects.set(transaction, pending);
        return work(transaction);
      });
      for (const effect of pending) effect();
      return result;
    } catch (error) {
      if (attempt >= MAX_ATTEMPTS || !isRetryable(error)) throw error;
      await pause(Math.random() * BACKOFF_BASE_MS * 2 ** attempt);
    }
  }
}

/**
 * Runs `effect` once what was done with `db` holds: at once outside of a transaction, else when the transaction is
 * committed, and not at all when it is rolled back. It must not throw.
 */
export function afterCommit(db: Kysely<Schema>, effect: () => void): void {
  const pending = db.isTransaction ? effects.get(db) : undefined;
  if (pending) pending.push(effect);
  else effect();
}

function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
