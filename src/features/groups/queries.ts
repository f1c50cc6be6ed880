import { sql } from 'kysely';
import type { Db } from '../../database/database.ts';
import { isCheckViolation, isUniqueViolation } from '../../database/database.ts';
import { microsecondsOf } from '../../database/microseconds.ts';
import type { Row } from '../../database/schema.ts';
import { type GroupChange, type GroupDraft, GroupState } from './group.ts';

/** A group that is not disabled. */
export type GroupRow = Omit<Row<'groups'>, 'disable_time'>;

/** The part of a group that decides who gets in. */
export type LockedGroup = Pick<GroupRow, 'id' | 'name' | 'state' | 'edge_count' | 'max_count'>;

/** `groups.state` */
export const OPEN = 0;
export const CLOSED = 1;

/** `groups.disable_time` of a group that is not disabled. */
export const NOT_DISABLED = new Date(0);

/** The columns of {@link GroupRow}, for joins. */
export const groupColumns = [
  'groups.id',
  'groups.creator_id',
  'groups.name',
  'groups.description',
  'groups.avatar_url',
  'groups.lang_tag',
  'groups.metadata',
  'groups.state',
  'groups.edge_count',
  'groups.max_count',
  'groups.create_time',
  'groups.update_time',
] as const;

/** A group with its first member counted; undefined when the name is taken. */
export function insertGroup(db: Db, id: string, draft: GroupDraft): Promise<GroupRow | undefined> {
  return db
    .insertInto('groups')
    .values({
      id,
      creator_id: draft.creatorId,
      name: draft.name,
      description: draft.description || null,
      avatar_url: draft.avatarUrl || null,
      lang_tag: draft.langTag,
      metadata: draft.metadata,
      state: draft.open ? OPEN : CLOSED,
      edge_count: 1,
      max_count: draft.maxCount,
    })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .returning(groupColumns)
    .executeTakeFirst();
}

/** What {@link updateGroup} came to. */
export type UpdateOutcome = 'done' | 'notFound' | 'nameTaken' | 'tooFewPlaces';

/** Changes a group; for a user only when they are an admin of it or above. */
export async function updateGroup(
  db: Db,
  id: string,
  change: GroupChange,
  byUserId: string | undefined,
): Promise<UpdateOutcome> {
  const { name, creatorId, langTag, description, avatarUrl, open, metadata, maxCount } = change;
  const values = {
    name,
    creator_id: creatorId,
    lang_tag: langTag,
    description: description === '' ? null : description,
    avatar_url: avatarUrl === '' ? null : avatarUrl,
    state: open === undefined ? undefined : open ? OPEN : CLOSED,
    metadata,
    max_count: maxCount,
  };
  const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
  let query = db
    .updateTable('groups')
    .set({ ...given, update_time: sql<Date>`now()` })
    .where('id', '=', id)
    .where('disable_time', '=', NOT_DISABLED);
  if (byUserId !== undefined) {
    query = query.where((eb) =>
      eb.exists(
        eb
          .selectFrom('group_edge')
          .select('state')
          .where('source_id', '=', id)
          .where('destination_id', '=', byUserId)
          .where('group_edge.state', '<=', GroupState.ADMIN),
      ),
    );
  }
  try {
    const { numUpdatedRows } = await query.executeTakeFirst();
    return numUpdatedRows > 0n ? 'done' : 'notFound';
  } catch (error) {
    if (isUniqueViolation(error, 'groups_name_key')) return 'nameTaken';
    if (isCheckViolation(error, 'groups_check')) return 'tooFewPlaces';
    throw error;
  }
}

/** Reads a group and keeps it from changing until the transaction ends: what happens to a group happens in turn. */
export function lockGroup(transaction: Db, id: string): Promise<LockedGroup | undefined> {
  return transaction
    .selectFrom('groups')
    .select(['id', 'name', 'state', 'edge_count', 'max_count'])
    .where('id', '=', id)
    .where('disable_time', '=', NOT_DISABLED)
    .forUpdate()
    .executeTakeFirst();
}

/** As {@link lockGroup}, in the order of ids: no circles. */
export async function lockGroups(transaction: Db, ids: readonly string[]): Promise<string[]> {
  const rows = await transaction
    .selectFrom('groups')
    .select('id')
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .orderBy('id')
    .forUpdate()
    .execute();
  return rows.map(({ id }) => id);
}

/** Adds to the number of members of locked groups, or takes from it. */
export async function changeEdgeCount(transaction: Db, ids: readonly string[], by: number): Promise<void> {
  await transaction
    .updateTable('groups')
    .set({ edge_count: sql<number>`edge_count + ${by}::int`, update_time: sql<Date>`now()` })
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .execute();
}

/** Deletes locked groups with their members, requests and bans. */
export async function deleteGroups(transaction: Db, ids: readonly string[]): Promise<void> {
  const isAmong = sql<string>`any(${ids}::uuid[])`;
  // Two statements, each on an index: the rows of the users are found by those of the groups.
  await sql`
    delete from group_edge e using group_edge own
    where own.source_id = ${isAmong} and e.source_id = own.destination_id and e.destination_id = own.source_id`.execute(
    transaction,
  );
  await transaction.deleteFrom('group_edge').where('source_id', '=', isAmong).execute();
  await transaction.deleteFrom('groups').where('id', '=', isAmong).execute();
}

/** One statement for any number of groups, in no particular order. */
export function findGroups(db: Db, ids: readonly string[]): Promise<GroupRow[]> {
  return db
    .selectFrom('groups')
    .select(groupColumns)
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .where('disable_time', '=', NOT_DISABLED)
    .execute();
}

/**
 * Distinct groups from a random place of the id order on: ids are random themselves, so that this is fair and costs
 * what the rows cost. Wraps around at the end.
 */
export async function findRandomGroups(db: Db, from: string, count: number): Promise<GroupRow[]> {
  const page = (operator: '>=' | '<', limit: number) =>
    db
      .selectFrom('groups')
      .select(groupColumns)
      .where('id', operator, from)
      .where('disable_time', '=', NOT_DISABLED)
      .orderBy('id')
      .limit(limit)
      .execute();
  const found = await page('>=', count);
  return found.length < count ? [...found, ...(await page('<', count - found.length))] : found;
}

/** A group with the exact time of its last change, which its place in a listing may depend on. */
export type ListedGroup = GroupRow & { readonly update_micros: bigint };

/** Groups that are not disabled, for a listing to filter and order. */
export function selectListedGroups(db: Db) {
  return db
    .selectFrom('groups')
    .select(groupColumns)
    .select((eb) => microsecondsOf(eb.ref('update_time')).as('update_micros'))
    .where('disable_time', '=', NOT_DISABLED);
}
