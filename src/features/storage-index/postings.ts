import type { FieldValue, FieldValues } from '../../query/index.ts';
import type { Entry } from './entry.ts';

/** Which entries have a value in one field. A value that one entry has, as most identifiers are, takes no set. */
export class Postings {
  readonly #field: string;
  readonly #byValue = new Map<FieldValue, Entry | Set<Entry>>();

  constructor(field: string, entries: Iterable<Entry>) {
    this.#field = field;
    for (const entry of entries) this.add(entry);
  }

  get isEmpty(): boolean {
    return this.#byValue.size === 0;
  }

  add(entry: Entry): void {
    for (const value of valuesOf(entry.get(this.#field))) {
      const known = this.#byValue.get(value);
      if (known === undefined) this.#byValue.set(value, entry);
      else if (known instanceof Set) known.add(entry);
      else if (known !== entry) this.#byValue.set(value, new Set([known, entry]));
    }
  }

  delete(entry: Entry): void {
    for (const value of valuesOf(entry.get(this.#field))) {
      const known = this.#byValue.get(value);
      if (known instanceof Set) known.delete(entry);
      if (known === entry || (known instanceof Set && known.size === 0)) this.#byValue.delete(value);
    }
  }

  /** How many entries {@link of} gives at most. */
  count(values: readonly FieldValue[]): number {
    let count = 0;
    for (const value of values) {
      const known = this.#byValue.get(value);
      if (known) count += known instanceof Set ? known.size : 1;
    }
    return count;
  }

  /** The entries that have at least one of the values. */
  of(values: readonly FieldValue[]): Set<Entry> {
    const found = new Set<Entry>();
    for (const value of values) {
      const known = this.#byValue.get(value);
      if (known instanceof Set) for (const entry of known) found.add(entry);
      else if (known) found.add(known);
    }
    return found;
  }
}

function valuesOf(values: FieldValues | undefined): readonly FieldValue[] {
  if (values === undefined) return [];
  return typeof values === 'object' ? values : [values];
}
