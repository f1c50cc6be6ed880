import { DocumentIndex, FirstFew, type Query } from '../../query/index.ts';
import type { Entry } from './entry.ts';
import type { Found, Order, Position } from './order.ts';

/** How far above its maximum an index may grow before the oldest entries go. */
const OVERFLOW = 1.1;

/** The entries of one index, found by query. */
export class MemoryIndex {
  readonly #maxEntries: number;
  readonly #entries = new Map<string, Entry>();
  readonly #index = new DocumentIndex<Entry>();

  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries;
  }

  get size(): number {
    return this.#entries.size;
  }

  put(entry: Entry): void {
    this.delete(entry.id);
    this.#entries.set(entry.id, entry);
    this.#index.add(entry);
    if (this.#entries.size > this.#maxEntries * OVERFLOW) this.#dropOldest();
  }

  delete(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    this.#entries.delete(id);
    this.#index.delete(entry);
  }

  deleteOwner(userId: string): void {
    for (const entry of this.#entries.values()) if (entry.userId === userId) this.delete(entry.id);
  }

  /** The first `limit` of what a query finds, in an order, after a position. */
  find(query: Query, order: Order, after: Position | undefined, limit: number): Found[] {
    const first = new FirstFew<Found>(limit, (a, b) => order.compare(a.position, b.position));
    for (const entry of this.#index.candidates(query)) {
      const score = query.score(entry);
      if (score === undefined) continue;
      const position = order.positionOf(entry, score);
      if (!after || order.compare(position, after) > 0) first.add({ entry, position });
    }
    return first.sorted();
  }

  #dropOldest(): void {
    const byAge = [...this.#entries.values()].sort((a, b) => a.updateTimeMs - b.updateTimeMs);
    for (const { id } of byAge.slice(0, this.#entries.size - this.#maxEntries)) this.delete(id);
  }
}
