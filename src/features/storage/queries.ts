import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import { type Db, fixedStatement } from '../../database/database.ts';
import { microsecondsFrom, microsecondsOf } from '../../database/microseconds.ts';
import type { Row, Schema } from '../../database/schema.ts';
import type { StorageObject } from '../../protocol/gen/nakama/api/api_pb.js';
import { type ObjectDelete, type ObjectId, type ObjectWrite, ReadPermission } from './storage-object.ts';

export type ObjectRow = Row<'storage'>;

/** What a write gives back of a row. */
export interface WrittenRow {
  readonly collection: string;
  readonly key: string;
  readonly user_id: string;
  readonly create_micros: bigint;
  readonly update_micros: bigint;
}

/** A position in a listing: the order's columns of the row after which it goes on. */
export interface ListPosition {
  readonly read: number;
  readonly key: string;
  readonly userId: string;
}

/** Which objects of a collection a listing shows. */
export interface ListFilter {
  readonly collection: string;
  /** One owner's; undefined for everybody's. */
  readonly userId: string | undefined;
  /** Only objects with at least this read permission. */
  readonly minRead: number;
}

type VersionedWrite = ObjectWrite & { readonly newVersion: string };

/**
 * Writes objects whatever their version, in one statement; a row that the caller may not write is left out of the
 * answer. No object may be named twice.
 */
export async function upsertObjects(
  db: Db,
  objects: readonly VersionedWrite[],
  isAuthoritative: boolean,
): Promise<WrittenRow[]> {
  const [only] = objects;
  if (only && objects.length === 1) return upsertOne(db, ...valuesOf(only), isAuthoritative);
  const { rows } = await upsert(rowsOf(objects), isAuthoritative).execute(db);
  return rows;
}

/** Writes those objects that are not there, in one statement. No object may be named twice. */
export async function insertObjects(db: Db, objects: readonly VersionedWrite[]): Promise<WrittenRow[]> {
  const { rows } = await sql<WrittenRow>`
    insert into storage (collection, key, user_id, value, version, read, write, create_time, update_time)
    ${rowsOf(objects)}
    on conflict do nothing
    ${returning}`.execute(db);
  return rows;
}

/**
 * Writes objects over exactly the versions of them that are named, in one statement; those that are not there so are
 * left out of the answer. No object may be named twice.
 */
export async function replaceObjects(
  db: Db,
  objects: readonly VersionedWrite[],
  isAuthoritative: boolean,
): Promise<WrittenRow[]> {
  const { rows } = await sql<WrittenRow>`
    update storage set
      value = given.value, version = given.version, read = given.read, write = given.write, update_time = now()
    from ${replacementsOf(objects)} as given (collection, key, user_id, value, version, read, write, replaced)
    where storage.collection = given.collection and storage.key = given.key and storage.user_id = given.user_id
      and storage.version = given.replaced and (${isAuthoritative} or storage.write = 1)
    ${returning}`.execute(db);
  return rows;
}

/** How many of these are gone now: one statement. Those that the caller may not delete, or of another version, stay. */
export async function deleteObjects(
  db: Db,
  objects: readonly ObjectDelete[],
  isAuthoritative: boolean,
): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('storage')
    .using(
      sql<{ collection: string; key: string; user_id: string; version: string }>`
        unnest(${column(objects, 'collection')}::text[], ${column(objects, 'key')}::text[],
          ${column(objects, 'userId')}::uuid[], ${column(objects, 'version')}::text[])
      `.as<'wanted'>(sql`wanted (collection, key, user_id, version)`),
    )
    .whereRef('storage.collection', '=', 'wanted.collection')
    .whereRef('storage.key', '=', 'wanted.key')
    .whereRef('storage.user_id', '=', 'wanted.user_id')
    .where((eb) => eb.or([eb('wanted.version', '=', ''), eb('storage.version', '=', eb.ref('wanted.version'))]))
    .$if(!isAuthoritative, (query) => query.where('storage.write', '=', 1))
    .executeTakeFirst();
  return Number(numDeletedRows);
}

/** The objects of these ids that there are and that the caller may read; null reads all. One statement. */
export async function findObjects(db: Db, ids: readonly ObjectId[], callerId: string | null): Promise<ObjectRow[]> {
  const [only] = ids;
  if (only && ids.length === 1) return findOne(db, only.collection, only.key, only.userId, callerId);
  const { rows } = await sql<ObjectRow>`
    select storage.* from storage
    join (
      select distinct * from unnest(${column(ids, 'collection')}::text[], ${column(ids, 'key')}::text[],
        ${column(ids, 'userId')}::uuid[]) as ids (collection, key, user_id)
    ) as wanted using (collection, key, user_id)
    where ${callerId}::uuid is null or read = 2 or (read = 1 and user_id = ${callerId})`.execute(db);
  return rows;
}

/**
 * A page of a collection, by read permission, key and owner; indexes of the table have these orders. A column that is
 * known is left out of the place to go on after: an index would be read from that value's beginning.
 */
export function listObjects(
  db: Db,
  { collection, userId, minRead }: ListFilter,
  after: ListPosition | undefined,
  limit: number,
): Promise<ObjectRow[]> {
  const place = after && after.read >= minRead ? after : undefined;
  const isPublicOnly = minRead === ReadPermission.EVERYBODY;
  let query: SelectQueryBuilder<Schema, 'storage', ObjectRow> = db
    .selectFrom('storage')
    .selectAll('storage')
    .where('collection', '=', collection);
  if (isPublicOnly) query = query.where('read', '=', minRead);
  else if (!place) query = query.where('read', '>=', minRead);
  if (userId === undefined) {
    query = query.orderBy('read').orderBy('key').orderBy('user_id');
    if (place) {
      const { read, key, userId: owner } = place;
      query = query.where(
        isPublicOnly
          ? sql<boolean>`(key, user_id) > (${key}, ${owner}::uuid)`
          : sql<boolean>`(read, key, user_id) > (${read}, ${key}, ${owner}::uuid)`,
      );
    }
  } else {
    query = query.where('user_id', '=', userId).orderBy('read').orderBy('key');
    if (place) {
      const { read, key } = place;
      query = query.where(isPublicOnly ? sql<boolean>`key > ${key}` : sql<boolean>`(read, key) > (${read}, ${key})`);
    }
  }
  return query.limit(limit).execute();
}

/** Everything that a user owns. */
export function findObjectsOfUser(db: Db, userId: string): Promise<ObjectRow[]> {
  return db
    .selectFrom('storage')
    .selectAll()
    .where('user_id', '=', userId)
    .orderBy('collection')
    .orderBy('key')
    .execute();
}

/** Deletes everything that a user owns and writes these in their places, with their versions and times. */
export async function replaceObjectsOfUser(
  transaction: Db,
  userId: string,
  objects: readonly StorageObject[],
): Promise<void> {
  await transaction.deleteFrom('storage').where('user_id', '=', userId).execute();
  const micros = (time: StorageObject['createTime']) => (time ? microsecondsFrom(time) : 0n);
  await sql`
    insert into storage (user_id, collection, key, value, version, read, write, create_time, update_time)
    select ${userId}::uuid, collection, key, value, version, read, write,
      timestamptz 'epoch' + created * interval '1 microsecond', timestamptz 'epoch' + updated * interval '1 microsecond'
    from unnest(${column(objects, 'collection')}::text[], ${column(objects, 'key')}::text[],
      ${column(objects, 'value')}::jsonb[], ${column(objects, 'version')}::text[],
      ${column(objects, 'permissionRead')}::int[], ${column(objects, 'permissionWrite')}::int[],
      ${objects.map(({ createTime }) => micros(createTime))}::int8[],
      ${objects.map(({ updateTime }) => micros(updateTime))}::int8[])
      as given (collection, key, value, version, read, write, created, updated)`.execute(transaction);
}

/** The rows to write over others, with the versions of those. One row goes without arrays, see {@link rowsOf}. */
function replacementsOf(objects: readonly VersionedWrite[]) {
  const [only] = objects;
  if (only && objects.length === 1) {
    const { collection, key, userId, value, newVersion, permissionRead, permissionWrite, version } = only;
    return sql`(values (${collection}, ${key}, ${userId}::uuid, ${value}::jsonb, ${newVersion}, ${permissionRead}::int,
      ${permissionWrite}::int, ${version}))`;
  }
  return sql`unnest(${column(objects, 'collection')}::text[], ${column(objects, 'key')}::text[],
    ${column(objects, 'userId')}::uuid[], ${column(objects, 'value')}::jsonb[], ${column(objects, 'newVersion')}::text[],
    ${column(objects, 'permissionRead')}::int[], ${column(objects, 'permissionWrite')}::int[],
    ${column(objects, 'version')}::text[])`;
}

/** The rows to insert. One row goes without arrays: writing those out took most of the time of a small write. */
function rowsOf(objects: readonly VersionedWrite[]) {
  const [only] = objects;
  if (only && objects.length === 1) return oneRow(...valuesOf(only));
  return sql`select *, now(), now() from unnest(${column(objects, 'collection')}::text[],
    ${column(objects, 'key')}::text[], ${column(objects, 'userId')}::uuid[], ${column(objects, 'value')}::jsonb[],
    ${column(objects, 'newVersion')}::text[], ${column(objects, 'permissionRead')}::int[],
    ${column(objects, 'permissionWrite')}::int[])`;
}

/** What {@link oneRow} takes. */
type RowValues = [
  collection: string,
  key: string,
  userId: string,
  value: string,
  version: string,
  read: number,
  write: number,
];

function valuesOf(object: VersionedWrite): RowValues {
  const { collection, key, userId, value, newVersion, permissionRead, permissionWrite } = object;
  return [collection, key, userId, value, newVersion, permissionRead, permissionWrite];
}

function oneRow(...[collection, key, userId, value, version, read, write]: RowValues) {
  return sql`values (${collection}, ${key}, ${userId}::uuid, ${value}::jsonb, ${version}, ${read}::int, ${write}::int,
    now(), now())`;
}

const returning = sql`returning storage.collection, storage.key, storage.user_id,
  ${microsecondsOf(sql.ref('storage.create_time'))} as create_micros,
  ${microsecondsOf(sql.ref('storage.update_time'))} as update_micros`;

function upsert(rows: RawBuilder<unknown>, isAuthoritative: boolean) {
  return sql<WrittenRow>`
    insert into storage (collection, key, user_id, value, version, read, write, create_time, update_time)
    ${rows}
    on conflict (collection, key, user_id) do update set
      value = excluded.value, version = excluded.version, read = excluded.read, write = excluded.write,
      update_time = excluded.update_time
      where ${isAuthoritative} or storage.write = 1
    ${returning}`;
}

// Reading and writing one object is what modules do most.
const upsertOne = fixedStatement<[...RowValues, isAuthoritative: boolean], WrittenRow>(
  (collection, key, userId, value, version, read, write, isAuthoritative) =>
    upsert(oneRow(collection, key, userId, value, version, read, write), isAuthoritative),
);

const findOne = fixedStatement(
  (collection: string, key: string, userId: string, callerId: string | null) => sql<ObjectRow>`
    select * from storage
    where collection = ${collection} and key = ${key} and user_id = ${userId}
      and (${callerId}::uuid is null or read = 2 or (read = 1 and user_id = ${callerId}))`,
);

function column<T, K extends keyof T>(rows: readonly T[], name: K): T[K][] {
  return rows.map((row) => row[name]);
}
