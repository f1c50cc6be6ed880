import { sql } from 'kysely';
import type { Db } from '../../database/database.ts';
import { type UserRow, userColumns } from '../accounts/index.ts';
import type { FriendOfFriendPlace, FriendPlace } from './cursor.ts';
import { EdgeState } from './transitions.ts';

/** A user's entry about another one. */
export interface EdgeRow {
  readonly edge_state: EdgeState;
  readonly edge_position: bigint;
  readonly edge_update_time: Date;
  readonly edge_metadata: string;
}

/** An entry with the user that it is about. */
export type FriendRow = UserRow & EdgeRow;

/** A user that a friend is friends with. */
export type FriendOfFriendRow = UserRow & { readonly referrer_id: string };

const edgeColumns = [
  'user_edge.destination_id',
  'user_edge.state as edge_state',
  'user_edge.position as edge_position',
  'user_edge.update_time as edge_update_time',
  'user_edge.metadata as edge_metadata',
] as const;

/**
 * Up to `limit` entries of a user by state and position, from a place on; of one state when given. The entries are
 * picked before the users are joined, in the order of the table's key: the length of the list does not matter.
 */
export function listFriends(
  db: Db,
  userId: string,
  state: number | undefined,
  from: FriendPlace | undefined,
  limit: number,
): Promise<FriendRow[]> {
  return db
    .selectFrom(pageOfEdges(db, userId, state, from, limit).as('edge'))
    .innerJoin('users', 'users.id', 'edge.destination_id')
    .select(['edge.edge_state', 'edge.edge_position', 'edge.edge_update_time', 'edge.edge_metadata', ...userColumns])
    .orderBy('edge.edge_state')
    .orderBy('edge.edge_position')
    .execute() as Promise<FriendRow[]>;
}

/** As {@link listFriends}, without the users. */
export function listEdges(
  db: Db,
  userId: string,
  from: FriendPlace | undefined,
  limit: number,
): Promise<(EdgeRow & { readonly destination_id: string })[]> {
  return pageOfEdges(db, userId, undefined, from, limit).execute() as Promise<
    (EdgeRow & { readonly destination_id: string })[]
  >;
}

/** A user's entries about these others; there is none for who has none. */
export function findFriends(db: Db, userId: string, otherIds: readonly string[]): Promise<FriendRow[]> {
  return db
    .selectFrom('user_edge')
    .innerJoin('users', 'users.id', 'user_edge.destination_id')
    .select([...edgeColumns, ...userColumns])
    .where('user_edge.source_id', '=', userId)
    .where('user_edge.destination_id', '=', sql<string>`any(${otherIds}::uuid[])`)
    .execute() as Promise<FriendRow[]>;
}

/**
 * Up to `limit` friends of a user's friends by the id of the friend in between and their own, from a place on. The user
 * and the user's own friends are left out.
 */
export function listFriendsOfFriends(
  db: Db,
  userId: string,
  from: FriendOfFriendPlace | undefined,
  limit: number,
): Promise<FriendOfFriendRow[]> {
  const pairs = db
    .selectFrom('user_edge as own')
    .innerJoin('user_edge as their', 'their.source_id', 'own.destination_id')
    .select(['own.destination_id as referrer_id', 'their.destination_id as user_id'])
    .where('own.source_id', '=', userId)
    .where('own.state', '=', EdgeState.FRIEND)
    .where('their.state', '=', EdgeState.FRIEND)
    .where('their.destination_id', '!=', userId)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('user_edge as direct')
            .select('direct.state')
            .where('direct.source_id', '=', userId)
            .whereRef('direct.destination_id', '=', 'their.destination_id')
            .where('direct.state', '=', EdgeState.FRIEND),
        ),
      ),
    )
    .$if(from !== undefined, (query) =>
      query
        // The first condition follows from the second; it is the one that an index can begin with.
        .where('own.destination_id', '>=', from!.referrerId)
        .where(
          sql<boolean>`(own.destination_id, their.destination_id) >= (${from!.referrerId}::uuid, ${from!.userId}::uuid)`,
        ),
    )
    .orderBy('own.destination_id')
    .orderBy('their.destination_id')
    .limit(limit);
  return db
    .selectFrom(pairs.as('pair'))
    .innerJoin('users', 'users.id', 'pair.user_id')
    .select(['pair.referrer_id', ...userColumns])
    .orderBy('pair.referrer_id')
    .orderBy('pair.user_id')
    .execute();
}

function pageOfEdges(db: Db, userId: string, state: number | undefined, from: FriendPlace | undefined, limit: number) {
  return db
    .selectFrom('user_edge')
    .select(edgeColumns)
    .where('source_id', '=', userId)
    .$if(state !== undefined, (query) => query.where('state', '=', state!))
    .$if(from !== undefined, (query) =>
      query.where(sql<boolean>`(state, position) >= (${from!.state}::int2, ${from!.position}::int8)`),
    )
    .orderBy('state')
    .orderBy('position')
    .limit(limit);
}
