import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { isWrapperDesc, TimestampSchema } from '@bufbuild/protobuf/wkt';
import { formatTimestamp } from './timestamps.ts';

/**
 * How a message is written.
 * - `wire`: snake_case names, fields with their default value left out; what clients get.
 * - `hook`: camelCase names, every field present; what modules see.
 */
export type JsonStyle = 'wire' | 'hook';

/** Writes a value that is set. */
type WriteValue = (value: never) => string;

interface WritableField {
  readonly localName: string;
  /** The name in quotes, and a colon. */
  readonly label: string;
  readonly write: (value: unknown) => string;
  /** Whether a value is one that `wire` leaves out. */
  readonly isDefault: (value: unknown) => boolean;
  /** What `hook` writes when nothing is set. */
  readonly unset: string;
}

interface WritableOneof {
  readonly localName: string;
  readonly members: ReadonlyMap<string, WritableField>;
}

interface OneofValue {
  readonly case?: string | undefined;
  readonly value?: unknown;
}

const writers: Record<JsonStyle, Map<DescMessage, (message: object) => string>> = { wire: new Map(), hook: new Map() };

/**
 * A function that writes messages of a type as JSON. It takes finished messages and the plain objects that one can be
 * made from; `null` counts as not set. Made once for each type and style.
 */
export function messageWriter(schema: DescMessage, style: JsonStyle): (message: object) => string {
  let write = writers[style].get(schema);
  if (write === undefined) {
    write = compile(schema, style);
    writers[style].set(schema, write);
  }
  return write;
}

function compile(schema: DescMessage, style: JsonStyle): (message: object) => string {
  const plain = schema.fields.filter((field) => field.oneof === undefined).map((field) => writable(field, style));
  const oneofs: WritableOneof[] = schema.oneofs.map((oneof) => ({
    localName: oneof.localName,
    members: new Map(oneof.fields.map((field) => [field.localName, writable(field, style)])),
  }));
  const fieldsOf = style === 'wire' ? setFields : allFields;

  return (message) => {
    const source = message as Record<string, unknown>;
    let body = fieldsOf(source, plain);
    for (const oneof of oneofs) {
      const chosen = source[oneof.localName] as OneofValue | null | undefined;
      if (chosen?.case === undefined || chosen.value === undefined) continue;
      const field = oneof.members.get(chosen.case);
      if (field === undefined) throw new TypeError(`${schema.typeName} has no ${chosen.case}`);
      body += (body === '' ? '' : ',') + field.label + field.write(chosen.value);
    }
    return `{${body}}`;
  };
}

function setFields(source: Record<string, unknown>, fields: readonly WritableField[]): string {
  let body = '';
  for (const field of fields) {
    const value = source[field.localName];
    if (value === undefined || value === null || field.isDefault(value)) continue;
    body += (body === '' ? '' : ',') + field.label + field.write(value);
  }
  return body;
}

function allFields(source: Record<string, unknown>, fields: readonly WritableField[]): string {
  let body = '';
  for (const field of fields) {
    const value = source[field.localName];
    const text = value === undefined || value === null ? field.unset : field.write(value);
    body += (body === '' ? '' : ',') + field.label + text;
  }
  return body;
}

function writable(field: DescField, style: JsonStyle): WritableField {
  const label = `"${style === 'wire' ? field.name : field.jsonName}":`;
  const common = { localName: field.localName, label };
  const [write, unset, isDefault] = writerOf(field, style);
  return {
    ...common,
    write: write as WritableField['write'],
    unset,
    isDefault: isDefault as WritableField['isDefault'],
  };
}

/** How a field is written, what it is when not set, and which of its values is the default. */
function writerOf(field: DescField, style: JsonStyle): [WriteValue, string, (value: never) => boolean] {
  switch (field.fieldKind) {
    case 'scalar':
      return scalarField(field.scalar);
    case 'enum':
      return [String, '0', (value: number) => value === 0];
    case 'message':
      return [messageValue(field.message, style), 'null', () => false];
    case 'list': {
      const write =
        field.listKind === 'message' ? messageValue(field.message, style) : scalarField(elementType(field))[0];
      return [listWriter(write), '[]', (value: readonly unknown[]) => value.length === 0];
    }
    case 'map':
      if (field.mapKind !== 'scalar') break;
      return [mapWriter(scalarField(field.scalar)[0]), '{}', isEmptyMap];
  }
  throw new Error(`${field} is of a kind that the JSON writer does not know`);
}

function elementType(field: DescField & { fieldKind: 'list' }): ScalarType {
  if (field.listKind !== 'scalar') throw new Error(`${field} is of a kind that the JSON writer does not know`);
  return field.scalar;
}

function scalarField(type: ScalarType): [WriteValue, string, (value: never) => boolean] {
  switch (type) {
    case ScalarType.STRING:
      return [JSON.stringify, '""', (value: string) => value === ''];
    case ScalarType.BOOL:
      return [String, 'false', (value: boolean) => value === false];
    case ScalarType.INT32:
    case ScalarType.UINT32:
      return [String, '0', (value: number) => value === 0];
    case ScalarType.INT64:
      return [(value: bigint) => `"${value}"`, '"0"', (value: bigint) => value === 0n];
    case ScalarType.DOUBLE:
      return [writeDouble, '0', (value: number) => value === 0];
    case ScalarType.BYTES:
      return [writeBytes, '""', (value: Uint8Array) => value.length === 0];
    default:
      throw new Error(`scalar type ${ScalarType[type]} is not one that the JSON writer knows`);
  }
}

function messageValue(schema: DescMessage, style: JsonStyle): WriteValue {
  if (schema.typeName === TimestampSchema.typeName) return writeTimestamp;
  if (isWrapperDesc(schema)) return scalarField(schema.fields[0].scalar)[0];
  let write: ((message: object) => string) | undefined;
  return (message: object) => {
    write ??= messageWriter(schema, style);
    return write(message);
  };
}

function writeTimestamp({ seconds = 0n, nanos = 0 }: { seconds?: bigint; nanos?: number }): string {
  return `"${formatTimestamp(seconds, nanos)}"`;
}

function writeDouble(value: number): string {
  return Number.isFinite(value) ? String(value) : `"${value}"`;
}

function writeBytes(value: Uint8Array): string {
  return `"${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')}"`;
}

function listWriter(write: WriteValue): WriteValue {
  return (list: readonly never[]) => {
    let body = '';
    for (const element of list) body += (body === '' ? '' : ',') + write(element);
    return `[${body}]`;
  };
}

function mapWriter(write: WriteValue): WriteValue {
  return (map: Readonly<Record<string, never>>) => {
    let body = '';
    for (const key of Object.keys(map)) {
      body += `${body === '' ? '' : ','}${JSON.stringify(key)}:${write(map[key]!)}`;
    }
    return `{${body}}`;
  };
}

function isEmptyMap(map: object): boolean {
  for (const _key in map) return false;
  return true;
}
