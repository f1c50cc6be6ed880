import { sql } from 'kysely';
import type { Db } from '../../database/database.ts';

/** The ids of those users that exist, each once. Names are matched exactly. */
export async function findUserIds(db: Db, ids: readonly string[], usernames: readonly string[]): Promise<string[]> {
  const rows = await db
    .selectFrom('users')
    .select('id')
    .where(
      sql<boolean>`id IN (SELECT value::uuid FROM jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))
        OR username IN (SELECT value FROM jsonb_array_elements_text(${JSON.stringify(usernames)}::jsonb))`,
    )
    .execute();
  return rows.map(({ id }) => id);
}
