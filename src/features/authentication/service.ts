import { randomUUID } from 'node:crypto';
import type { Db } from '../../database/database.ts';
import { isUniqueViolation } from '../../database/errors.ts';
import { Status, StatusError } from '../../protocol/status.ts';
import { checkUsername } from '../accounts/index.ts';
import { hashPassword, isPassword } from './passwords.ts';
import { fillProfile, insertWithProvider, renameProvider } from './provider-queries.ts';
import {
  findByDevice,
  findByIdentity,
  findOrInsertWithDevice,
  insertWithCustomId,
  insertWithEmail,
  type SignInRow,
} from './queries.ts';
import { checkCustomId, checkDeviceId, checkPassword, cleanEmail, usernameOrGenerated } from './rules.ts';
import type { VerifiedIdentity } from './verified-identity.ts';

/** What every sign-in may say beside its credentials. */
export interface SignInOptions {
  /** For a new account; '' lets the server make one up. */
  readonly username: string;
  /** Whether an unknown identity makes a new account. */
  readonly create: boolean;
}

/** Who has signed in. */
export interface SignedIn {
  readonly userId: string;
  readonly username: string;
  readonly created: boolean;
}

/** An identity: how its account is found, verified and made. */
interface WayIn {
  readonly find: () => Promise<SignInRow | undefined>;
  readonly verify?: (row: SignInRow) => Promise<boolean>;
  /** Gives the account that is there; undefined when it has made one with this id. */
  readonly findOrInsert: (userId: string) => Promise<SignInRow | undefined>;
  /** Of a new account. */
  readonly username: string;
}

/** Two sign-ins that create the same account at once: the later one finds it at its second look. */
const ATTEMPTS = 2;

/** Signs players in by device, e-mail, username or custom id. Formats are checked before anything is looked up. */
export class AuthenticationService {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  async byDevice(deviceId: string, options: SignInOptions): Promise<SignedIn> {
    checkDeviceId(deviceId);
    const username = usernameOrGenerated(options.username);
    return this.#findOrCreate(options.create, {
      find: () => findByDevice(this.#db, deviceId),
      findOrInsert: (userId) => findOrInsertWithDevice(this.#db, userId, username, deviceId),
      username,
    });
  }

  async byCustomId(customId: string, options: SignInOptions): Promise<SignedIn> {
    checkCustomId(customId);
    const username = usernameOrGenerated(options.username);
    const find = () => findByIdentity(this.#db, 'custom_id', customId);
    return this.#findOrCreate(options.create, {
      find,
      findOrInsert: oneAfterTheOther(find, (userId) => insertWithCustomId(this.#db, userId, username, customId)),
      username,
    });
  }

  async byEmail(email: string, password: string, options: SignInOptions): Promise<SignedIn> {
    const address = cleanEmail(email);
    checkPassword(password);
    const username = usernameOrGenerated(options.username);
    const find = () => findByIdentity(this.#db, 'email', address);
    return this.#findOrCreate(options.create, {
      find,
      verify: (row) => isPassword(password, row.password),
      findOrInsert: oneAfterTheOther(find, async (userId) =>
        insertWithEmail(this.#db, userId, username, address, await hashPassword(password)),
      ),
      username,
    });
  }

  /** Signs in somebody for whom another company has vouched. */
  async byProvider(identity: VerifiedIdentity, options: SignInOptions): Promise<SignedIn> {
    const username = usernameOrGenerated(options.username);
    const find = () => this.#findByProvider(identity);
    const signedIn = await this.#findOrCreate(options.create, {
      find,
      findOrInsert: oneAfterTheOther(find, (userId) => insertWithProvider(this.#db, userId, username, identity)),
      username,
    });
    if (identity.fillsProfile && !signedIn.created) await fillProfile(this.#db, signedIn.userId, identity);
    return signedIn;
  }

  /** Never creates: an unknown username is NOT_FOUND. */
  async byUsername(username: string, password: string): Promise<SignedIn> {
    checkPassword(password);
    checkUsername(username);
    const row = await findByIdentity(this.#db, 'username', username);
    if (!row) throw noAccount();
    return this.#admit(row, await isPassword(password, row.password));
  }

  async #findByProvider(identity: VerifiedIdentity): Promise<SignInRow | undefined> {
    const row = await findByIdentity(this.#db, identity.column, identity.id);
    const { formerId } = identity;
    if (row || formerId === undefined) return row;
    await renameProvider(this.#db, { ...identity, formerId });
    return findByIdentity(this.#db, identity.column, identity.id);
  }

  async #findOrCreate(create: boolean, by: WayIn): Promise<SignedIn> {
    if (!create) {
      const known = await this.#findKnown(by);
      if (!known) throw noAccount();
      return known;
    }
    for (let attempt = 1; ; attempt++) {
      const userId = randomUUID();
      try {
        const found = await by.findOrInsert(userId);
        return found ? await this.#admitVerified(found, by) : { userId, username: by.username, created: true };
      } catch (error) {
        if (isUniqueViolation(error, 'users_username_key')) {
          // The name may have been taken just now, by this very account.
          const made = await this.#findKnown(by);
          if (made) return made;
          throw new StatusError(Status.ALREADY_EXISTS, 'this username is taken');
        }
        if (!isUniqueViolation(error) || attempt >= ATTEMPTS) throw error;
      }
    }
  }

  async #findKnown(by: WayIn): Promise<SignedIn | undefined> {
    const row = await by.find();
    return row && this.#admitVerified(row, by);
  }

  async #admitVerified(row: SignInRow, { verify }: WayIn): Promise<SignedIn> {
    return this.#admit(row, row.banned || !verify || (await verify(row)));
  }

  #admit(row: SignInRow, verified: boolean): SignedIn {
    if (row.banned) throw new StatusError(Status.PERMISSION_DENIED, 'this account is banned');
    if (!verified) throw new StatusError(Status.UNAUTHENTICATED, 'the credentials are wrong');
    return { userId: row.userId, username: row.username, created: false };
  }
}

/** Looks before it inserts, in a statement each. */
function oneAfterTheOther(find: WayIn['find'], insert: (userId: string) => Promise<void>): WayIn['findOrInsert'] {
  return async (userId) => {
    const row = await find();
    if (!row) await insert(userId);
    return row;
  };
}

function noAccount(): StatusError {
  return new StatusError(Status.NOT_FOUND, 'there is no such account');
}
