import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import type { Db } from '../database/database.ts';
import { microsecondsFrom } from '../database/microseconds.ts';
import { readJson } from '../protocol/json-codec.ts';
import { jsonObjectProblem } from '../protocol/json-object.ts';
import { MalformedError } from '../protocol/malformed-error.ts';
import { invalidArgument } from '../protocol/status.ts';

/** What a feature keeps of a user: how it goes with the account, how it is exported and imported. */
export interface UserData {
  /**
   * The feature's part of an account export: fields by their name in the client API, values as on the wire. What is
   * empty is left out.
   */
  exportOf?(db: Db, userId: string): Promise<Readonly<Record<string, unknown>>>;
  /**
   * Removes what does not go with the `users` row by itself (the foreign keys of devices, friends, notifications,
   * storage and ledger do). Runs in the transaction that deletes the account, before the row is gone.
   * @param whenDone takes what is to be done once the account has been deleted: nothing that can fail
   */
  deleteOf?(transaction: Db, userId: string, whenDone: (effect: () => void) => void): Promise<void>;
  /**
   * Replaces what the user has by the feature's part of an export; what the export leaves out is empty. Runs in the
   * transaction of the whole import; the user exists.
   * @throws StatusError INVALID_ARGUMENT when the part is no such part
   */
  importOf?(transaction: Db, userId: string, exported: ExportedData): Promise<void>;
}

/** An account export as it was parsed: parts by their names. */
export type ExportedData = Readonly<Record<string, unknown>>;

/**
 * The messages of a part of an export; none when the export leaves it out.
 * @throws StatusError INVALID_ARGUMENT that names the entry
 */
export function exportedList<Desc extends DescMessage>(
  exported: ExportedData,
  part: string,
  schema: Desc,
): MessageShape<Desc>[] {
  const entries = exported[part] ?? [];
  if (!Array.isArray(entries)) throw invalidArgument(`${part} must be a list`);
  return entries.map((entry, i) => exportedMessage(entry, `${part}[${i}]`, schema));
}

/** One message of an export. @throws StatusError INVALID_ARGUMENT that names it */
export function exportedMessage<Desc extends DescMessage>(
  value: unknown,
  where: string,
  schema: Desc,
): MessageShape<Desc> {
  if (typeof value !== 'object' || value === null) throw invalidArgument(`${where} must be an object`);
  try {
    return readJson(schema, JSON.stringify(value), { ignoreUnknown: true, ignoreRest: false });
  } catch (error) {
    if (error instanceof MalformedError) throw invalidArgument(`${where}: ${error.message}`);
    throw error;
  }
}

/** Text of a JSON object in an export; `{}` when it is left out. @throws StatusError INVALID_ARGUMENT that names it */
export function exportedJson(text: string, where: string): string {
  if (text === '') return '{}';
  const problem = jsonObjectProblem(text);
  if (problem) throw invalidArgument(`${where} ${problem}`);
  return text;
}

/**
 * Times in microseconds for entries that an export has in order, oldest first, and cut to seconds: each later than the
 * one before, so that they stay in order.
 */
export function exportedTimes(times: readonly (Timestamp | undefined)[]): bigint[] {
  let last = -1n;
  return times.map((time) => {
    const micros = time ? microsecondsFrom(time) : 0n;
    last = micros > last ? micros : last + 1n;
    return last;
  });
}
