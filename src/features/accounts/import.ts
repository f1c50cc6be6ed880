import { sql } from 'kysely';
import type { Db } from '../../database/database.ts';
import { microsecondsFrom, timestampOf } from '../../database/microseconds.ts';
import { type Account, AccountSchema, type User } from '../../protocol/gen/nakama/api/api_pb.js';
import { canonicalId, NIL_ID } from '../../protocol/ids.ts';
import { invalidArgument } from '../../protocol/status.ts';
import { type ExportedData, exportedJson, exportedMessage } from '../user-data.ts';
import { checkProfileLengths } from './profile.ts';
import { checkUsername } from './usernames.ts';

/** The account of an export, checked as far as it goes onto an account that exists. */
export interface ImportedAccount {
  readonly account: Account;
  readonly user: User;
}

/** @throws StatusError INVALID_ARGUMENT */
export function importedAccount(exported: ExportedData): ImportedAccount {
  const account = exportedMessage(exported.account, 'account', AccountSchema);
  const { user } = account;
  if (!user) throw invalidArgument('account.user is required');
  checkProfileLengths(user);
  user.metadata = exportedJson(user.metadata, 'account.user.metadata');
  account.wallet = exportedJson(account.wallet, 'account.wallet');
  const amounts = Object.values(JSON.parse(account.wallet) as Record<string, unknown>);
  if (!amounts.every((amount) => Number.isInteger(amount) && (amount as number) >= 0)) {
    throw invalidArgument('account.wallet must hold whole numbers, none below zero');
  }
  return { account, user };
}

/** Profile, metadata and wallet of an export; name and ways in stay. False when there is no such user. */
export async function overwriteAccount(db: Db, userId: string, { account, user }: ImportedAccount): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('users')
    .set({ ...profileColumns(user), wallet: account.wallet, update_time: sql<Date>`now()` })
    .where('id', '=', userId)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Makes the account of an export anew, with its id, name and ways in; nobody has its password. Gives its id. */
export async function insertAccount(db: Db, { account, user }: ImportedAccount): Promise<string> {
  const id = canonicalId(user.id);
  if (id === undefined || id === NIL_ID) throw invalidArgument('account.user.id is no id of a user');
  checkUsername(user.username);
  await db
    .insertInto('users')
    .values({
      id,
      username: user.username,
      ...profileColumns(user),
      wallet: account.wallet,
      email: account.email || null,
      custom_id: account.customId || null,
      apple_id: user.appleId || null,
      facebook_id: user.facebookId || null,
      facebook_instant_game_id: user.facebookInstantGameId || null,
      google_id: user.googleId || null,
      gamecenter_id: user.gamecenterId || null,
      steam_id: user.steamId || null,
      create_time: timeOf(user.createTime),
      update_time: timeOf(user.updateTime),
      verify_time: timeOf(account.verifyTime),
      disable_time: timeOf(account.disableTime),
    })
    .execute();
  if (account.devices.length > 0) {
    await db
      .insertInto('user_device')
      .values(account.devices.map((device) => ({ id: device.id, user_id: id })))
      .execute();
  }
  return id;
}

function profileColumns(user: User) {
  return {
    display_name: user.displayName || null,
    avatar_url: user.avatarUrl || null,
    lang_tag: user.langTag || 'en',
    location: user.location || null,
    timezone: user.timezone || null,
    metadata: user.metadata,
  };
}

/** What has not happened is stored as 1970. */
function timeOf(time: User['createTime']) {
  return timestampOf(time ? microsecondsFrom(time) : 0n);
}
