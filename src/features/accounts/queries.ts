import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../../database/database.ts';
import type { Row } from '../../database/schema.ts';

/** A user without what only they and the server may see. */
export type UserRow = Omit<
  Row<'users'>,
  'password' | 'wallet' | 'email' | 'custom_id' | 'verify_time' | 'disable_time'
>;

/** An account with the ids of its devices. */
export type AccountRow = Omit<Row<'users'>, 'password'> & { readonly device_ids: string[] };

/** The columns of {@link UserRow}, for joins of other features. */
export const userColumns = [
  'users.id',
  'users.username',
  'users.display_name',
  'users.avatar_url',
  'users.lang_tag',
  'users.location',
  'users.timezone',
  'users.metadata',
  'users.apple_id',
  'users.facebook_id',
  'users.facebook_instant_game_id',
  'users.google_id',
  'users.gamecenter_id',
  'users.steam_id',
  'users.edge_count',
  'users.create_time',
  'users.update_time',
] as const;

/** SQL of what everybody sees of a user, for `messageJsonSql`; who is online the database does not know. */
export const userFieldValues = {
  id: 'users.id',
  username: 'users.username',
  displayName: 'users.display_name',
  avatarUrl: 'users.avatar_url',
  langTag: 'users.lang_tag',
  location: 'users.location',
  timezone: 'users.timezone',
  metadata: 'users.metadata::text',
  facebookId: 'users.facebook_id',
  googleId: 'users.google_id',
  gamecenterId: 'users.gamecenter_id',
  steamId: 'users.steam_id',
  edgeCount: 'users.edge_count',
  createTime: 'users.create_time',
  updateTime: 'users.update_time',
  facebookInstantGameId: 'users.facebook_instant_game_id',
  appleId: 'users.apple_id',
} as const;

const accountColumns = [
  ...userColumns,
  'users.wallet',
  'users.email',
  'users.custom_id',
  'users.verify_time',
  'users.disable_time',
] as const;

/** What a profile change may set; undefined leaves a column, null clears it. */
export interface ProfileChange {
  readonly username?: string | undefined;
  readonly display_name?: string | null | undefined;
  readonly avatar_url?: string | null | undefined;
  readonly lang_tag?: string | undefined;
  readonly location?: string | null | undefined;
  readonly timezone?: string | null | undefined;
  readonly metadata?: string | undefined;
}

/** One statement for any number of accounts, in no particular order. */
export function findAccounts(db: Db, userIds: readonly string[]): Promise<AccountRow[]> {
  return db
    .selectFrom('users')
    .select(accountColumns)
    .select(sql<string[]>`array(select id from user_device where user_id = users.id)`.as('device_ids'))
    .where('users.id', '=', anyOf(userIds, 'uuid'))
    .execute();
}

/** Everybody who has one of the ids, names or Facebook ids, once each. */
export function findUsers(
  db: Db,
  by: {
    readonly ids: readonly string[];
    readonly usernames: readonly string[];
    readonly facebookIds: readonly string[];
  },
): Promise<UserRow[]> {
  return db
    .selectFrom('users')
    .select(userColumns)
    .where((eb) =>
      eb.or([
        eb('users.id', '=', anyOf(by.ids, 'uuid')),
        eb('users.username', '=', anyOf(by.usernames, 'text')),
        eb('users.facebook_id', '=', anyOf(by.facebookIds, 'text')),
      ]),
    )
    .execute();
}

/**
 * Distinct users from a random place of the id order on: ids are random themselves, so that this is fair and costs
 * what the rows cost. Wraps around at the end.
 */
export async function findRandomUsers(db: Db, from: string, count: number): Promise<UserRow[]> {
  const system = '00000000-0000-0000-0000-000000000000';
  const page = (operator: '>=' | '<', limit: number) =>
    db
      .selectFrom('users')
      .select(userColumns)
      .where('users.id', operator, from)
      .where('users.id', '!=', system)
      .orderBy('users.id')
      .limit(limit)
      .execute();
  const found = await page('>=', count);
  return found.length < count ? [...found, ...(await page('<', count - found.length))] : found;
}

/** Changes a profile; an unknown user is no error. The time of update moves only when something is different. */
export async function updateProfile(db: Db, userId: string, change: ProfileChange): Promise<void> {
  const given = Object.entries(change).filter(([, value]) => value !== undefined) as [keyof ProfileChange, string][];
  await db
    .updateTable('users')
    .set(Object.fromEntries(given))
    .set({ update_time: sql<Date>`now()` })
    .where('id', '=', userId)
    .where((eb) => eb.or(given.map(([column, value]) => eb(column, 'is distinct from', value))))
    .execute();
}

const profileColumns = ['display_name', 'avatar_url', 'lang_tag', 'location', 'timezone', 'metadata'] as const;

/** Changes the profiles of any number of users, each named once, as {@link updateProfile} does: one statement. */
export async function updateProfiles(
  db: Db,
  changes: ReadonlyMap<string, Omit<ProfileChange, 'username'>>,
): Promise<void> {
  const ids = [...changes.keys()];
  const texts = Array.from(changes.values(), (change) => JSON.stringify(change));
  const values = profileColumns.map((name) => {
    const given = name === 'metadata' ? sql`(change ->> 'metadata')::jsonb` : sql`change ->> ${sql.lit(name)}`;
    return sql`case when change ? ${sql.lit(name)} then ${given} else ${sql.ref(name)} end`;
  });
  const columns = sql.join(profileColumns.map((name) => sql.ref(name)));
  await sql`
    update users set (${columns}, update_time) = row (${sql.join(values)}, now())
    from unnest(${ids}::uuid[], ${texts}::jsonb[]) as given (user_id, change)
    where id = user_id and (${columns}) is distinct from (${sql.join(values)})`.execute(db);
}

/** False when there was no such user. */
export async function deleteUser(db: Db, userId: string): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('users').where('id', '=', userId).executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Keeps the id of a deleted user. */
export async function insertTombstone(db: Db, userId: string): Promise<void> {
  await db
    .insertInto('user_tombstone')
    .values({ user_id: userId })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function setBanned(db: Db, userIds: readonly string[], banned: boolean): Promise<void> {
  await db
    .updateTable('users')
    .set({ disable_time: banned ? sql<Date>`now()` : new Date(0) })
    .where('id', '=', anyOf(userIds, 'uuid'))
    .execute();
}

/** A list as one parameter, so that the statement is the same whatever its length. */
function anyOf(values: readonly string[], type: 'uuid' | 'text'): RawBuilder<string> {
  return type === 'uuid' ? sql<string>`any(${values}::uuid[])` : sql<string>`any(${values}::text[])`;
}
