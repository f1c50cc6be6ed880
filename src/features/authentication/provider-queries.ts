import { sql } from 'kysely';
import type { Db } from '../../database/database.ts';
import type { VerifiedIdentity } from './verified-identity.ts';

/** Creates an account with what its company knows of the person; an address that somebody has already is left out. */
export async function insertWithProvider(
  db: Db,
  userId: string,
  username: string,
  identity: VerifiedIdentity,
): Promise<void> {
  await db
    .insertInto('users')
    .values({
      id: userId,
      username,
      [identity.column]: identity.id,
      display_name: identity.displayName ?? null,
      avatar_url: identity.avatarUrl ?? null,
      email: emailIfFree(identity.email, userId),
      create_time: sql<Date>`now()`,
      update_time: sql<Date>`now()`,
    })
    .execute();
}

/**
 * Sets the identity, which replaces another of the same company, and fills what the account lacks. An account that
 * signs in by e-mail keeps its address. False when there is no such user.
 */
export async function setProvider(db: Db, userId: string, identity: VerifiedIdentity): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('users')
    .set({ [identity.column]: identity.id, ...profile(identity), update_time: sql<Date>`now()` })
    .$if(identity.email !== undefined, (query) =>
      query.set({
        email: sql`case when password is null then coalesce(${emailIfFree(identity.email, userId)}, email) else email end`,
      }),
    )
    .where('id', '=', userId)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Fills a display name and an avatar that the account lacks. */
export async function fillProfile(db: Db, userId: string, identity: VerifiedIdentity): Promise<void> {
  const { displayName, avatarUrl } = identity;
  if (displayName === undefined && avatarUrl === undefined) return;
  await db
    .updateTable('users')
    .set({ ...profile(identity), update_time: sql<Date>`now()` })
    .where('id', '=', userId)
    .where((eb) =>
      eb.or([
        ...(displayName === undefined ? [] : [eb(sql`coalesce(display_name, '')`, '=', '')]),
        ...(avatarUrl === undefined ? [] : [eb(sql`coalesce(avatar_url, '')`, '=', '')]),
      ]),
    )
    .execute();
}

/** Gives the account of the former id the new one. */
export async function renameProvider(
  db: Db,
  identity: VerifiedIdentity & { readonly formerId: string },
): Promise<void> {
  await db
    .updateTable('users')
    .set({ [identity.column]: identity.id })
    .where(identity.column, '=', identity.formerId)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb.selectFrom('users as other').select('other.id').where(`other.${identity.column}`, '=', identity.id),
        ),
      ),
    )
    .execute();
}

function profile({ displayName, avatarUrl }: VerifiedIdentity) {
  return {
    ...(displayName !== undefined && { display_name: sql<string>`coalesce(nullif(display_name, ''), ${displayName})` }),
    ...(avatarUrl !== undefined && { avatar_url: sql<string>`coalesce(nullif(avatar_url, ''), ${avatarUrl})` }),
  };
}

function emailIfFree(email: string | undefined, userId: string) {
  if (email === undefined) return sql<null>`null`;
  return sql<string | null>`(select cast(${email} as varchar) where not exists (
    select 1 from users as holder where holder.email = ${email} and holder.id <> cast(${userId} as uuid)))`;
}
