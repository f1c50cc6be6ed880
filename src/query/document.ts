/** A value that queries compare: text, a number, or `T` and `F` for booleans. */
export type FieldValue = string | number;

/** What queries look at: values by dotted field (`value.stats.strength`); a list gives a field several. */
export type QueryDocument = ReadonlyMap<string, readonly FieldValue[]>;

/** Values nested deeper than this cannot be found. */
const MAX_DEPTH = 32;

/** Adds a JSON value to a document under a field, and what is in it under fields below that. */
export function addField(document: Map<string, FieldValue[]>, field: string, value: unknown, depth = 0): void {
  if (depth > MAX_DEPTH) return;
  switch (typeof value) {
    case 'string':
    case 'number':
      addValue(document, field, value);
      return;
    case 'boolean':
      addValue(document, field, value ? 'T' : 'F');
      return;
    case 'object':
      if (Array.isArray(value)) for (const element of value) addField(document, field, element, depth + 1);
      else if (value !== null) {
        for (const [name, inner] of Object.entries(value)) addField(document, `${field}.${name}`, inner, depth + 1);
      }
  }
}

function addValue(document: Map<string, FieldValue[]>, field: string, value: FieldValue): void {
  const values = document.get(field);
  if (values) values.push(value);
  else document.set(field, [value]);
}
