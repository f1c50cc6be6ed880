import { sql } from 'kysely';
import type { Db } from '../../database/database.ts';
import type { Row } from '../../database/schema.ts';

/** An account with the ids of its devices. */
export type AccountRow = Row<'users'> & { readonly device_ids: string[] };

/** One statement; undefined when there is no such user. */
export function findAccount(db: Db, userId: string): Promise<AccountRow | undefined> {
  return db
    .selectFrom('users')
    .selectAll('users')
    .select(sql<string[]>`array(select id from user_device where user_id = users.id)`.as('device_ids'))
    .where('users.id', '=', userId)
    .executeTakeFirst();
}
