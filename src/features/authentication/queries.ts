import { sql } from 'kysely';
import type { Db } from '../../database/database.ts';
import type { ProviderColumn } from './verified-identity.ts';

/** What signing in needs to know of an account. */
export interface SignInRow {
  readonly userId: string;
  readonly username: string;
  readonly banned: boolean;
  readonly password: Buffer | null;
}

/** A column of `users` by which an account is found; each value belongs to one account at most. */
export type IdentityColumn = 'custom_id' | 'email' | 'username' | ProviderColumn;

const columns = ['users.id', 'users.username', 'users.disable_time', 'users.password'] as const;

export async function findByDevice(db: Db, deviceId: string): Promise<SignInRow | undefined> {
  const row = await db
    .selectFrom('user_device')
    .innerJoin('users', 'users.id', 'user_device.user_id')
    .select(columns)
    .where('user_device.id', '=', deviceId)
    .executeTakeFirst();
  return row && signInRow(row);
}

export async function findByIdentity(db: Db, column: IdentityColumn, value: string): Promise<SignInRow | undefined> {
  const row = await db.selectFrom('users').select(columns).where(column, '=', value).executeTakeFirst();
  return row && signInRow(row);
}

/** Both rows or none, in one statement. */
export async function insertWithDevice(db: Db, userId: string, username: string, deviceId: string): Promise<void> {
  await db
    .with('account', (query) =>
      query
        .insertInto('users')
        .values({ id: userId, username, ...createdNow() })
        .returning('id'),
    )
    .insertInto('user_device')
    .columns(['id', 'user_id'])
    .expression((query) => query.selectFrom('account').select([sql.val(deviceId).as('id'), 'account.id as user_id']))
    .execute();
}

export async function insertWithCustomId(db: Db, userId: string, username: string, customId: string): Promise<void> {
  await db
    .insertInto('users')
    .values({ id: userId, username, custom_id: customId, ...createdNow() })
    .execute();
}

export async function insertWithEmail(
  db: Db,
  userId: string,
  username: string,
  email: string,
  password: Buffer,
): Promise<void> {
  await db
    .insertInto('users')
    .values({ id: userId, username, email, password, ...createdNow() })
    .execute();
}

function createdNow() {
  return { create_time: sql<Date>`now()`, update_time: sql<Date>`now()` };
}

function signInRow(row: { id: string; username: string; disable_time: Date; password: Buffer | null }): SignInRow {
  return {
    userId: row.id,
    username: row.username,
    banned: row.disable_time.getTime() !== 0,
    password: row.password,
  };
}
