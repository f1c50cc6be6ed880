import { randomUUID } from 'node:crypto';
import { type Db, inTransaction, isUniqueViolation, isUnstorable } from '../../database/database.ts';
import { AccountSchema } from '../../protocol/gen/nakama/api/api_pb.js';
import { NIL_ID } from '../../protocol/ids.ts';
import { toWireJson } from '../../protocol/json-codec.ts';
import { invalidArgument, Status, StatusError } from '../../protocol/status.ts';
import type { UserData } from '../user-data.ts';
import { accountMessage } from './messages.ts';
import {
  type AccountRow,
  deleteUser,
  findAccounts,
  findRandomUsers,
  findUsers,
  insertTombstone,
  type ProfileChange,
  setBanned,
  type UserRow,
  updateProfile,
} from './queries.ts';
import { checkUsername } from './usernames.ts';

/** Tells whether a user is seen as online. */
export type OnlineCheck = (userId: string) => boolean;

/** Ends what a user has open. */
export interface SessionEnd {
  logoutEverywhere(userId: string): Promise<void>;
  disconnectUser(userId: string, reason: string): void;
  disconnectBanned(userId: string): void;
}

export interface AccountsDependencies {
  readonly db: Db;
  readonly isOnline: OnlineCheck;
  readonly sessions: SessionEnd;
  /** What the features keep of users; asked for when it is needed, since features are made one after another. */
  readonly userData: () => readonly UserData[];
}

/** A profile change as it is asked for: undefined leaves a field, empty text clears it. */
export interface ProfileUpdate {
  readonly username?: string | undefined;
  readonly displayName?: string | undefined;
  readonly avatarUrl?: string | undefined;
  readonly langTag?: string | undefined;
  readonly location?: string | undefined;
  readonly timezone?: string | undefined;
  /** Text of a JSON object. */
  readonly metadata?: string | undefined;
}

/** Room for what games put on a profile; everybody who sees a user gets it. */
const METADATA_MAX_BYTES = 16 * 1024;
/** Characters that the columns take. */
const longest = { displayName: 255, location: 255, timezone: 255, avatarUrl: 512, langTag: 18 } as const;

/** Accounts and users: profiles, look-ups, bans, export and the end. */
export class AccountsService {
  readonly isOnline: OnlineCheck;
  readonly #db: Db;
  readonly #sessions: SessionEnd;
  readonly #userData: () => readonly UserData[];

  constructor({ db, isOnline, sessions, userData }: AccountsDependencies) {
    this.#db = db;
    this.isOnline = isOnline;
    this.#sessions = sessions;
    this.#userData = userData;
  }

  /** @throws StatusError NOT_FOUND */
  async get(userId: string): Promise<AccountRow> {
    const [row] = await findAccounts(this.#db, [userId]);
    if (!row) throw new StatusError(Status.NOT_FOUND, 'there is no such account');
    return row;
  }

  /** Unknown ones are left out, repeated ones come once. */
  async list(userIds: readonly string[]): Promise<AccountRow[]> {
    return userIds.length === 0 ? [] : findAccounts(this.#db, userIds);
  }

  /** Users by any of these; unknown ones are left out, each comes once. */
  async users(
    ids: readonly string[],
    usernames: readonly string[],
    facebookIds: readonly string[],
  ): Promise<UserRow[]> {
    if (ids.length + usernames.length + facebookIds.length === 0) return [];
    return findUsers(this.#db, { ids, usernames, facebookIds });
  }

  async randomUsers(count: number): Promise<UserRow[]> {
    return count === 0 ? [] : findRandomUsers(this.#db, randomUUID(), count);
  }

  /**
   * Changes a profile. An unknown user is no error. Works within a transaction that is given.
   * @throws StatusError INVALID_ARGUMENT, or ALREADY_EXISTS for a username that is taken
   */
  async update(userId: string, update: ProfileUpdate, db: Db = this.#db): Promise<void> {
    const change = checkedChange(update);
    try {
      await updateProfile(db, userId, change);
    } catch (error) {
      if (isUnstorable(error)) throw invalidArgument('the change holds text that cannot be stored');
      if (!isUniqueViolation(error, 'users_username_key')) throw error;
      throw new StatusError(Status.ALREADY_EXISTS, 'this username is taken');
    }
  }

  /**
   * Deletes an account with all that belongs to it, ends its sessions and closes its sockets. An unknown user is no
   * error.
   * @param recorded keep the id, as a record of the deletion
   */
  async delete(userId: string, recorded = false): Promise<void> {
    if (userId === NIL_ID) throw invalidArgument('the system user cannot be deleted');
    let effects: (() => void)[] = [];
    const isDeleted = await inTransaction(this.#db, async (transaction) => {
      effects = [];
      for (const data of this.#userData()) {
        await data.deleteOf?.(transaction, userId, (effect) => effects.push(effect));
      }
      const isFound = await deleteUser(transaction, userId);
      if (isFound && recorded) await insertTombstone(transaction, userId);
      return isFound;
    });
    if (!isDeleted) return;
    for (const effect of effects) effect();
    await this.#sessions.logoutEverywhere(userId);
    this.#sessions.disconnectUser(userId, 'this account was deleted');
  }

  /** Bans users: they cannot sign in, their tokens end, their sockets close. Unknown ones are no error. */
  async ban(userIds: readonly string[]): Promise<void> {
    if (userIds.length === 0) return;
    await setBanned(this.#db, userIds, true);
    for (const userId of userIds) {
      await this.#sessions.logoutEverywhere(userId);
      this.#sessions.disconnectBanned(userId);
    }
  }

  /** Lifts bans; tokens that a ban has ended stay dead. */
  async unban(userIds: readonly string[]): Promise<void> {
    if (userIds.length > 0) await setBanned(this.#db, userIds, false);
  }

  /** Everything that a user has, as text of JSON in the client API's names. @throws StatusError NOT_FOUND */
  async export(userId: string): Promise<string> {
    const account = await this.get(userId);
    const parts: Record<string, unknown> = {
      account: JSON.parse(toWireJson(AccountSchema, accountMessage(account, this.isOnline(userId)))) as unknown,
    };
    for (const data of this.#userData()) Object.assign(parts, await data.exportOf?.(this.#db, userId));
    return JSON.stringify(parts);
  }
}

function checkedChange(update: ProfileUpdate): ProfileChange {
  const { username, displayName, avatarUrl, langTag, location, timezone, metadata } = update;
  if (username !== undefined) checkUsername(username);
  for (const [field, limit] of Object.entries(longest)) {
    const value = update[field as keyof typeof longest];
    if (value !== undefined && [...value].length > limit)
      throw invalidArgument(`${field} may have ${limit} characters`);
  }
  if (langTag === '') throw invalidArgument('the language tag must not be empty');
  if (metadata !== undefined && Buffer.byteLength(metadata) > METADATA_MAX_BYTES) {
    throw invalidArgument(`metadata may have ${METADATA_MAX_BYTES} bytes`);
  }
  const change = {
    username,
    display_name: clearedIfEmpty(displayName),
    avatar_url: clearedIfEmpty(avatarUrl),
    lang_tag: langTag,
    location: clearedIfEmpty(location),
    timezone: clearedIfEmpty(timezone),
    metadata,
  };
  if (Object.values(change).every((value) => value === undefined)) throw invalidArgument('there is nothing to change');
  return change;
}

function clearedIfEmpty(value: string | undefined): string | null | undefined {
  return value === '' ? null : value;
}
