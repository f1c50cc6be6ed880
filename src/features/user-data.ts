import type { Db } from '../database/database.ts';

/** What a feature keeps of a user: how it goes with the account, and how it is exported. */
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
}
