import { sql } from 'kysely';
import type { Db } from '../../database/database.ts';
import type { FriendService } from './friend-source.ts';
import { EdgeState, type Relationship } from './transitions.ts';

/** An entry to write: a new one, or another state of one that is there. */
export interface EdgeWrite {
  readonly sourceId: string;
  readonly destinationId: string;
  readonly state: EdgeState;
  /** Only for a new one: nanoseconds since 1970, unique for the source. */
  readonly position: bigint;
  /** Text of a JSON object; merged over what an entry has. */
  readonly metadata: string;
}

/** An entry by its two ends. */
export interface EdgeEnds {
  readonly sourceId: string;
  readonly destinationId: string;
}

/** How a user stands to another one. */
export interface FoundRelationship extends Relationship {
  readonly otherId: string;
}

export interface LockedUser {
  readonly id: string;
  readonly username: string;
}

/**
 * Finds users and keeps the relationships between them from changing until the transaction ends: who changes one locks
 * both users first. Locks in the order of ids: no circles.
 */
export function lockUsers(
  transaction: Db,
  ids: readonly string[],
  usernames: readonly string[],
): Promise<LockedUser[]> {
  return transaction
    .selectFrom('users')
    .select(['id', 'username'])
    .where((eb) =>
      eb.or([
        eb('id', '=', sql<string>`any(${ids}::uuid[])`),
        eb('username', '=', sql<string>`any(${usernames}::text[])`),
      ]),
    )
    .orderBy('id')
    .forNoKeyUpdate()
    .execute();
}

/** How a user stands to each of the others, and they to the user. */
export async function findRelationships(
  db: Db,
  userId: string,
  otherIds: readonly string[],
): Promise<FoundRelationship[]> {
  const { rows } = await sql<FoundRelationship>`
    select other.id as "otherId", own.state as mine, their.state as theirs
    from unnest(${otherIds}::uuid[]) as other (id)
    left join user_edge own on own.source_id = ${userId}::uuid and own.destination_id = other.id
    left join user_edge their on their.source_id = other.id and their.destination_id = ${userId}::uuid`.execute(db);
  return rows;
}

/** Who has an entry about the user. */
export async function findNeighbourIds(db: Db, userId: string): Promise<string[]> {
  const rows = await db.selectFrom('user_edge').select('source_id').where('destination_id', '=', userId).execute();
  return rows.map(({ source_id }) => source_id);
}

/** Writes entries: new ones, and other states of those that are there, which keep their place among the older ones. */
export async function writeEdges(transaction: Db, edges: readonly EdgeWrite[]): Promise<void> {
  await sql`
    insert into user_edge (source_id, destination_id, state, position, metadata, update_time)
    select *, now() from unnest(${edges.map((edge) => edge.sourceId)}::uuid[],
      ${edges.map((edge) => edge.destinationId)}::uuid[], ${edges.map((edge) => edge.state)}::int2[],
      ${edges.map((edge) => edge.position)}::int8[], ${edges.map((edge) => edge.metadata)}::jsonb[])
    on conflict (source_id, destination_id) do update set
      state = excluded.state, metadata = user_edge.metadata || excluded.metadata, update_time = excluded.update_time
    `.execute(transaction);
}

export async function deleteEdges(transaction: Db, edges: readonly EdgeEnds[]): Promise<void> {
  await sql`
    delete from user_edge using unnest(${edges.map((edge) => edge.sourceId)}::uuid[],
      ${edges.map((edge) => edge.destinationId)}::uuid[]) as gone (source_id, destination_id)
    where user_edge.source_id = gone.source_id and user_edge.destination_id = gone.destination_id`.execute(transaction);
}

/** Deletes all entries of a user and about a user but blocks; gives the owner of each. */
export async function deleteEdgesAround(transaction: Db, userId: string): Promise<string[]> {
  const rows = await transaction
    .deleteFrom('user_edge')
    .where((eb) => eb.or([eb('source_id', '=', userId), eb('destination_id', '=', userId)]))
    .where('state', '!=', EdgeState.BLOCKED)
    .returning('source_id')
    .execute();
  return rows.map(({ source_id }) => source_id);
}

/** Adds to how many entries users have; one statement for any number of them. */
export async function addToEdgeCounts(transaction: Db, deltas: ReadonlyMap<string, number>): Promise<void> {
  await sql`
    update users set edge_count = greatest(edge_count + change.delta, 0), update_time = now()
    from unnest(${[...deltas.keys()]}::uuid[], ${[...deltas.values()]}::int[]) as change (id, delta)
    where users.id = change.id`.execute(transaction);
}

/** Replaces an entry's metadata; no entry is no error. */
export async function replaceMetadata(db: Db, { sourceId, destinationId }: EdgeEnds, metadata: string): Promise<void> {
  await db
    .updateTable('user_edge')
    .set({ metadata })
    .where('source_id', '=', sourceId)
    .where('destination_id', '=', destinationId)
    .execute();
}

/** The users with these ids on another service. */
export async function findUserIdsOn(db: Db, service: FriendService, ids: readonly string[]): Promise<string[]> {
  const rows = await db
    .selectFrom('users')
    .select('id')
    .where(`${service}_id`, '=', sql<string>`any(${ids}::text[])`)
    .execute();
  return rows.map(({ id }) => id);
}
