import { randomUUID } from 'node:crypto';
import { type Db, inTransaction, isUniqueViolation, isUnstorable } from '../../database/database.ts';
import { AccountSchema } from '../../protocol/gen/nakama/api/api_pb.js';
import { NIL_ID } from '../../protocol/ids.ts';
import { toWireJson } from '../../protocol/json-codec.ts';
import { invalidArgument, Status, StatusError } from '../../protocol/status.ts';
import type { ExportedData, UserData } from '../user-data.ts';
import { importedAccount, insertAccount, overwriteAccount } from './import.ts';
import { accountMessage } from './messages.ts';
import { checkedChange, type ProfileUpdate } from './profile.ts';
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
  updateProfiles,
} from './queries.ts';

/** Tells whether a user is seen as online. */
export type OnlineCheck = (userId: string) => boolean;

/** Ends what a user has open. */
export interface SessionEnd {
  logoutEverywhere(userIds: readonly string[]): Promise<void>;
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
    if (!row) throw noAccount();
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
    await refusalsOfChange(() => updateProfile(db, userId, change));
  }

  /**
   * Changes profiles as if one after the other, within a transaction: one statement for all of them, and one for each
   * username that changes, since the next one may be free only then. @throws StatusError as {@link update}
   */
  async updateMany(updates: readonly (ProfileUpdate & { readonly userId: string })[], transaction: Db): Promise<void> {
    const merged = new Map<string, ProfileChange>();
    const renamed: { userId: string; username: string }[] = [];
    for (const { userId, ...update } of updates) {
      const { username, ...change } = checkedChange(update);
      if (username !== undefined) renamed.push({ userId, username });
      const given = Object.entries(change).filter(([, value]) => value !== undefined);
      if (given.length > 0) merged.set(userId, { ...merged.get(userId), ...Object.fromEntries(given) });
    }
    await refusalsOfChange(async () => {
      for (const { userId, username } of renamed) await updateProfile(transaction, userId, { username });
      if (merged.size > 0) await updateProfiles(transaction, merged);
    });
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
    await this.#sessions.logoutEverywhere([userId]);
    this.#sessions.disconnectUser(userId, 'this account was deleted');
  }

  /** Bans users: they cannot sign in, their tokens end, their sockets close. Unknown ones are no error. */
  async ban(userIds: readonly string[]): Promise<void> {
    if (userIds.length === 0) return;
    await setBanned(this.#db, userIds, true);
    const distinct = [...new Set(userIds)];
    await this.#sessions.logoutEverywhere(distinct);
    for (const userId of distinct) this.#sessions.disconnectBanned(userId);
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

  /**
   * Takes an export in, all of it or nothing. Into a user who exists: profile, metadata, wallet and what the features
   * keep are replaced, name and ways in stay. Without one the account is made as it was, but for its password.
   * Members of groups and chat messages are not taken in: they belong to the groups and channels.
   * @returns the account as it is then
   * @throws StatusError INVALID_ARGUMENT for what is no export, NOT_FOUND, or ALREADY_EXISTS when the id, the name or a
   *   way in of an account to make is taken
   */
  async import(text: string, userId: string | undefined): Promise<AccountRow> {
    const exported = parsedExport(text);
    const account = importedAccount(exported);
    try {
      const id = await inTransaction(this.#db, async (transaction) => {
        const importedId = userId ?? (await insertAccount(transaction, account));
        if (userId !== undefined && !(await overwriteAccount(transaction, userId, account))) throw noAccount();
        for (const data of this.#userData()) await data.importOf?.(transaction, importedId, exported);
        return importedId;
      });
      return await this.get(id);
    } catch (error) {
      if (isUnstorable(error)) throw invalidArgument('the export holds something that cannot be stored');
      if (isUniqueViolation(error)) throw new StatusError(Status.ALREADY_EXISTS, takenText(error));
      throw error;
    }
  }
}

/** What the database refuses of a change of profiles, in words for who asked for it. */
async function refusalsOfChange(change: () => Promise<void>): Promise<void> {
  try {
    await change();
  } catch (error) {
    if (isUnstorable(error)) throw invalidArgument('the change holds text that cannot be stored');
    if (!isUniqueViolation(error, 'users_username_key')) throw error;
    throw new StatusError(Status.ALREADY_EXISTS, 'this username is taken');
  }
}

/** @throws StatusError INVALID_ARGUMENT */
function parsedExport(text: string): ExportedData {
  try {
    const exported: unknown = JSON.parse(text);
    if (typeof exported === 'object' && exported !== null && !Array.isArray(exported)) return exported as ExportedData;
  } catch {
    // Not JSON: answered below like JSON that is no object.
  }
  throw invalidArgument('an account export is text of a JSON object');
}

const takenByConstraint = new Map([
  ['users_pkey', 'the id of the account is taken'],
  ['users_username_key', 'the username of the account is taken'],
  ['storage_pkey', 'the export has an object twice'],
]);

function takenText(error: unknown): string {
  for (const [constraint, text] of takenByConstraint) if (isUniqueViolation(error, constraint)) return text;
  return 'something that only one account may have belongs to another one';
}

function noAccount(): StatusError {
  return new StatusError(Status.NOT_FOUND, 'there is no such account');
}
