import { openDatabase } from './database.ts';
import { type MigrationState, migrate, migrationStates } from './migrate.ts';

/**
 * `nk migrate up`: brings a database to this version's tables.
 *
 * @returns the migrations that were applied, in order
 * @throws DatabaseError in one line for who ran the command
 */
export async function migrateUp(url: string): Promise<readonly string[]> {
  const { db, describe, stop } = await openDatabase({ url, poolSize: 1, isMigrated: false });
  try {
    return await migrate(db, describe());
  } finally {
    await stop();
  }
}

/**
 * `nk migrate status`: every migration of this version and when it was applied. Changes nothing.
 *
 * @throws DatabaseError in one line for who ran the command
 */
export async function migrationStatus(url: string): Promise<readonly MigrationState[]> {
  const { db, stop } = await openDatabase({ url, poolSize: 1, isMigrated: false });
  try {
    return await migrationStates(db);
  } finally {
    await stop();
  }
}
