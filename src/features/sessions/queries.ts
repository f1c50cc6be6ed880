import { sql } from 'kysely';
import type { Db } from '../../database/database.ts';
import type { Revocation, RevocationStore } from './token-revocations.ts';

const kinds = ['session', 'refresh', 'all'] as const;

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
      .where('until', '>', sql<Date>`now()`)
      .execute();
    return rows.map((row): Revocation => {
      const until = row.until.getTime() / 1000;
      if (row.kind === kinds.indexOf('all')) {
        return { kind: 'all', userId: row.user_id, before: row.issued_before.getTime() / 1000, until };
      }
      return { kind: row.kind === 0 ? 'session' : 'refresh', userId: row.user_id, tokenId: row.token_id, until };
    });
  }

  async save(revocations: readonly Revocation[]): Promise<void> {
    const rows = revocations.map((revocation) => ({
      kind: kinds.indexOf(revocation.kind),
      user_id: revocation.userId,
      token_id: revocation.kind === 'all' ? '' : revocation.tokenId,
      issued_before: new Date(revocation.kind === 'all' ? revocation.before * 1000 : 0),
      until: new Date(revocation.until * 1000),
    }));
    await this.#db
      .insertInto('nk_token_revocation')
      .values(rows)
      .onConflict((conflict) =>
        conflict.columns(['user_id', 'kind', 'token_id']).doUpdateSet((eb) => ({
          issued_before: eb.ref('excluded.issued_before'),
          until: eb.ref('excluded.until'),
        })),
      )
      .execute();
  }

  async deleteExpired(): Promise<void> {
    await this.#db.deleteFrom('nk_token_revocation').where('until', '<', sql<Date>`now()`).execute();
  }
}

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
