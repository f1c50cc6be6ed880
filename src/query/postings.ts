import type { FieldValue, FieldValues, QueryDocument } from './document.ts';

/** Which documents have a value in one field. A value that one of them has, as most identifiers are, takes no set. */
export class Postings<D extends QueryDocument> {
  readonly #field: string;
  readonly #byValue = new Map<FieldValue, D | Set<D>>();

  constructor(field: string, documents: Iterable<D>) {
    this.#field = field;
    for (const document of documents) this.add(document);
  }

  get isEmpty(): boolean {
    return this.#byValue.size === 0;
  }

  add(document: D): void {
    for (const value of valuesOf(document.get(this.#field))) {
      const known = this.#byValue.get(value);
      if (known === undefined) this.#byValue.set(value, document);
      else if (known instanceof Set) known.add(document);
      else if (known !== document) this.#byValue.set(value, new Set([known, document]));
    }
  }

  delete(document: D): void {
    for (const value of valuesOf(document.get(this.#field))) {
      const known = this.#byValue.get(value);
      if (known instanceof Set) known.delete(document);
      if (known === document || (known instanceof Set && known.size === 0)) this.#byValue.delete(value);
    }
  }

  /** How many documents {@link of} gives at most. */
  count(values: readonly FieldValue[]): number {
    let count = 0;
    for (const value of values) {
      const known = this.#byValue.get(value);
      if (known) count += known instanceof Set ? known.size : 1;
    }
    return count;
  }

  /** The documents that have at least one of the values. */
  of(values: readonly FieldValue[]): Set<D> {
    const found = new Set<D>();
    for (const value of values) {
      const known = this.#byValue.get(value);
      if (known instanceof Set) for (const document of known) found.add(document);
      else if (known) found.add(known);
    }
    return found;
  }
}

function valuesOf(values: FieldValues | undefined): readonly FieldValue[] {
  if (values === undefined) return [];
  return typeof values === 'object' ? values : [values];
}
