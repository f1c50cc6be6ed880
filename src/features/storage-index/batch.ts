import type { ObjectId } from '../storage/index.ts';
import { entryId } from './entry.ts';

/** Changes that wait, in one batch; with more of them the index is loaded anew, which costs less. */
const MAX_OBJECTS = 20_000;

/** Changes that an index takes in together. */
export class Batch {
  /** Resolves when the index has taken them in. */
  readonly done: Promise<void>;
  readonly finish: () => void;
  readonly #objects = new Map<string, ObjectId>();
  readonly #owners = new Set<string>();
  #isOverfull = false;

  constructor() {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.done = promise;
    this.finish = resolve;
  }

  /** Objects that were written or deleted, each once. */
  get objects(): readonly ObjectId[] {
    return [...this.#objects.values()];
  }

  /** Owners of whom nothing is left. */
  get owners(): ReadonlySet<string> {
    return this.#owners;
  }

  /** There was more than is worth following: everything is to be loaded. */
  get isOverfull(): boolean {
    return this.#isOverfull;
  }

  addObject(object: ObjectId): void {
    if (this.#isOverfull) return;
    this.#objects.set(entryId(object), object);
    if (this.#objects.size <= MAX_OBJECTS) return;
    this.#isOverfull = true;
    this.#objects.clear();
  }

  addOwner(ownerId: string): void {
    this.#owners.add(ownerId);
  }
}
