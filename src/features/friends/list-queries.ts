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

/** As text: to assemble so many columns anew at every call would cost more than to read a row. */
const edgeColumns = sql.raw(
  'state as edge_state, position as edge_position, user_edge.update_time as edge_update_time, user_edge.metadata as edge_metadata',
);
const columnsOfUsers = sql.raw(userColumns.join(', '));

/**
 * Up to `limit` entries of a user by state and position, from a place on; of one state when given. The entries are
 * picked before the users are joined, in the order of the table's key: the length of the list does not matter.
 */
export async function listFriends(
  db: Db,
  userId: string,
  state: number | undefined,
  from: FriendPlace | undefined,
  limit: number,
): Promise<FriendRow[]> {
  const { rows } = await sql<FriendRow>`
    select edge_state, edge_position, edge_update_time, edge_metadata, ${columnsOfUsers}
    from (${pageOfEdges(userId, state, from, limit)}) as edge
    join users on users.id = edge.destination_id
    order by edge_state, edge_position`.execute(db);
  return rows;
}

/** As {@link listFriends}, without the users. */
export async function listEdges(
  db: Db,
  userId: string,
  from: FriendPlace | undefined,
  limit: number,
): Promise<(EdgeRow & { readonly destination_id: string })[]> {
  const page = pageOfEdges(userId, undefined, from, limit);
  return (await page.execute(db)).rows;
}

/** A user's entries about these others; there is none for who has none. */
export async function findFriends(db: Db, userId: string, otherIds: readonly string[]): Promise<FriendRow[]> {
  const { rows } = await sql<FriendRow>`
    select ${edgeColumns}, ${columnsOfUsers}
    from user_edge join users on users.id = user_edge.destination_id
    where source_id = ${userId}::uuid and destination_id = any(${otherIds}::uuid[])`.execute(db);
  return rows;
}

/**
 * Up to `limit` friends of a user's friends by the id of the friend in between and their own, from a place on. The user
 * and the user's own friends are left out. Goes from friend to friend, and no further than it takes to fill the page.
 */
export async function listFriendsOfFriends(
  db: Db,
  userId: string,
  from: FriendOfFriendPlace | undefined,
  limit: number,
): Promise<FriendOfFriendRow[]> {
  const isReferrerFromPlaceOn = from ? sql`and own.destination_id >= ${from.referrerId}::uuid` : sql``;
  const isFromPlaceOn = from
    ? sql`and (source_id, destination_id) >= (${from.referrerId}::uuid, ${from.userId}::uuid)`
    : sql``;
  const { rows } = await sql<FriendOfFriendRow>`
    select pair.referrer_id, ${columnsOfUsers}
    from (
      select own.destination_id as referrer_id, their.destination_id as user_id
      from user_edge own
      cross join lateral (
        select destination_id from user_edge
        where source_id = own.destination_id and state = ${EdgeState.FRIEND} and destination_id <> ${userId}::uuid
          and not exists (
            select from user_edge direct
            where direct.source_id = ${userId}::uuid and direct.destination_id = user_edge.destination_id
              and direct.state = ${EdgeState.FRIEND}
          )
          ${isFromPlaceOn}
        order by destination_id limit ${limit}
      ) as their
      where own.source_id = ${userId}::uuid and own.state = ${EdgeState.FRIEND} ${isReferrerFromPlaceOn}
      order by own.destination_id, their.destination_id limit ${limit}
    ) as pair
    join users on users.id = pair.user_id
    order by pair.referrer_id, pair.user_id`.execute(db);
  return rows;
}

function pageOfEdges(userId: string, state: number | undefined, from: FriendPlace | undefined, limit: number) {
  const isOfState = state === undefined ? sql`` : sql`and state = ${state}::int2`;
  const isFromPlaceOn = from ? sql`and (state, position) >= (${from.state}::int2, ${from.position}::int8)` : sql``;
  return sql<EdgeRow & { readonly destination_id: string }>`
    select destination_id, ${edgeColumns} from user_edge
    where source_id = ${userId}::uuid ${isOfState} ${isFromPlaceOn}
    order by state, position limit ${limit}`;
}
