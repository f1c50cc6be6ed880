import { type FieldValue, firstOf } from '../../query/index.ts';
import type { Entry } from './entry.ts';

/** A place in an order: the values that it orders by, then what tells objects with the same values apart. */
export interface Position {
  /** null where the object has no such field: it comes last, whatever the direction. */
  readonly values: readonly (FieldValue | null)[];
  readonly key: string;
  readonly userId: string;
}

/** A found entry and its place. */
export interface Found {
  readonly entry: Entry;
  readonly position: Position;
}

interface OrderField {
  readonly read: (entry: Entry, score: number) => FieldValue | null;
  readonly direction: 1 | -1;
}

/** How a listing is ordered: `value.level`, `-value.level` for downwards; without any the best fit comes first. */
export class Order {
  readonly #fields: readonly OrderField[];

  /** Fields that cannot be sorted by are passed over. */
  constructor(order: readonly string[], sortableFields: readonly string[]) {
    const asked = order.length === 0 ? ['-_score'] : order;
    this.#fields = asked.flatMap((text) => {
      const isDownwards = text.startsWith('-');
      const name = isDownwards ? text.slice(1) : text;
      const read = valueReader(name, sortableFields);
      return read ? [{ read, direction: isDownwards ? -1 : 1 } as const] : [];
    });
  }

  positionOf(entry: Entry, score: number): Position {
    return {
      values: this.#fields.map(({ read }) => read(entry, score)),
      key: entry.key,
      userId: entry.userId,
    };
  }

  /** Negative where `a` comes first. */
  readonly compare = (a: Position, b: Position): number => {
    for (let i = 0; i < this.#fields.length; i++) {
      const order = compareValues(a.values[i] ?? null, b.values[i] ?? null, this.#fields[i]!.direction);
      if (order !== 0) return order;
    }
    return compareText(a.key, b.key) || compareText(a.userId, b.userId);
  };
}

function valueReader(name: string, sortableFields: readonly string[]): OrderField['read'] | undefined {
  switch (name) {
    case '_score':
      return (_entry, score) => score;
    case 'create_time':
      return ({ createTimeMs }) => createTimeMs;
    case 'update_time':
      return ({ updateTimeMs }) => updateTimeMs;
    default:
      if (!sortableFields.some((field) => name === `value.${field}`)) return undefined;
      return (entry) => firstOf(entry.get(name) ?? []) ?? null;
  }
}

/** Numbers come before text. */
function compareValues(a: FieldValue | null, b: FieldValue | null, direction: 1 | -1): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  if (typeof a === 'number' && typeof b === 'number') return direction * (a - b);
  if (typeof a === 'string' && typeof b === 'string') return direction * compareText(a, b);
  return typeof a === 'number' ? -direction : direction;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
