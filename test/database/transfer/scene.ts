import { after } from 'node:test';
import { type OpenDatabase, openDatabase } from '../../../src/database/database.ts';
import { query, summarize, withExactText } from '../../../src/database/transfer/row-text.ts';
import { transferTables } from '../../../src/database/transfer/transfer-table.ts';
import { createTestDatabase } from '../../support/databases.ts';
import { moduleFolder } from '../../support/module-folder.ts';

/** The databases that rows are moved between; PostgreSQL when NK_TEST_POSTGRES names a server. */
export const kinds: readonly string[] = process.env.NK_TEST_POSTGRES ? ['memory', 'postgres'] : ['memory'];

/** An open database without tables or rows, closed by the tests' end. */
export async function emptyDatabase(kind: string, isMigrated = false): Promise<OpenDatabase> {
  const url = kind === 'postgres' ? await emptyServerDatabase() : 'memory';
  const database = await openDatabase({ url, isMigrated });
  after(() => database.stop());
  return database;
}

/** The URL of a database of its own on the server of the tests. */
export async function emptyServerDatabase(): Promise<string> {
  const { url, drop } = await createTestDatabase(process.env.NK_TEST_POSTGRES!);
  after(drop);
  return url;
}

export async function emptyFolder(): Promise<string> {
  return moduleFolder({ after }, {});
}

/** Fills a database with rows that lose something wherever a value is not carried as it is. */
export async function fill(database: OpenDatabase, messages = 50): Promise<void> {
  const { db } = database;
  await query(
    db,
    `insert into users (id, username, display_name, metadata, wallet, password, create_time) values
      ('11111111-1111-4111-8111-111111111111', 'anna', E'\\u2028 „Änna“ \\U0001F9ED\\r\\n\\t"\\\\',
        '{"big": 12345678901234567890123.000100, "deep": {"text": "\\u2029 x"}}', '{"gold": 9223372036854775807}',
        '\\x00ff0a22', '2024-02-29 23:59:59.123456+02'),
      ('22222222-2222-4222-8222-222222222222', 'bert', null, '{}', '{}', null, 'infinity')`,
  );
  await query(
    db,
    `insert into storage (collection, key, user_id, value, version) values
      ('a', 'Ä', '11111111-1111-4111-8111-111111111111', '{"n": 1e400}', 'v'),
      ('a', '', '11111111-1111-4111-8111-111111111111', '[]', 'v'), ('A', 'a', '22222222-2222-4222-8222-222222222222', '{}', 'v')`,
  );
  await query(
    db,
    `insert into notification (id, user_id, subject, code, sender_id, nk_vars) values
      (gen_random_uuid(), '11111111-1111-4111-8111-111111111111', 'x', -3, gen_random_uuid(), '{"game": "chess"}')`,
  );
  await query(db, `insert into leaderboard (id) values ('best')`);
  await query(
    db,
    `insert into leaderboard_record (leaderboard_id, owner_id, score) values ('best', gen_random_uuid(), 9223372036854775807)`,
  );
  await query(
    db,
    `insert into console_user (id, email, username, password, mfa_recovery_codes) values
      (gen_random_uuid(), 'a@example.com', 'admin', '\\x01', '\\xc328')`,
  );
  await query(
    db,
    `insert into nk_token_revocation values ('11111111-1111-4111-8111-111111111111', 1, 't', '-infinity', 'infinity')`,
  );
  await query(
    db,
    `insert into message (id, sender_id, username, stream_mode, stream_subject, stream_descriptor, stream_label, content, create_time)
      select gen_random_uuid(), '11111111-1111-4111-8111-111111111111', 'anna', 2, gen_random_uuid(), gen_random_uuid(), 'room',
        jsonb_build_object('n', n), now() + n * interval '1 microsecond'
      from generate_series(1, $1::int4) n`,
    [messages],
  );
}

/** Rows and checksum of every table. */
export async function contents(database: OpenDatabase): Promise<Record<string, string>> {
  return withExactText(database.db, async (db) => {
    const all: Record<string, string> = {};
    for (const table of await transferTables(db)) {
      const { rows, checksum } = await summarize(db, table);
      all[table.name] = `${rows} ${checksum}`;
    }
    return all;
  });
}
