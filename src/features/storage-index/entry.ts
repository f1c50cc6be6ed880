import { addField, type FieldValues, type QueryDocument } from '../../query/index.ts';
import type { ObjectId, ObjectRow } from '../storage/index.ts';
import type { IndexDefinition } from './definition.ts';

const VALUE_FIELD = 'value';
const VALUE_PREFIX = `${VALUE_FIELD}.`;

/** What an index keeps of an object, which is also what queries look at. */
export class Entry implements ObjectId, QueryDocument {
  readonly id: string;
  readonly collection: string;
  readonly key: string;
  readonly userId: string;
  readonly version: string;
  readonly read: number;
  readonly write: number;
  readonly createTimeMs: number;
  readonly updateTimeMs: number;
  /** The indexed part of the value as JSON; only where listings are answered from the index. */
  readonly value: string | undefined;
  /** By names that start with `value.`; a plain object, since entries of one shape then share their names. */
  readonly #fields: Readonly<Record<string, FieldValues>>;

  constructor(row: ObjectRow, fields: Readonly<Record<string, FieldValues>>, value: string | undefined) {
    this.collection = row.collection;
    this.key = row.key;
    this.userId = row.user_id;
    this.id = entryId(this);
    this.version = row.version;
    this.read = row.read;
    this.write = row.write;
    this.createTimeMs = row.create_time.getTime();
    this.updateTimeMs = row.update_time.getTime();
    this.value = value;
    this.#fields = fields;
  }

  get(field: string): FieldValues | undefined {
    if (field.startsWith(VALUE_PREFIX)) return this.#fields[field];
    switch (field) {
      case 'collection':
      case 'key':
      case 'version':
      case 'read':
      case 'write':
        return this[field];
      case 'user_id':
        return this.userId;
      default:
        return undefined;
    }
  }
}

/** Names an object within its collection. */
export function entryId({ key, userId }: Pick<ObjectId, 'key' | 'userId'>): string {
  return `${userId}${key}`;
}

/** What an index keeps of a row; undefined when the row has none of its fields. */
export function entryOf(row: ObjectRow, { fields, indexOnly }: IndexDefinition): Entry | undefined {
  const value = JSON.parse(row.value) as Record<string, unknown>;
  const kept: Record<string, unknown> = {};
  for (const field of fields) if (Object.hasOwn(value, field)) kept[field] = value[field];
  if (Object.keys(kept).length === 0) return undefined;
  const indexed = new Map<string, FieldValues>();
  addField(indexed, VALUE_FIELD, kept);
  return new Entry(row, Object.fromEntries(indexed), indexOnly ? JSON.stringify(kept) : undefined);
}
