import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Db } from '../../database/database.ts';
import { isId } from '../../protocol/ids.ts';
import { invalidArgument } from '../../protocol/status.ts';
import { type ExportedData, exportedJson, exportedTimes } from '../user-data.ts';

/** Replaces a user's ledger by that of an export. An entry whose id is taken elsewhere gets another. */
export async function importLedger(transaction: Db, userId: string, exported: ExportedData): Promise<void> {
  const entries = ledgerOf(exported);
  await transaction.deleteFrom('wallet_ledger').where('user_id', '=', userId).execute();
  await sql`
    insert into wallet_ledger (id, user_id, changeset, metadata, create_time, update_time)
    select case when exists (select from wallet_ledger taken where taken.id = given.id) then gen_random_uuid()
        else given.id end,
      ${userId}::uuid, changeset, metadata,
      timestamptz 'epoch' + created * interval '1 microsecond', timestamptz 'epoch' + created * interval '1 microsecond'
    from unnest(${entries.map(({ id }) => id)}::uuid[], ${entries.map(({ changeset }) => changeset)}::jsonb[],
      ${entries.map(({ metadata }) => metadata)}::jsonb[], ${entries.map(({ micros }) => micros)}::int8[])
      as given (id, changeset, metadata, created)`.execute(transaction);
}

/** The entries of an export, oldest first. @throws StatusError INVALID_ARGUMENT */
function ledgerOf(exported: ExportedData) {
  const list = exported.wallet_ledgers ?? [];
  if (!Array.isArray(list)) throw invalidArgument('wallet_ledgers must be a list');
  const entries = list
    .map((entry: unknown, i) => {
      const where = `wallet_ledgers[${i}]`;
      if (typeof entry !== 'object' || entry === null) throw invalidArgument(`${where} must be an object`);
      const { id, changeset, metadata, create_time } = entry as Record<string, unknown>;
      const timeMs = Date.parse(String(create_time));
      if (Number.isNaN(timeMs)) throw invalidArgument(`${where}.create_time must be a time`);
      return {
        id: typeof id === 'string' && isId(id) ? id : randomUUID(),
        changeset: exportedJson(textOf(changeset), `${where}.changeset`),
        metadata: exportedJson(textOf(metadata), `${where}.metadata`),
        time: { seconds: BigInt(Math.floor(timeMs / 1000)), nanos: (timeMs % 1000) * 1_000_000 },
      };
    })
    .reverse();
  const times = exportedTimes(entries.map(({ time }) => ({ $typeName: 'google.protobuf.Timestamp', ...time })));
  return entries.map((entry, i) => ({ ...entry, micros: times[i]! }));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
