import type { Db } from '../../database/database.ts';
import type { Log } from '../../observability/log.ts';
import type { ObjectId, ObjectRow, StorageService } from '../storage/index.ts';
import { Batch } from './batch.ts';
import type { IndexDefinition } from './definition.ts';
import { entryId, entryOf } from './entry.ts';
import { IndexFilter } from './index-filter.ts';
import { MemoryIndex } from './memory-index.ts';
import { findPage, timeOfNewest } from './queries.ts';

export interface LiveIndexDependencies {
  readonly db: Db;
  readonly storage: StorageService;
  readonly log: Log;
}

/** Objects that are read, shown to the filter and taken in at a time. */
const CHUNK = 500;
/**
 * How long a listing waits for the module's filter. It runs in the module's isolates, all of which may be busy with
 * listings that wait for it.
 */
const MAX_FILTER_WAIT_MS = 1000;

/**
 * An index that follows what is stored. Of a change it is told only what changed: it reads what is there now, many
 * changes together, one batch after another. So changes that overtake each other on their way cannot leave it wrong.
 */
export class LiveIndex {
  readonly definition: IndexDefinition;
  readonly #dependencies: LiveIndexDependencies;
  readonly #filter: IndexFilter | undefined;
  #entries: MemoryIndex;
  #isLoaded = false;
  #collecting: Batch | undefined;
  #running: Batch | undefined;

  constructor(definition: IndexDefinition, dependencies: LiveIndexDependencies) {
    this.definition = definition;
    this.#dependencies = dependencies;
    this.#filter = definition.filter && new IndexFilter(definition.name, definition.filter, dependencies.log);
    this.#entries = new MemoryIndex(definition.maxEntries);
  }

  /** As of the changes that it has taken in. */
  get entries(): MemoryIndex {
    return this.#entries;
  }

  /** Takes in what is stored already. A failure is logged, and the next listing tries again. */
  async load(): Promise<void> {
    await this.#batch().done;
  }

  /** Takes note of objects of its collection. */
  changed(objects: readonly ObjectId[]): void {
    const { key } = this.definition;
    for (const object of objects) if (key === '' || key === object.key) this.#batch().addObject(object);
  }

  ownerDeleted(ownerId: string): void {
    this.#batch().addOwner(ownerId);
  }

  /** Resolves when the changes that it was told of so far are taken in. */
  async upToDate(): Promise<void> {
    const waitedFor = this.#isLoaded ? (this.#collecting ?? this.#running) : this.#batch();
    if (!waitedFor) return;
    if (!this.#filter) return waitedFor.done;
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, MAX_FILTER_WAIT_MS);
    });
    await Promise.race([waitedFor.done, limit]);
    clearTimeout(timer);
  }

  /** The batch that changes go into; it runs as soon as the one before is done. */
  #batch(): Batch {
    if (!this.#collecting) {
      this.#collecting = new Batch();
      if (!this.#running) queueMicrotask(() => void this.#run());
    }
    return this.#collecting;
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    for (let batch = this.#take(); batch; batch = this.#take()) {
      try {
        await this.#apply(batch);
      } catch (error) {
        this.#isLoaded = false;
        this.#dependencies.log.error({ err: error, index: this.definition.name }, 'a storage index could not be read');
      }
      batch.finish();
    }
  }

  #take(): Batch | undefined {
    this.#running = this.#collecting;
    this.#collecting = undefined;
    return this.#running;
  }

  async #apply(batch: Batch): Promise<void> {
    if (!this.#isLoaded || batch.isOverfull) {
      this.#entries = await this.#loaded();
      this.#isLoaded = true;
      return;
    }
    const { objects } = batch;
    for (let from = 0; from < objects.length; from += CHUNK) await this.#follow(objects.slice(from, from + CHUNK));
    for (const owner of batch.owners) this.#entries.deleteOwner(owner);
  }

  async #follow(objects: readonly ObjectId[]): Promise<void> {
    const rows = await this.#dependencies.storage.read(objects, 'server');
    const gone = new Set(objects.map(entryId));
    for (const row of rows) gone.delete(idOf(row));
    for (const id of gone) this.#entries.delete(id);
    await this.#takeIn(rows, this.#entries);
  }

  async #loaded(): Promise<MemoryIndex> {
    const { db } = this.#dependencies;
    const { collection, key, maxEntries } = this.definition;
    const entries = new MemoryIndex(maxEntries);
    const scope = { collection, key, since: undefined };
    // What a filter lets through cannot be counted beforehand.
    const since = this.#filter ? undefined : await timeOfNewest(db, scope, maxEntries);
    for (let after: ObjectRow | undefined; ; ) {
      const rows = await findPage(db, { ...scope, since }, after, CHUNK);
      await this.#takeIn(rows, entries);
      after = rows.at(-1);
      if (rows.length < CHUNK) return entries;
    }
  }

  async #takeIn(rows: readonly ObjectRow[], entries: MemoryIndex): Promise<void> {
    const verdicts = this.#filter ? await this.#filter.judge(rows) : undefined;
    rows.forEach((row, i) => {
      const verdict = verdicts ? verdicts[i] : 'in';
      if (verdict === 'out') entries.delete(idOf(row));
      if (verdict !== 'in') return;
      const entry = entryOf(row, this.definition);
      if (entry) entries.put(entry);
      else entries.delete(idOf(row));
    });
  }
}

function idOf(row: ObjectRow): string {
  return entryId({ key: row.key, userId: row.user_id });
}
