import type { QueryDocument } from './document.ts';
import { Postings } from './postings.ts';
import type { Query } from './query.ts';

/** Fields of which it is kept who has which value; further ones are looked through. */
const MAX_POSTINGS = 16;

/** Many documents, of which a query need not look at all. What a document says must not change while it is in. */
export class DocumentIndex<D extends QueryDocument> {
  readonly #documents = new Set<D>();
  /** By field; made when a query first requires a value of it. */
  readonly #postings = new Map<string, Postings<D>>();

  get size(): number {
    return this.#documents.size;
  }

  add(document: D): void {
    this.#documents.add(document);
    for (const postings of this.#postings.values()) postings.add(document);
  }

  delete(document: D): void {
    if (!this.#documents.delete(document)) return;
    for (const postings of this.#postings.values()) postings.delete(document);
  }

  /** All that the query can find, and maybe more: where it requires values, the documents with the rarest of them. */
  candidates(query: Query): Iterable<D> {
    let fewest = this.#documents.size;
    let candidates: (() => Iterable<D>) | undefined;
    for (const { field, values } of query.requirements) {
      const postings = this.#postingsOf(field);
      const count = postings?.count(values) ?? fewest;
      if (!postings || count >= fewest) continue;
      fewest = count;
      candidates = () => postings.of(values);
    }
    return candidates ? candidates() : this.#documents;
  }

  #postingsOf(field: string): Postings<D> | undefined {
    const known = this.#postings.get(field);
    if (known || this.#postings.size >= MAX_POSTINGS) return known;
    const made = new Postings(field, this.#documents);
    // Queries may name fields that there are not.
    if (!made.isEmpty) this.#postings.set(field, made);
    return made;
  }
}
