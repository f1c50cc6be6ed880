import { sql } from 'kysely';
import type { Db } from '../../database/database.ts';
import type { ObjectRow } from '../storage/index.ts';

/** Which objects an index may hold. */
export interface Scope {
  readonly collection: string;
  /** '' for every key. */
  readonly key: string;
  /** Only those not older than this, by their last write. */
  readonly since: Date | undefined;
}

/** When the object was last written that is `count` places behind the newest; undefined when there are not so many. */
export async function timeOfNewest(db: Db, { collection, key }: Scope, count: number): Promise<Date | undefined> {
  const row = await db
    .selectFrom('storage')
    .select('update_time')
    .where('collection', '=', collection)
    .$if(key !== '', (query) => query.where('key', '=', key))
    .orderBy('update_time', 'desc')
    .offset(count)
    .limit(1)
    .executeTakeFirst();
  return row?.update_time;
}

/** A page of objects by key and owner, after the last one of the page before. */
export function findPage(db: Db, scope: Scope, after: ObjectRow | undefined, limit: number): Promise<ObjectRow[]> {
  const { collection, key, since } = scope;
  return db
    .selectFrom('storage')
    .selectAll()
    .where('collection', '=', collection)
    .$if(key !== '', (query) => query.where('key', '=', key))
    .$if(since !== undefined, (query) => query.where('update_time', '>=', since!))
    .$if(after !== undefined, (query) =>
      key === ''
        ? query.where(sql<boolean>`(key, user_id) > (${after!.key}, ${after!.user_id}::uuid)`)
        : query.where('user_id', '>', after!.user_id),
    )
    .orderBy('key')
    .orderBy('user_id')
    .limit(limit)
    .execute();
}
