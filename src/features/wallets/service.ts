import { randomUUID } from 'node:crypto';
import { type Db, inTransaction } from '../../database/database.ts';
import { Status, StatusError } from '../../protocol/status.ts';
import { MicrosecondClock } from '../../realtime/microsecond-clock.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import {
  extendLedgerMetadata,
  insertLedger,
  type LedgerEntry,
  type LedgerRow,
  listLedger,
  lockWallets,
  storeWallets,
  type Wallet,
} from './queries.ts';

/** A change of one wallet. */
export interface WalletChange {
  readonly userId: string;
  /** What is added to each currency; whole numbers, below zero to take. */
  readonly changeset: Readonly<Record<string, number>>;
  /** For the ledger. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A wallet before and after a change. */
export interface WalletResult {
  readonly userId: string;
  readonly previous: Wallet;
  readonly updated: Wallet;
}

export interface LedgerPage {
  readonly items: readonly LedgerRow[];
  /** null when nothing follows. */
  readonly cursor: string | null;
}

/** Wallets: how much a player has of each currency, and the ledger of how it came to be. */
export class WalletsService {
  readonly #db: Db;
  /** The database may have two entries at one time, of a single statement above all. */
  readonly #clock = new MicrosecondClock();

  constructor(db: Db) {
    this.#db = db;
  }

  /**
   * Applies changes in one transaction: all of them or none. Users that do not exist are left out of the answer.
   * Works within a transaction that is given.
   * @throws StatusError FAILED_PRECONDITION when a currency would fall below zero
   */
  async update(changes: readonly WalletChange[], withLedger: boolean, db: Db = this.#db): Promise<WalletResult[]> {
    if (changes.length === 0) return [];
    return inTransaction(db, async (transaction) => {
      const wallets = await lockWallets(
        transaction,
        changes.map(({ userId }) => userId),
      );
      const known = changes.filter(({ userId }) => wallets.has(userId));
      const touched = new Map<string, Wallet>();
      const results = known.map(({ userId, changeset }) => {
        const previous = wallets.get(userId)!;
        const sums = sumsOf(previous, changeset);
        const updated = merged(previous, sums);
        wallets.set(userId, updated);
        touched.set(userId, merged(touched.get(userId) ?? {}, sums));
        return { userId, previous, updated };
      });
      if (known.length === 0) return results;
      await storeWallets(transaction, touched);
      if (withLedger)
        await insertLedger(
          transaction,
          known.map((change) => ledgerEntry(change, this.#clock.next())),
        );
      return results;
    });
  }

  /** A page of a user's ledger, newest first; all of it without a limit. @throws StatusError INVALID_ARGUMENT */
  async ledger(userId: string, limit: number | undefined, cursor: string): Promise<LedgerPage> {
    const before = cursor === '' ? undefined : decodeCursor(cursor, userId);
    const rows = await listLedger(this.#db, userId, before, limit === undefined ? undefined : limit + 1);
    if (limit === undefined || rows.length <= limit) return { items: rows, cursor: null };
    const items = rows.slice(0, limit);
    const last = items.at(-1)!;
    return { items, cursor: encodeCursor(userId, { createMicros: last.create_micros, id: last.id }) };
  }

  /** Adds to the metadata of a ledger entry. @throws StatusError NOT_FOUND */
  async extendMetadata(id: string, metadata: Readonly<Record<string, unknown>>): Promise<LedgerRow> {
    const row = await extendLedgerMetadata(this.#db, id, JSON.stringify(metadata));
    if (!row) throw new StatusError(Status.NOT_FOUND, 'there is no such ledger entry');
    return row;
  }
}

/** What there is of the currencies of a changeset once it has been applied. */
function sumsOf(wallet: Wallet, changeset: Readonly<Record<string, number>>): Wallet {
  const sums = Object.entries(changeset).map(([currency, amount]): [string, number] => {
    const sum = (Object.hasOwn(wallet, currency) ? wallet[currency]! : 0) + amount;
    if (sum < 0) throw new StatusError(Status.FAILED_PRECONDITION, `the wallet has too little of "${currency}"`);
    if (!Number.isSafeInteger(sum)) {
      throw new StatusError(Status.OUT_OF_RANGE, `the wallet cannot hold so much of "${currency}"`);
    }
    return [currency, sum];
  });
  return Object.fromEntries(sums);
}

/** Not by a spread: a currency may be called like a member of every object. */
function merged(wallet: Wallet, sums: Wallet): Wallet {
  return Object.fromEntries([...Object.entries(wallet), ...Object.entries(sums)]);
}

function ledgerEntry({ userId, changeset, metadata }: WalletChange, createMicros: bigint): LedgerEntry {
  const [changes, facts] = [JSON.stringify(changeset), JSON.stringify(metadata)];
  return { id: randomUUID(), userId, changeset: changes, metadata: facts, createMicros };
}
