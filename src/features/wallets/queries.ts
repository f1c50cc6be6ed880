import { sql } from 'kysely';
import type { Db } from '../../database/database.ts';
import { microsecondsOf, timestampOf } from '../../database/microseconds.ts';

/** Currencies and how much of each; whole numbers, never below zero. */
export type Wallet = Record<string, number>;

/** A row of the ledger. */
export interface LedgerRow {
  readonly id: string;
  readonly user_id: string;
  readonly changeset: string;
  readonly metadata: string;
  readonly create_time: Date;
  readonly update_time: Date;
  readonly create_micros: bigint;
}

/** A ledger entry to write. */
export interface LedgerEntry {
  readonly id: string;
  readonly userId: string;
  readonly changeset: string;
  readonly metadata: string;
  /** Later than that of the entry before. */
  readonly createMicros: bigint;
}

/** After which entry a page goes on. */
export interface LedgerPosition {
  readonly createMicros: bigint;
  readonly id: string;
}

/** Reads wallets and keeps them from changing until the transaction ends. Locks in the order of ids: no circles. */
export async function lockWallets(transaction: Db, userIds: readonly string[]): Promise<Map<string, Wallet>> {
  const rows = await transaction
    .selectFrom('users')
    .select(['id', 'wallet'])
    .where('id', '=', sql<string>`any(${userIds}::uuid[])`)
    .orderBy('id')
    .forUpdate()
    .execute();
  return new Map(rows.map((row) => [row.id, JSON.parse(row.wallet) as Wallet]));
}

/**
 * Sets what these currencies are now, in one statement for any number of wallets; the others stay as they are stored,
 * also where they are beyond what a number holds exactly.
 */
export async function storeWallets(transaction: Db, wallets: ReadonlyMap<string, Wallet>): Promise<void> {
  const texts = Array.from(wallets.values(), (wallet) => JSON.stringify(wallet));
  await sql`
    update users set wallet = users.wallet || changed.wallet, update_time = now()
    from unnest(${[...wallets.keys()]}::uuid[], ${texts}::jsonb[]) as changed (id, wallet)
    where users.id = changed.id`.execute(transaction);
}

/** Writes any number of entries; a parameter for each value of each would be more than a statement can have. */
export async function insertLedger(transaction: Db, entries: readonly LedgerEntry[]): Promise<void> {
  const column = (name: keyof LedgerEntry) => entries.map((entry) => String(entry[name]));
  await sql`
    insert into wallet_ledger (id, user_id, changeset, metadata, create_time, update_time)
    select id, user_id, changeset, metadata, time, time
    from (
      select *, ${timestampOf(sql.ref('micros'))} as time
      from unnest(
        ${column('id')}::uuid[], ${column('userId')}::uuid[], ${column('changeset')}::jsonb[],
        ${column('metadata')}::jsonb[], ${column('createMicros')}::int8[]
      ) as entry (id, user_id, changeset, metadata, micros)
    ) as entry`.execute(transaction);
}

/** A page of a user's ledger, newest first. */
export function listLedger(
  db: Db,
  userId: string,
  before: LedgerPosition | undefined,
  limit: number | undefined,
): Promise<LedgerRow[]> {
  return db
    .selectFrom('wallet_ledger')
    .selectAll()
    .select((eb) => microsecondsOf(eb.ref('create_time')).as('create_micros'))
    .where('user_id', '=', userId)
    .$if(before !== undefined, (query) =>
      query.where(sql<boolean>`(create_time, id) < (${timestampOf(before!.createMicros)}, ${before!.id}::uuid)`),
    )
    .orderBy('create_time', 'desc')
    .orderBy('id', 'desc')
    .$if(limit !== undefined, (query) => query.limit(limit!))
    .execute();
}

/** Adds to an entry's metadata; undefined when there is no such entry. */
export function extendLedgerMetadata(db: Db, id: string, metadata: string): Promise<LedgerRow | undefined> {
  return db
    .updateTable('wallet_ledger')
    .set({ metadata: sql<string>`metadata || ${metadata}::jsonb`, update_time: sql<Date>`now()` })
    .where('id', '=', id)
    .returningAll()
    .returning((eb) => microsecondsOf(eb.ref('create_time')).as('create_micros'))
    .executeTakeFirst();
}
