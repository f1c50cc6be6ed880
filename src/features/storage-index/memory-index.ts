import type { Query } from '../../query/index.ts';
import type { Entry } from './entry.ts';
import { FirstFew } from './first-few.ts';
import type { Found, Order, Position } from './order.ts';
import { Postings } from './postings.ts';

/** How far above its maximum an index may grow before the oldest entries go. */
const OVERFLOW = 1.1;
/** Fields of which it is kept who has which value; further ones are looked through. */
const MAX_POSTINGS = 16;

/** The entries of one index, found by query. */
export class MemoryIndex {
  readonly #maxEntries: number;
  readonly #entries = new Map<string, Entry>();
  /** By field; made when a query first requires a value of it. */
  readonly #postings = new Map<string, Postings>();

  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries;
  }

  get size(): number {
    return this.#entries.size;
  }

  put(entry: Entry): void {
    this.delete(entry.id);
    this.#entries.set(entry.id, entry);
    for (const postings of this.#postings.values()) postings.add(entry);
    if (this.#entries.size > this.#maxEntries * OVERFLOW) this.#dropOldest();
  }

  delete(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    this.#entries.delete(id);
    for (const postings of this.#postings.values()) postings.delete(entry);
  }

  deleteOwner(userId: string): void {
    for (const entry of this.#entries.values()) if (entry.userId === userId) this.delete(entry.id);
  }

  /** The first `limit` of what a query finds, in an order, after a position. */
  find(query: Query, order: Order, after: Position | undefined, limit: number): Found[] {
    const first = new FirstFew<Found>(limit, (a, b) => order.compare(a.position, b.position));
    for (const entry of this.#candidates(query)) {
      const score = query.score(entry);
      if (score === undefined) continue;
      const position = order.positionOf(entry, score);
      if (!after || order.compare(position, after) > 0) first.add({ entry, position });
    }
    return first.sorted();
  }

  /** All that the query can find: where it requires values, the entries with the rarest of them. */
  #candidates(query: Query): Iterable<Entry> {
    let fewest = this.#entries.size;
    let candidates: (() => Iterable<Entry>) | undefined;
    for (const { field, values } of query.requirements) {
      const postings = this.#postingsOf(field);
      const count = postings?.count(values) ?? fewest;
      if (!postings || count >= fewest) continue;
      fewest = count;
      candidates = () => postings.of(values);
    }
    return candidates ? candidates() : this.#entries.values();
  }

  #postingsOf(field: string): Postings | undefined {
    const known = this.#postings.get(field);
    if (known || this.#postings.size >= MAX_POSTINGS) return known;
    const made = new Postings(field, this.#entries.values());
    // Queries may name fields that there are not.
    if (!made.isEmpty) this.#postings.set(field, made);
    return made;
  }

  #dropOldest(): void {
    const byAge = [...this.#entries.values()].sort((a, b) => a.updateTimeMs - b.updateTimeMs);
    for (const { id } of byAge.slice(0, this.#entries.size - this.#maxEntries)) this.delete(id);
  }
}
