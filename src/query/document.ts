/** A value that queries compare: text, a number, or `T` and `F` for booleans. */
export type FieldValue = string | number;

/** One value, or those of a list. */
export type FieldValues = FieldValue | readonly FieldValue[];

/** What queries look at: values by dotted field, as `value.stats.strength`. A Map is one. */
export interface QueryDocument {
  get(field: string): FieldValues | undefined;
}

/** Values nested deeper than this cannot be found. */
const MAX_DEPTH = 32;

/** Adds a JSON value to a document under a field, and what is in it under fields below that. */
export function addField(document: Map<string, FieldValues>, field: string, value: unknown, depth = 0): void {
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

/** The single value, or the first of several. */
export function firstOf(values: FieldValues): FieldValue | undefined {
  return typeof values === 'object' ? values[0] : values;
}

function addValue(document: Map<string, FieldValues>, field: string, value: FieldValue): void {
  const known = document.get(field);
  if (known === undefined) document.set(field, value);
  else if (typeof known === 'object') (known as FieldValue[]).push(value);
  else document.set(field, [known, value]);
}
