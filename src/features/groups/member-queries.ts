import { sql } from 'kysely';
import type { Db } from '../../database/database.ts';
import { NIL_ID } from '../../protocol/ids.ts';
import { type UserRow, userColumns } from '../accounts/index.ts';
import { GroupState } from './group.ts';
import { type GroupRow, groupColumns, NOT_DISABLED } from './queries.ts';

/*
 * A membership is two rows: group to user and user to group; of a ban there is only the first. Who locks takes users
 * first and then groups, each in the order of their ids: no circles.
 */

/** A place in a listing: rows by state, then by position. */
export interface EdgePlace {
  readonly state: number;
  /** Nanoseconds since 1970: when the user came, or asked. */
  readonly position: bigint;
}

/** A new row of a membership. */
export interface NewEdge {
  readonly userId: string;
  readonly position: bigint;
}

/** Which rows of a listing are wanted. */
export interface EdgeRange {
  /** Only this state; without it all but the banned. */
  readonly state: number | undefined;
  readonly after: EdgePlace | undefined;
  readonly limit: number;
}

export type MemberRow = UserRow & { readonly edge_state: number; readonly position: bigint };
export type UserGroupRow = GroupRow & { readonly edge_state: number; readonly position: bigint };

/** The names of those that exist, the system's own user aside; none of them can be deleted until the transaction ends. */
export async function lockUsers(transaction: Db, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await transaction
    .selectFrom('users')
    .select(['id', 'username'])
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .where('id', '!=', NIL_ID)
    .orderBy('id')
    .forKeyShare()
    .execute();
  return new Map(rows.map(({ id, username }) => [id, username]));
}

/** What each of these users is in the group; those that are nothing are not in the answer. */
export async function findStates(db: Db, groupId: string, userIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('group_edge')
    .select(['destination_id', 'state'])
    .where('source_id', '=', groupId)
    .where('destination_id', '=', sql<string>`any(${userIds}::uuid[])`)
    .execute();
  return new Map(rows.map(({ destination_id, state }) => [destination_id, state]));
}

/** How many superadmins the group has; not more than `limit` are counted. */
export async function countSuperadmins(db: Db, groupId: string, limit: number): Promise<number> {
  const rows = await selectMembers(db, groupId, GroupState.SUPERADMIN).limit(limit).execute();
  return rows.length;
}

/** The highest rank that anybody else has in the group; undefined without other members. */
export async function otherRank(db: Db, groupId: string, userId: string): Promise<number | undefined> {
  const row = await selectMembers(db, groupId, GroupState.MEMBER)
    .where('destination_id', '!=', userId)
    .orderBy('state')
    .limit(1)
    .executeTakeFirst();
  return row?.state;
}

/** Superadmins and admins. */
export async function findAdmins(db: Db, groupId: string): Promise<string[]> {
  const rows = await selectMembers(db, groupId, GroupState.ADMIN).execute();
  return rows.map(({ id }) => id);
}

export async function insertMembers(
  transaction: Db,
  groupId: string,
  edges: readonly NewEdge[],
  state: number,
): Promise<void> {
  const { sources, destinations } = rowsOf(
    groupId,
    edges.map(({ userId }) => userId),
  );
  const positions = edges.flatMap(({ position }) => [position, position]);
  await sql`
    insert into group_edge (source_id, destination_id, state, position)
    select source_id, destination_id, ${state}::int2, position
    from unnest(${sources}::uuid[], ${destinations}::uuid[], ${positions}::int8[])
      as added (source_id, destination_id, position)`.execute(transaction);
}

/** Gives members of a group other states; their positions stay. */
export async function updateStates(
  transaction: Db,
  groupId: string,
  states: ReadonlyMap<string, number>,
): Promise<void> {
  const { sources, destinations } = rowsOf(groupId, [...states.keys()]);
  const newStates = Array.from(states.values(), (state) => [state, state]).flat();
  await sql`
    update group_edge set state = changed.state, update_time = now()
    from unnest(${sources}::uuid[], ${destinations}::uuid[], ${newStates}::int2[])
      as changed (source_id, destination_id, state)
    where group_edge.source_id = changed.source_id
      and group_edge.destination_id = changed.destination_id`.execute(transaction);
}

/** Bans users that are something in the group. */
export async function banMembers(transaction: Db, groupId: string, edges: readonly NewEdge[]): Promise<void> {
  const userIds = edges.map(({ userId }) => userId);
  await sql`
    delete from group_edge using unnest(${userIds}::uuid[]) as banned (id)
    where source_id = banned.id and destination_id = ${groupId}::uuid`.execute(transaction);
  await sql`
    update group_edge set state = ${GroupState.BANNED}, position = banned.position, update_time = now()
    from unnest(${userIds}::uuid[], ${edges.map(({ position }) => position)}::int8[]) as banned (id, position)
    where source_id = ${groupId}::uuid and destination_id = banned.id`.execute(transaction);
}

/** Removes whatever the users are in the group. */
export async function deleteMembers(transaction: Db, groupId: string, userIds: readonly string[]): Promise<void> {
  const { sources, destinations } = rowsOf(groupId, userIds);
  await sql`
    delete from group_edge using unnest(${sources}::uuid[], ${destinations}::uuid[]) as gone (source_id, destination_id)
    where group_edge.source_id = gone.source_id
      and group_edge.destination_id = gone.destination_id`.execute(transaction);
}

/** A group's members by state and by when they came. */
export function listMembers(db: Db, groupId: string, range: EdgeRange): Promise<MemberRow[]> {
  return selectEdges(db, groupId, range)
    .innerJoin('users', 'users.id', 'group_edge.destination_id')
    .select(userColumns)
    .execute();
}

/** A user's groups by their state in them and by when they came. */
export function listGroupsOf(db: Db, userId: string, range: EdgeRange): Promise<UserGroupRow[]> {
  return selectEdges(db, userId, range)
    .innerJoin('groups', 'groups.id', 'group_edge.destination_id')
    .where('groups.disable_time', '=', NOT_DISABLED)
    .select(groupColumns)
    .execute();
}

function selectEdges(db: Db, sourceId: string, { state, after, limit }: EdgeRange) {
  let query = db
    .selectFrom('group_edge')
    .select(['group_edge.state as edge_state', 'group_edge.position'])
    .where('group_edge.source_id', '=', sourceId);
  if (state === undefined) {
    query = query.where('group_edge.state', '<=', GroupState.JOIN_REQUEST);
    if (after) {
      query = query.where(
        sql<boolean>`(group_edge.state, group_edge.position) > (${after.state}::int2, ${after.position}::int8)`,
      );
    }
  } else {
    query = query.where('group_edge.state', '=', state);
    if (after) query = query.where('group_edge.position', '>', after.position);
  }
  return query.orderBy('group_edge.state').orderBy('group_edge.position').limit(limit);
}

/** Members up to a state whose accounts exist. */
function selectMembers(db: Db, groupId: string, lowestState: number) {
  return db
    .selectFrom('group_edge')
    .innerJoin('users', 'users.id', 'group_edge.destination_id')
    .select(['users.id', 'group_edge.state'])
    .where('source_id', '=', groupId)
    .where('state', '<=', lowestState);
}

/** Both rows of each membership. */
function rowsOf(groupId: string, userIds: readonly string[]) {
  return {
    sources: userIds.flatMap((userId) => [groupId, userId]),
    destinations: userIds.flatMap((userId) => [userId, groupId]),
  };
}
