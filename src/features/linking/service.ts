import { type Db, inTransaction, isForeignKeyViolation, isUniqueViolation } from '../../database/database.ts';
import { invalidArgument, Status, StatusError } from '../../protocol/status.ts';
import {
  checkCustomId,
  checkDeviceId,
  checkPassword,
  cleanEmail,
  hashPassword,
  renameProvider,
  setProvider,
  type VerifiedIdentity,
} from '../authentication/index.ts';
import {
  addDevice,
  clearIdentity,
  type IdentityColumn,
  lockUser,
  removeDevice,
  setIdentity,
  touchUser,
} from './queries.ts';

/** Adds ways in to accounts and takes them away; the last one cannot be taken. */
export class LinkingService {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /** @throws StatusError ALREADY_EXISTS when it is another account's */
  async linkDevice(userId: string, deviceId: string): Promise<void> {
    checkDeviceId(deviceId);
    try {
      await inTransaction(this.#db, async (transaction) => {
        if (!(await addDevice(transaction, userId, deviceId))) throw taken('device id');
        await touchUser(transaction, userId);
      });
    } catch (error) {
      if (isForeignKeyViolation(error)) throw noAccount();
      throw error;
    }
  }

  /** Replaces the custom id that the account had. @throws StatusError ALREADY_EXISTS when it is another account's */
  async linkCustom(userId: string, customId: string): Promise<void> {
    checkCustomId(customId);
    await this.link(userId, 'custom_id', customId, 'custom id');
  }

  /** Replaces the address and the password that the account had. */
  async linkEmail(userId: string, email: string, password: string): Promise<void> {
    if (email === '' || password === '') throw invalidArgument('an e-mail address and a password are required');
    const address = cleanEmail(email);
    checkPassword(password);
    await this.link(userId, 'email', address, 'e-mail address', await hashPassword(password));
  }

  /** Sets a way in that has been verified. @throws StatusError ALREADY_EXISTS when it is another account's */
  async link(userId: string, column: IdentityColumn, value: string, what: string, password?: Buffer): Promise<void> {
    try {
      if (!(await setIdentity(this.#db, userId, column, value, password))) throw noAccount();
    } catch (error) {
      if (isUniqueViolation(error)) throw taken(what);
      throw error;
    }
  }

  /** As {@link link}, for an identity at another company; fills the display name, avatar and address that are missing. */
  async linkProvider(userId: string, identity: VerifiedIdentity, what: string): Promise<void> {
    const { formerId, email } = identity;
    if (formerId !== undefined) await renameProvider(this.#db, { ...identity, formerId });
    try {
      if (!(await setProvider(this.#db, userId, identity))) throw noAccount();
    } catch (error) {
      // Somebody took the address just now: the link goes on without it.
      if (email !== undefined && isUniqueViolation(error, 'users_email_key')) {
        return this.linkProvider(userId, { ...identity, email: undefined }, what);
      }
      if (isUniqueViolation(error)) throw taken(what);
      throw error;
    }
  }

  /** @throws StatusError PERMISSION_DENIED when it is not linked, or the last way in */
  async unlinkDevice(userId: string, deviceId: string): Promise<void> {
    if (deviceId === '') throw invalidArgument('a device id is required');
    await this.#unlink(userId, async (transaction) => {
      const isRemoved = await removeDevice(transaction, userId, deviceId);
      if (isRemoved) await touchUser(transaction, userId);
      return isRemoved;
    });
  }

  /**
   * Clears a way in; with a value only when it is that one.
   * @throws StatusError PERMISSION_DENIED when it is another one, or the last way in
   */
  async unlink(userId: string, column: IdentityColumn, value: string | undefined): Promise<void> {
    await this.#unlink(userId, (transaction) => clearIdentity(transaction, userId, column, value));
  }

  /** As {@link unlink}, for an address as the user writes it. */
  async unlinkEmail(userId: string, email: string): Promise<void> {
    await this.unlink(userId, 'email', email === '' ? undefined : email.toLowerCase());
  }

  async #unlink(userId: string, remove: (transaction: Db) => Promise<boolean>): Promise<void> {
    await inTransaction(this.#db, async (transaction) => {
      await lockUser(transaction, userId);
      if (!(await remove(transaction))) {
        throw new StatusError(Status.PERMISSION_DENIED, 'this is not linked, or the last way to sign in');
      }
    });
  }
}

function taken(what: string): StatusError {
  return new StatusError(Status.ALREADY_EXISTS, `this ${what} belongs to another account`);
}

function noAccount(): StatusError {
  return new StatusError(Status.NOT_FOUND, 'there is no such account');
}
