import { sql } from 'kysely';
import type { Db } from '../../database/database.ts';

/** A column of `users` that is a way in; each value belongs to one account at most. */
export type IdentityColumn =
  | 'apple_id'
  | 'custom_id'
  | 'email'
  | 'facebook_id'
  | 'facebook_instant_game_id'
  | 'gamecenter_id'
  | 'google_id'
  | 'steam_id';

const identityColumns: readonly IdentityColumn[] = [
  'apple_id',
  'custom_id',
  'email',
  'facebook_id',
  'facebook_instant_game_id',
  'gamecenter_id',
  'google_id',
  'steam_id',
];

/** Sets a way in; one that the account had by the same column is free again. False when there is no such user. */
export async function setIdentity(
  db: Db,
  userId: string,
  column: IdentityColumn,
  value: string,
  password?: Buffer,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('users')
    .set({ [column]: value, update_time: sql<Date>`now()` })
    .$if(password !== undefined, (query) => query.set({ password }))
    .where('id', '=', userId)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Adds a device; false when it is another user's. One that is there already stays. */
export async function addDevice(db: Db, userId: string, deviceId: string): Promise<boolean> {
  const row = await db
    .insertInto('user_device')
    .values({ id: deviceId, user_id: userId })
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet((eb) => ({ user_id: eb.ref('excluded.user_id') }))
        .whereRef('user_device.user_id', '=', sql.ref('excluded.user_id')),
    )
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Makes all changes of an account's ways in wait for each other: the last one is the last for everybody. */
export async function lockUser(db: Db, userId: string): Promise<void> {
  await db.selectFrom('users').select('id').where('id', '=', userId).forUpdate().execute();
}

/** Clears a way in unless it is the last, or another than the one named. False when nothing was cleared. */
export async function clearIdentity(
  db: Db,
  userId: string,
  column: IdentityColumn,
  value: string | undefined,
): Promise<boolean> {
  const others = identityColumns.filter((other) => other !== column);
  const { numUpdatedRows } = await db
    .updateTable('users')
    .set({ [column]: null, update_time: sql<Date>`now()` })
    .$if(column === 'email', (query) => query.set({ password: null }))
    .where('id', '=', userId)
    .$if(value !== undefined, (query) => query.where(column, '=', value!))
    .where((eb) =>
      eb.or([
        ...others.map((other) => isWayIn(other)),
        eb.exists(eb.selectFrom('user_device').select('id').where('user_id', '=', userId)),
      ]),
    )
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Removes a device unless it is the last way in. False when nothing was removed. */
export async function removeDevice(db: Db, userId: string, deviceId: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('user_device')
    .where('id', '=', deviceId)
    .where('user_id', '=', userId)
    .where((eb) =>
      eb.or([
        eb.exists(
          eb
            .selectFrom('user_device as other')
            .select('other.id')
            .where('other.user_id', '=', userId)
            .where('other.id', '!=', deviceId),
        ),
        eb.exists(
          eb
            .selectFrom('users')
            .select('users.id')
            .where('users.id', '=', userId)
            .where((where) => where.or(identityColumns.map((column) => isWayIn(column)))),
        ),
      ]),
    )
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** An address without a password came from another company: nobody can sign in by it. */
function isWayIn(column: IdentityColumn) {
  return column === 'email'
    ? sql<boolean>`users.email is not null and users.password is not null`
    : sql<boolean>`${sql.ref(`users.${column}`)} is not null`;
}

export async function touchUser(db: Db, userId: string): Promise<void> {
  await db.updateTable('users').set({ update_time: sql<Date>`now()` }).where('id', '=', userId).execute();
}
