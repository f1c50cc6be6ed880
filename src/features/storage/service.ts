import { afterCommit, type Db, inTransaction, isForeignKeyViolation, isUnstorable } from '../../database/database.ts';
import type { StorageObject } from '../../protocol/gen/nakama/api/api_pb.js';
import { invalidArgument, Status, StatusError } from '../../protocol/status.ts';
import { decodePosition, encodePosition } from './cursor.ts';
import {
  deleteObjects,
  findObjects,
  insertObjects,
  listObjects,
  type ObjectRow,
  replaceObjects,
  replaceObjectsOfUser,
  upsertObjects,
  type WrittenRow,
} from './queries.ts';
import {
  checkName,
  checkOwnValue,
  checkPermissions,
  checkValue,
  type ObjectAck,
  type ObjectDelete,
  type ObjectId,
  type ObjectWrite,
  ReadPermission,
  versionOf,
} from './storage-object.ts';

/** Who asks: a player, or the server's own code, which may do everything. */
export type StorageCaller = { readonly userId: string } | 'server';

/** A page of a listing. */
export interface StoragePage {
  readonly objects: readonly ObjectRow[];
  /** null when nothing follows. */
  readonly cursor: string | null;
}

/** Told of every change that was committed; asked nothing, and must not throw. */
export interface StorageListener {
  /** These objects were written or deleted, or may have been: what they are now is in the database. */
  changed(objects: readonly ObjectId[]): void;
  /** All objects of an owner are gone. */
  ownerDeleted(ownerId: string): void;
}

/** Objects in collections, each with an owner and permissions. Batches are written whole or not at all. */
export class StorageService {
  readonly #db: Db;
  readonly #listeners: StorageListener[] = [];

  constructor(db: Db) {
    this.#db = db;
  }

  /** Tells a listener of changes from now on. */
  listen(listener: StorageListener): void {
    this.#listeners.push(listener);
  }

  /** To be called by who deletes a user in a transaction: the database removes the user's objects by itself. */
  ownerIsDeleted(transaction: Db, ownerId: string): void {
    afterCommit(transaction, () => {
      for (const listener of this.#listeners) listener.ownerDeleted(ownerId);
    });
  }

  /** Replaces everything that a user owns, as an export has it; works within the transaction of an import. */
  async replaceAll(userId: string, objects: readonly StorageObject[], transaction: Db): Promise<void> {
    await replaceObjectsOfUser(transaction, userId, objects);
    this.ownerIsDeleted(transaction, userId);
    this.#tell(
      transaction,
      objects.map(({ collection, key }) => ({ collection, key, userId })),
    );
  }

  #tell(db: Db, objects: readonly ObjectId[]): void {
    if (this.#listeners.length === 0) return;
    afterCommit(db, () => {
      for (const listener of this.#listeners) listener.changed(objects);
    });
  }

  /**
   * Writes objects in one transaction; of several writes of one object the last stays. Works within a transaction that
   * is given.
   * @returns an acknowledgement for each, in their order
   * @throws StatusError INVALID_ARGUMENT when one is malformed, has another version, or may not be written
   */
  async write(objects: readonly ObjectWrite[], caller: StorageCaller, db: Db = this.#db): Promise<ObjectAck[]> {
    for (const object of objects) {
      checkName('collection', object.collection);
      checkName('key', object.key);
      checkPermissions(object.permissionRead, object.permissionWrite);
      if (caller === 'server') checkOwnValue(object.value);
      else checkValue(object.value);
    }
    if (objects.length === 0) return [];
    const versioned = objects.map((object) => ({ ...object, newVersion: versionOf(object.value) }));
    try {
      const acks = await writeAll(db, versioned, caller === 'server');
      this.#tell(db, objects);
      return acks;
    } catch (error) {
      if (isUnstorable(error)) throw invalidArgument('an object holds something that cannot be stored');
      if (isForeignKeyViolation(error)) throw new StatusError(Status.NOT_FOUND, 'an owner does not exist');
      throw error;
    }
  }

  /** The objects that there are and that the caller may read, in no particular order. */
  async read(ids: readonly ObjectId[], caller: StorageCaller): Promise<ObjectRow[]> {
    for (const { collection, key } of ids) {
      checkName('collection', collection);
      checkName('key', key);
    }
    return ids.length === 0 ? [] : findObjects(this.#db, ids, caller === 'server' ? null : caller.userId);
  }

  /**
   * A page of a collection: of one owner, or without one of everybody. Players see their own objects with read
   * permission 1 and 2, and those with 2 of others.
   * @throws StatusError INVALID_ARGUMENT for a cursor that no listing gave
   */
  async list(
    collection: string,
    ownerId: string | undefined,
    caller: StorageCaller,
    limit: number,
    cursor: string,
  ): Promise<StoragePage> {
    const after = cursor === '' ? undefined : decodePosition(cursor);
    const minRead =
      caller === 'server'
        ? ReadPermission.NOBODY
        : caller.userId === ownerId
          ? ReadPermission.OWNER
          : ReadPermission.EVERYBODY;
    if (limit === 0) return { objects: [], cursor: null };
    const rows = await listObjects(this.#db, { collection, userId: ownerId, minRead }, after, limit + 1);
    const objects = rows.slice(0, limit);
    return { objects, cursor: rows.length > limit ? encodePosition(objects.at(-1)!) : null };
  }

  /**
   * Deletes objects in one transaction. For a player each of them must be there, of the version named, and theirs to
   * write; for the server only a version that is named must be the one that is there.
   * @throws StatusError INVALID_ARGUMENT when one cannot be deleted; then none is
   */
  async delete(objects: readonly ObjectDelete[], caller: StorageCaller, db: Db = this.#db): Promise<void> {
    for (const { collection, key } of objects) {
      checkName('collection', collection);
      checkName('key', key);
    }
    if (objects.length === 0) return;
    const isAuthoritative = caller === 'server';
    const needed = isAuthoritative ? objects.filter(({ version }) => version !== '').length : objects.length;
    if (needed === 0) {
      await deleteObjects(db, objects, isAuthoritative);
      this.#tell(db, objects);
      return;
    }
    await inTransaction(db, async (transaction) => {
      if (isAuthoritative) {
        const unversioned = objects.filter(({ version }) => version === '');
        if (unversioned.length > 0) await deleteObjects(transaction, unversioned, true);
      }
      const required = isAuthoritative ? objects.filter(({ version }) => version !== '') : objects;
      if ((await deleteObjects(transaction, required, isAuthoritative)) !== required.length) {
        throw invalidArgument('an object is not there, has another version, or may not be deleted');
      }
    });
    this.#tell(db, objects);
  }
}

type VersionedWrite = ObjectWrite & { readonly newVersion: string };

/** One write is one statement, several are a transaction with one for each kind of condition. */
async function writeAll(db: Db, objects: readonly VersionedWrite[], isAuthoritative: boolean): Promise<ObjectAck[]> {
  const [only] = objects;
  if (only && objects.length === 1) {
    const [row] = await writerOf(only)(db, objects, isAuthoritative);
    return [ackOf(only, row)];
  }
  return inTransaction(db, async (transaction) => {
    const acks = new Array<ObjectAck>(objects.length);
    for (const round of rounds(objects)) {
      const written = new Map<string, WrittenRow>();
      for (const write of writers) {
        const part = round.flatMap(({ object }) => (writerOf(object) === write ? [object] : []));
        const rows = part.length === 0 ? [] : await write(transaction, part, isAuthoritative);
        for (const row of rows) written.set(nameOf(row.collection, row.key, row.user_id), row);
      }
      for (const { object, index } of round) {
        acks[index] = ackOf(object, written.get(nameOf(object.collection, object.key, object.userId)));
      }
    }
    return acks;
  });
}

/** The statements that write, in the order in which every batch runs them. */
const writers = [upsertObjects, insertObjects, replaceObjects] as const;

function writerOf({ version }: VersionedWrite): (typeof writers)[number] {
  if (version === '') return upsertObjects;
  return version === '*' ? insertObjects : replaceObjects;
}

/**
 * Parts a batch so that no object is named twice in a part, each part in the order of its names: batches that meet
 * lock their rows in the same order, and do not wait for each other in a circle.
 */
function rounds(objects: readonly VersionedWrite[]): { object: VersionedWrite; index: number }[][] {
  const parts: { object: VersionedWrite; index: number }[][] = [];
  const seen = new Map<string, number>();
  objects.forEach((object, index) => {
    const name = nameOf(object.collection, object.key, object.userId);
    const part = seen.get(name) ?? 0;
    seen.set(name, part + 1);
    parts[part] ??= [];
    parts[part].push({ object, index });
  });
  const byName = ({ object }: { object: VersionedWrite }) => nameOf(object.collection, object.key, object.userId);
  for (const part of parts) part.sort((a, b) => (byName(a) < byName(b) ? -1 : 1));
  return parts;
}

function ackOf(object: VersionedWrite, row: WrittenRow | undefined): ObjectAck {
  if (!row) throw invalidArgument('an object has another version, or may not be written');
  return {
    collection: object.collection,
    key: object.key,
    userId: object.userId,
    version: object.newVersion,
    createTimeMicros: row.create_micros,
    updateTimeMicros: row.update_micros,
  };
}

function nameOf(collection: string, key: string, userId: string): string {
  return `${collection}\u0000${key}\u0000${userId}`;
}
