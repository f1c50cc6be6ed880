import { sql } from 'kysely';
import type { Db } from '../../database/database.ts';
import { NIL_ID } from '../../protocol/ids.ts';
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
/** Answers of friends are in whole seconds, so that nothing is lost. */
const secondsOf = (column: string) =>
  sql.raw(`floor(extract(epoch from ${column}))::int8 as ${column.split('.').at(-1)}`);
const jsonColumnsOfUsers = sql.join(
  userColumns.map((column) => {
    if (column === 'users.create_time' || column === 'users.update_time') return secondsOf(column);
    return sql.raw(column === 'users.metadata' ? 'users.metadata::text' : column);
  }),
);
/** Before every user's id. */
const nil = sql.raw(`'${NIL_ID}'::uuid`);

/**
 * Up to `limit` entries of a user by state and position, from a place on; of one state when given. The entries are
 * picked before the users are joined, in the order of the table's key: the length of the list does not matter.
 *
 * The page comes as one JSON text: to read a hundred friends' two thousand values one by one took some 200 µs more in a
 * micro-benchmark. What building the text costs the database was not measured.
 */
export async function listFriends(
  db: Db,
  userId: string,
  state: number | undefined,
  from: FriendPlace | undefined,
  limit: number,
): Promise<FriendRow[]> {
  const { rows } = await sql<{ page: string | null }>`
    select json_agg(friend order by edge_state, edge_position)::text as page
    from (
      select edge_state, edge_position::text, ${secondsOf('edge_update_time')}, edge_metadata::text, ${jsonColumnsOfUsers}
      from (${pageOfEdges(userId, state, from, limit)}) as edge
      join users on users.id = edge.destination_id
    ) as friend`.execute(db);
  const page = rows[0]?.page;
  return page ? (JSON.parse(page) as FriendInJson[]).map(friendRow) : [];
}

/** A {@link FriendRow} as JSON can hold it: times in seconds, the position as text. */
type FriendInJson = Omit<FriendRow, 'edge_position' | 'edge_update_time' | 'create_time' | 'update_time'> & {
  readonly edge_position: string;
  readonly edge_update_time: number;
  readonly create_time: number;
  readonly update_time: number;
};

function friendRow(friend: FriendInJson): FriendRow {
  return Object.assign(friend as unknown as FriendRow, {
    edge_position: BigInt(friend.edge_position),
    edge_update_time: new Date(friend.edge_update_time * 1000),
    create_time: new Date(friend.create_time * 1000),
    update_time: new Date(friend.update_time * 1000),
  });
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
 * Up to `limit` friends of a user's friends by the id of the friend in between and their own, after a place. The user
 * and the user's own friends are left out.
 *
 * Walks from one to the next, each step a look into the key by both users: a plan for all of them at once would be made
 * for a user with as many friends as most have, and read everything of one who has very many.
 */
export async function listFriendsOfFriends(
  db: Db,
  userId: string,
  after: FriendOfFriendPlace | undefined,
  limit: number,
): Promise<FriendOfFriendRow[]> {
  const { referrerId, userId: afterUserId } = after ?? { referrerId: NIL_ID, userId: NIL_ID };
  const { rows } = await sql<FriendOfFriendRow>`
    with recursive walk (referrer_id, user_id, found) as (
      (
        select destination_id, case destination_id when ${referrerId}::uuid then ${afterUserId}::uuid else ${nil} end, 0
        from user_edge
        where source_id = ${userId}::uuid and destination_id >= ${referrerId}::uuid and state = ${EdgeState.FRIEND}
        order by destination_id limit 1
      )
      union all
      select case when theirs.id is null then own.id else walk.referrer_id end, coalesce(theirs.id, ${nil}),
        case when theirs.id is null then walk.found else walk.found + 1 end
      from walk
      left join lateral (
        select destination_id as id from user_edge
        where source_id = walk.referrer_id and destination_id > walk.user_id and state = ${EdgeState.FRIEND}
          and destination_id <> ${userId}::uuid
          and (
            select direct.state from user_edge direct
            where direct.source_id = ${userId}::uuid and direct.destination_id = user_edge.destination_id
          ) is distinct from ${EdgeState.FRIEND}
        order by destination_id limit 1
      ) as theirs on true
      left join lateral (
        select destination_id as id from user_edge
        where theirs.id is null and source_id = ${userId}::uuid and destination_id > walk.referrer_id
          and state = ${EdgeState.FRIEND}
        order by destination_id limit 1
      ) as own on true
      where walk.found < ${limit} and coalesce(theirs.id, own.id) is not null
    )
    select walk.referrer_id, ${columnsOfUsers}
    from walk join users on users.id = walk.user_id
    where walk.found > 0 and walk.user_id <> ${nil}
    order by walk.referrer_id, walk.user_id`.execute(db);
  return rows;
}

/** Up to `limit` entries of a user by state and position, from a place on; of one state when given. */
export function pageOfEdges(userId: string, state: number | undefined, from: FriendPlace | undefined, limit: number) {
  const isInRange =
    state === undefined
      ? from && sql`and (state, position) >= (${from.state}::int2, ${from.position}::int8)`
      : sql`and state = ${state}::int2 ${from ? sql`and position >= ${from.position}::int8` : sql``}`;
  return sql<EdgeRow & { readonly destination_id: string }>`
    select destination_id, ${edgeColumns} from user_edge
    where source_id = ${userId}::uuid ${isInRange ?? sql``}
    order by state, position limit ${limit}`;
}
