import { addField, type FieldValue, type QueryDocument } from '../../query/index.ts';
import type { ObjectId, ObjectRow } from '../storage/index.ts';
import type { IndexDefinition } from './definition.ts';

/** What an index keeps of an object. */
export interface Entry extends ObjectId {
  readonly id: string;
  readonly version: string;
  readonly read: number;
  readonly write: number;
  readonly createTime: Date;
  readonly updateTime: Date;
  /** The indexed fields, and those of the object itself. */
  readonly document: QueryDocument;
  /** The indexed part of the value as JSON; only where listings are answered from the index. */
  readonly value: string | undefined;
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
  const { collection, key, user_id: userId, version, read, write } = row;
  const document = new Map<string, FieldValue[]>(
    Object.entries({ collection, key, user_id: userId, version, read, write }).map(single),
  );
  addField(document, 'value', kept);
  return {
    id: entryId({ key, userId }),
    collection,
    key,
    userId,
    version,
    read,
    write,
    createTime: row.create_time,
    updateTime: row.update_time,
    document,
    value: indexOnly ? JSON.stringify(kept) : undefined,
  };
}

function single([field, value]: [string, FieldValue]): [string, FieldValue[]] {
  return [field, [value]];
}
