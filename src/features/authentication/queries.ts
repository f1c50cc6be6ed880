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

/** Never banned is stored as 1970. */
const signInColumns = sql`
  users.id as "userId", users.username, users.password, users.disable_time <> timestamptz 'epoch' as banned`;

// The statements of every device's sign-in are SQL as it stands: building them with kysely took 10 and 20 µs.
export async function findByDevice(db: Db, deviceId: string): Promise<SignInRow | undefined> {
  const { rows } = await sql<SignInRow>`
    select ${signInColumns} from user_device join users on users.id = user_device.user_id
    where user_device.id = ${deviceId}`.execute(db);
  return rows[0];
}

export async function findByIdentity(db: Db, column: IdentityColumn, value: string): Promise<SignInRow | undefined> {
  const { rows } = await sql<SignInRow>`
    select ${signInColumns} from users where ${sql.ref(`users.${column}`)} = ${value}`.execute(db);
  return rows[0];
}

/**
 * Finds the account of a device, or makes it with both of its rows when there is none. One statement: its round trip and
 * its way through the client were a fifth of a new device's sign-in; it costs a known one 25 µs of the database's time
 * more than {@link findByDevice} (PostgreSQL 15).
 * @returns the account that was there; undefined for one that has been made
 * @throws a violation of a unique key when the name is taken, or the same account is being made by another call
 */
export async function findOrInsertWithDevice(
  db: Db,
  userId: string,
  username: string,
  deviceId: string,
): Promise<SignInRow | undefined> {
  const { rows } = await sql<SignInRow>`
    with known as (
      select ${signInColumns} from user_device join users on users.id = user_device.user_id
      where user_device.id = ${deviceId}
    ), account as (
      insert into users (id, username, create_time, update_time)
      select ${userId}::uuid, ${username}, now(), now() where not exists (select from known)
      returning id
    ), device as (
      insert into user_device (id, user_id) select ${deviceId}, id from account
    )
    select * from known`.execute(db);
  return rows[0];
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
