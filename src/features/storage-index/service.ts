import { invalidArgument, Status, StatusError } from '../../protocol/status.ts';
import { parseQuery, type Query, QueryError } from '../../query/index.ts';
import type { ObjectId, ObjectRow, StorageListener, StorageService } from '../storage/index.ts';
import { decodeCursor, encodeCursor, type Listing } from './cursor.ts';
import type { IndexDefinition } from './definition.ts';
import { type Entry, entryId } from './entry.ts';
import { LiveIndex, type LiveIndexDependencies } from './live-index.ts';
import { Order } from './order.ts';

/** A page of what an index found. */
export interface IndexPage {
  readonly objects: readonly ObjectRow[];
  /** null when nothing follows. */
  readonly cursor: string | null;
}

/** The storage indexes of the modules that are loaded. */
export class StorageIndexes implements StorageListener {
  readonly #dependencies: LiveIndexDependencies;
  readonly #storage: StorageService;
  #serving = new Map<string, LiveIndex>();
  /** Those that serve and those that are being loaded, by collection. */
  #following = new Map<string, LiveIndex[]>();

  constructor(dependencies: LiveIndexDependencies) {
    this.#dependencies = dependencies;
    this.#storage = dependencies.storage;
  }

  /** Puts these indexes in the place of those there are, once they are loaded; until then the old ones serve. */
  async use(definitions: readonly IndexDefinition[]): Promise<void> {
    const next = new Map<string, LiveIndex>();
    const added: LiveIndex[] = [];
    for (const definition of definitions) {
      const old = this.#serving.get(definition.name);
      if (old && isSame(old.definition, definition)) next.set(definition.name, old);
      else {
        const index = new LiveIndex(definition, this.#dependencies);
        next.set(definition.name, index);
        added.push(index);
      }
    }
    this.#following = byCollection([...this.#serving.values(), ...added]);
    await Promise.all(added.map((index) => index.load()));
    this.#serving = next;
    this.#following = byCollection(next.values());
  }

  changed(objects: readonly ObjectId[]): void {
    if (this.#following.size === 0) return;
    for (const object of objects) {
      for (const index of this.#following.get(object.collection) ?? []) index.changed([object]);
    }
  }

  ownerDeleted(ownerId: string): void {
    for (const indexes of this.#following.values()) for (const index of indexes) index.ownerDeleted(ownerId);
  }

  /**
   * A page of what a query finds in an index.
   * @param callerId Only what this player may read; the page is cut before, and may be short.
   * @throws StatusError NOT_FOUND for an unknown index, INVALID_ARGUMENT for a query or cursor that cannot be read
   */
  async list(listing: Listing, callerId: string | undefined, cursor: string): Promise<IndexPage> {
    const index = this.#serving.get(listing.index);
    if (!index) throw new StatusError(Status.NOT_FOUND, `there is no storage index ${listing.index}`);
    const query = queryOf(listing.query);
    const after = cursor === '' ? undefined : decodeCursor(listing, cursor);
    await index.upToDate();
    const order = new Order(listing.order, index.definition.sortableFields);
    const found = index.entries.find(query, order, after, listing.limit + 1);
    const page = found.slice(0, listing.limit);
    return {
      objects: await this.#objectsOf(
        index,
        page.map(({ entry }) => entry),
        callerId,
      ),
      cursor: found.length > page.length ? encodeCursor(listing, page.at(-1)!.position) : null,
    };
  }

  async #objectsOf(index: LiveIndex, entries: readonly Entry[], callerId: string | undefined): Promise<ObjectRow[]> {
    if (index.definition.indexOnly) {
      return entries.filter((entry) => mayRead(entry, callerId)).map(rowOf);
    }
    const rows = await this.#storage.read(entries, callerId === undefined ? 'server' : { userId: callerId });
    const byId = new Map(rows.map((row) => [entryId({ key: row.key, userId: row.user_id }), row]));
    // What was changed past the storage functions, as by SQL, is noticed here.
    index.changed(entries.filter(({ id, version }) => byId.has(id) && byId.get(id)!.version !== version));
    return entries.flatMap(({ id }) => byId.get(id) ?? []);
  }
}

/** @throws StatusError INVALID_ARGUMENT */
function queryOf(text: string): Query {
  try {
    return parseQuery(text);
  } catch (error) {
    if (error instanceof QueryError) throw invalidArgument(`the query cannot be read: ${error.message}`);
    throw error;
  }
}

function mayRead({ userId, read }: Entry, callerId: string | undefined): boolean {
  return callerId === undefined || read === 2 || (read === 1 && userId === callerId);
}

function rowOf(entry: Entry): ObjectRow {
  const { collection, key, userId, version, read, write, createTimeMs, updateTimeMs, value } = entry;
  return {
    collection,
    key,
    user_id: userId,
    version,
    read,
    write,
    create_time: new Date(createTimeMs),
    update_time: new Date(updateTimeMs),
    value: value!,
  };
}

/** A filter may have other code with every load of the modules. */
function isSame(a: IndexDefinition, b: IndexDefinition): boolean {
  return !a.filter && !b.filter && JSON.stringify(a) === JSON.stringify(b);
}

function byCollection(indexes: Iterable<LiveIndex>): Map<string, LiveIndex[]> {
  return Map.groupBy(indexes, ({ definition }) => definition.collection);
}
