import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { isWrapperDesc, TimestampSchema } from '@bufbuild/protobuf/wkt';

/** SQL of values by the local names of a message's fields. */
export type FieldValues = Readonly<Record<string, string>>;

/**
 * SQL of an expression: a message's JSON as `toWireJson` would write it, put together by the database. For long lists:
 * reading their rows and writing them again costs the server more than everything else about them.
 * @param values texts for text fields, numbers, `timestamptz` for times (cut to seconds), for messages the SQL that this
 *   function gives. Fields without one are left out. The first one in the message's order must never be empty or null.
 */
export function messageJsonSql(schema: DescMessage, values: FieldValues): string {
  const given = schema.fields.filter(({ localName }) => Object.hasOwn(values, localName));
  const unknown = Object.keys(values).filter((name) => !given.some(({ localName }) => localName === name));
  if (given.length === 0 || unknown.length > 0) throw new Error(`${schema} has no fields ${unknown}`);
  const members = given.map((field, i) => {
    const value = values[field.localName]!;
    return i === 0 ? `'{"${field.name}":' || ${writtenSql(field, value)}` : memberSql(field, value);
  });
  return `${members.join(' || ')} || '}'`;
}

/** A comma, the name and the value; nothing when the value is one that is left out. */
function memberSql(field: DescField, value: string): string {
  const member = `',"${field.name}":' || ${writtenSql(field, value)}`;
  if (field.fieldKind !== 'scalar') return `coalesce(${member}, '')`;
  return `case when ${value} <> ${field.scalar === ScalarType.STRING ? "''" : '0'} then ${member} else '' end`;
}

function writtenSql(field: DescField, value: string): string {
  if (field.fieldKind === 'scalar') {
    if (field.scalar === ScalarType.STRING) return `to_json(${value})::text`;
    if (field.scalar === ScalarType.INT32) return `(${value})::text`;
  }
  if (field.fieldKind === 'message') {
    // "2026-01-31T10:00:00.123456": the quotation mark and 19 characters.
    if (field.message.typeName === TimestampSchema.typeName) {
      return `left(to_json(${value} at time zone 'UTC')::text, 20) || 'Z"'`;
    }
    if (!isWrapperDesc(field.message)) return value;
    if (field.message.fields[0].scalar === ScalarType.INT32) return `(${value})::text`;
  }
  throw new Error(`${field} is of a kind that is not written in SQL`);
}
