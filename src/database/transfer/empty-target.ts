import type { Db } from '../database.ts';
import { DatabaseError } from '../errors.ts';
import { query } from './row-text.ts';
import { quoted, transferTables } from './transfer-table.ts';

/** Rows that the migrations themselves make: the system user, and a setting. */
const madeByMigration: Readonly<Record<string, string>> = {
  users: `id = '00000000-0000-0000-0000-000000000000'`,
  setting: `name = 'utc_toggle'`,
};

/**
 * Checks that a database has no rows but those that the migrations make; it may have no tables at all.
 * @throws DatabaseError that names a table with rows, or the encoding when that is not UTF-8
 */
export async function refuseUnlessEmpty(db: Db, description: string): Promise<void> {
  const [encoding] = await query<{ server_encoding: string }>(db, 'show server_encoding');
  if (encoding?.server_encoding !== 'UTF8') {
    throw new DatabaseError(
      `database ${description} is encoded in ${encoding?.server_encoding}: create it with encoding UTF8`,
    );
  }
  for (const { name } of await transferTables(db)) {
    const others = madeByMigration[name] ? `where not (${madeByMigration[name]})` : '';
    const [row] = await query(db, `select 1 from ${quoted(name)} ${others} limit 1`);
    if (row) {
      throw new DatabaseError(
        `database ${description} is not empty: its table ${name} has rows; name an empty database`,
      );
    }
  }
}

/** Removes the rows that the migrations made: the copied ones take their place. */
export async function removeMigrationRows(db: Db): Promise<void> {
  for (const name of Object.keys(madeByMigration)) await query(db, `delete from ${quoted(name)}`);
}
