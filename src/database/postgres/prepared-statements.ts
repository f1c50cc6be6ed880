import { schemaTypes } from '../type-parsers.ts';

/** How the rows of a statement are read. */
export interface RowShape {
  readonly columns: readonly string[];
  read(fields: readonly (string | null)[]): Record<string, unknown>;
}

/**
 * What one connection has prepared, and what its rows look like: the database need not describe them again. (A statement
 * whose columns change is refused as stale, and prepared anew under another name.)
 */
export class PreparedStatements {
  /** Shapes by name; none yet while the description is on its way. */
  readonly #shapes = new Map<string, RowShape | undefined>();
  readonly #uncertain = new Set<string>();

  /** Whether it may be used from the next message on. */
  has(name: string): boolean {
    return this.#shapes.has(name);
  }

  /** Whether the database may have it though {@link has} says no: then it must be closed before it is prepared. */
  mayExist(name: string): boolean {
    return this.#uncertain.has(name);
  }

  sent(name: string): void {
    this.#uncertain.delete(name);
    this.#shapes.set(name, undefined);
  }

  described(name: string, shape: RowShape): void {
    this.#shapes.set(name, shape);
  }

  /** That of a statement that was described, or that was answered without a description: it has no columns. */
  shapeOf(name: string): RowShape {
    return this.#shapes.get(name) ?? noColumns;
  }

  /** Whether the database has it is not known any more. */
  forget(name: string): void {
    if (this.#shapes.delete(name)) this.#uncertain.add(name);
  }
}

export function rowShape(columns: readonly { readonly name: string; readonly dataTypeID: number }[]): RowShape {
  const names = columns.map(({ name }) => name);
  const parsers = columns.map(({ dataTypeID }) => schemaTypes.getTypeParser(dataTypeID, 'text'));
  return {
    columns: names,
    read: (fields) => {
      const row: Record<string, unknown> = {};
      for (let at = 0; at < names.length; at++) {
        const text = fields[at]!;
        row[names[at]!] = text === null ? null : parsers[at]!(text);
      }
      return row;
    },
  };
}

export const noColumns = rowShape([]);
