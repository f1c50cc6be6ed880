import { sql } from 'kysely';
import type { Db } from '../../database/database.ts';
import type { Revocation, RevocationStore } from './token-revocations.ts';

const kinds = ['session', 'refresh', 'all'] as const;
const LOGOUT_OF_ALL = kinds.indexOf('all');
/** How long tokens of a user live that outlive those that the configuration makes: no revocation, but in their table. */
const LONG_LIFE = 3;

/** Logged-out tokens in the database, so that a restart does not bring them back to life. */
export class StoredRevocations implements RevocationStore {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  async load(): Promise<Revocation[]> {
    const rows = await this.#db
      .selectFrom('nk_token_revocation')
      .select(['kind', 'user_id', 'token_id', 'issued_before', 'until'])
      .where('until', '>', new Date())
      .where('kind', '<>', LONG_LIFE)
      .execute();
    return rows.map((row): Revocation => {
      const until = row.until.getTime() / 1000;
      if (row.kind === LOGOUT_OF_ALL) {
        return { kind: 'all', userId: row.user_id, before: row.issued_before.getTime() / 1000, until };
      }
      return { kind: row.kind === 0 ? 'session' : 'refresh', userId: row.user_id, tokenId: row.token_id, until };
    });
  }

  async save(revocations: readonly Revocation[]): Promise<Revocation[]> {
    const userIds = revocations.map(({ userId }) => userId);
    // When the last token ends that a logout of everything has to keep out. Read before the rows are written: looked up
    // for each of them, the table that grows was read again and again.
    const { rows: saved } = await sql<{ until: Date }>`
      with long as materialized (
        select user_id, until from nk_token_revocation
        where user_id = any(${userIds}::uuid[]) and kind = ${LONG_LIFE} and token_id = ''
      )
      insert into nk_token_revocation (user_id, kind, token_id, issued_before, until)
      select given.user_id, kind, token_id, to_timestamp(before),
        case kind when ${LOGOUT_OF_ALL} then greatest(to_timestamp(given.until), long.until) else to_timestamp(given.until) end
      from unnest(
        ${userIds}::uuid[], ${revocations.map(({ kind }) => kinds.indexOf(kind))}::int2[],
        ${revocations.map((revocation) => (revocation.kind === 'all' ? '' : revocation.tokenId))}::text[],
        ${revocations.map((revocation) => (revocation.kind === 'all' ? revocation.before : 0))}::float8[],
        ${revocations.map(({ until }) => until)}::float8[]
      ) with ordinality as given (user_id, kind, token_id, before, until, place)
      left join long on long.user_id = given.user_id
      order by place
      on conflict (user_id, kind, token_id) do update set issued_before = excluded.issued_before, until = excluded.until
      returning until`.execute(this.#db);
    return revocations.map((revocation, i) => ({ ...revocation, until: saved[i]!.until.getTime() / 1000 }));
  }

  async noteLongLife(userId: string, until: number): Promise<void> {
    await sql`
      insert into nk_token_revocation (user_id, kind, token_id, issued_before, until)
      values (${userId}, ${LONG_LIFE}, '', 'epoch', ${new Date(Math.min(until, MAX_EPOCH_SEC) * 1000)})
      on conflict (user_id, kind, token_id)
        do update set until = greatest(nk_token_revocation.until, excluded.until)`.execute(this.#db);
  }

  async deleteExpired(): Promise<void> {
    await this.#db.deleteFrom('nk_token_revocation').where('until', '<', new Date()).execute();
  }
}

/** The last second of the year 9999: dates of JavaScript and of PostgreSQL agree until then. */
const MAX_EPOCH_SEC = 253_402_300_799;

/** What a refresh needs to know of a user; undefined when there is none. */
export async function findSessionUser(
  db: Db,
  userId: string,
): Promise<{ username: string; banned: boolean } | undefined> {
  const row = await db
    .selectFrom('users')
    .select(['username', 'disable_time'])
    .where('id', '=', userId)
    .executeTakeFirst();
  return row && { username: row.username, banned: row.disable_time.getTime() !== 0 };
}
