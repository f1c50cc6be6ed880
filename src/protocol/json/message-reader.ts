import { create, type DescEnum, type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { isWrapperDesc, TimestampSchema } from '@bufbuild/protobuf/wkt';
import type { JsonReader } from './json-reader.ts';
import { readBytes, readDouble, readInt32, readInt64, readUint32 } from './scalars.ts';
import { parseTimestamp } from './timestamps.ts';

/** Reads a value where the text stands; undefined when it is there and means nothing. */
type ReadValue = (reader: JsonReader) => unknown;

/** A message while it is built; its shape is that of the generated types. */
type Fields = Record<string, unknown>;

interface ReadableField {
  readonly localName: string;
  /** The name of the oneof it belongs to. */
  readonly oneof: string | undefined;
  /** Its bit among the fields seen. */
  readonly bit: number;
  /** Which of the two words of bits holds it. */
  readonly inHighWord: boolean;
  readonly read: ReadValue;
}

/** As many fields as the words that record which were seen have bits. */
const maxFields = 64;

const readersByMessage = new Map<DescMessage, ReadValue>();

/**
 * A function that reads messages of a type from JSON as protobuf defines it: names in snake_case or camelCase, `null`
 * for absent, no name twice. Made once for each type.
 */
export function messageReader(schema: DescMessage): ReadValue {
  let read = readersByMessage.get(schema);
  if (read === undefined) {
    read = compile(schema);
    readersByMessage.set(schema, read);
  }
  return read;
}

function compile(schema: DescMessage): ReadValue {
  if (schema.fields.length > maxFields) throw new Error(`${schema.typeName} has more than ${maxFields} fields`);
  const fields = new Map<string, ReadableField>();
  let blank: (() => Fields) | undefined;

  const readMessage = (reader: JsonReader): Fields => {
    blank ??= blankMaker(schema);
    const message = blank();
    let seenLow = 0;
    let seenHigh = 0;
    for (let more = reader.enterObject(); more; more = reader.nextMember()) {
      const name = reader.readName();
      const field = fields.get(name);
      if (field === undefined) {
        if (!reader.ignoresUnknown) throw reader.fail(`unknown field ${JSON.stringify(name)} before`);
        reader.skipValue();
        continue;
      }
      if (((field.inHighWord ? seenHigh : seenLow) & field.bit) !== 0) throw reader.fail(`${name} twice`);
      if (field.inHighWord) seenHigh |= field.bit;
      else seenLow |= field.bit;
      if (reader.takeNull()) continue;
      if (field.oneof === undefined) {
        const value = field.read(reader);
        if (value !== undefined) message[field.localName] = value;
        continue;
      }
      if ((message[field.oneof] as { case?: string }).case !== undefined) throw reader.fail(`${name} beside another`);
      message[field.oneof] = { case: field.localName, value: field.read(reader) };
    }
    return message;
  };

  for (const [index, field] of schema.fields.entries()) {
    const readable: ReadableField = {
      localName: field.localName,
      oneof: field.oneof?.localName,
      bit: 1 << (index % 32),
      inHighWord: index >= 32,
      read: valueReader(field),
    };
    fields.set(field.name, readable);
    fields.set(field.jsonName, readable);
  }
  return readMessage;
}

/** A maker of empty messages. Objects of one type all have the same shape, which keeps their readers fast. */
function blankMaker(schema: DescMessage): () => Fields {
  const template: Fields = { ...create(schema) };
  const fresh: [string, () => unknown][] = [];
  for (const oneof of schema.oneofs) fresh.push([oneof.localName, () => ({ case: undefined })]);
  for (const { fieldKind, localName } of schema.fields) {
    if (fieldKind === 'list') fresh.push([localName, () => []]);
    if (fieldKind === 'map') fresh.push([localName, () => ({})]);
  }
  return () => {
    const message = { ...template };
    for (const [name, make] of fresh) message[name] = make();
    return message;
  };
}

function valueReader(field: DescField): ReadValue {
  switch (field.fieldKind) {
    case 'scalar':
      return scalarReader(field.scalar);
    case 'enum':
      return enumReader(field.enum);
    case 'message':
      return messageValueReader(field.message);
    case 'list':
      return listReader(elementReader(field));
    case 'map':
      if (field.mapKind !== 'scalar' || field.mapKey !== ScalarType.STRING) break;
      return mapReader(scalarReader(field.scalar));
  }
  throw new Error(`${field} is of a kind that the JSON reader does not know`);
}

function elementReader(field: DescField & { fieldKind: 'list' }): ReadValue {
  if (field.listKind === 'scalar') return scalarReader(field.scalar);
  if (field.listKind === 'message') return messageValueReader(field.message);
  throw new Error(`${field} is of a kind that the JSON reader does not know`);
}

function scalarReader(type: ScalarType): ReadValue {
  switch (type) {
    case ScalarType.STRING:
      return (reader) => reader.readString();
    case ScalarType.BOOL:
      return (reader) => reader.readBoolean();
    case ScalarType.INT32:
      return readInt32;
    case ScalarType.UINT32:
      return readUint32;
    case ScalarType.INT64:
      return readInt64;
    case ScalarType.DOUBLE:
      return readDouble;
    case ScalarType.BYTES:
      return readBytes;
    default:
      throw new Error(`scalar type ${ScalarType[type]} is not one that the JSON reader knows`);
  }
}

/** A number, known or not, or a name. An unknown name is passed over where unknown fields are. */
function enumReader(type: DescEnum): ReadValue {
  const numbers = new Map(type.values.map((value) => [value.name, value.number]));
  return (reader) => {
    if (reader.peekKind() !== 'string') return readInt32(reader);
    const number = numbers.get(reader.readString());
    if (number === undefined && !reader.ignoresUnknown) throw reader.fail('unknown name of a value');
    return number;
  };
}

function messageValueReader(schema: DescMessage): ReadValue {
  if (schema.typeName === TimestampSchema.typeName) return readTimestamp;
  if (isWrapperDesc(schema)) return scalarReader(schema.fields[0].scalar);
  return (reader) => messageReader(schema)(reader);
}

function readTimestamp(reader: JsonReader): unknown {
  const timestamp = parseTimestamp(reader.readString());
  if (timestamp === undefined) throw reader.fail('an RFC 3339 time was expected');
  return timestamp;
}

function listReader(readElement: ReadValue): ReadValue {
  return (reader) => {
    const list: unknown[] = [];
    for (let more = reader.enterList(); more; more = reader.nextElement()) {
      const element = readElement(reader);
      if (element !== undefined) list.push(element);
    }
    return list;
  };
}

function mapReader(readElement: ReadValue): ReadValue {
  return (reader) => {
    const map: Fields = {};
    for (let more = reader.enterObject(); more; more = reader.nextMember()) {
      const key = reader.readName();
      if (Object.hasOwn(map, key)) throw reader.fail(`${JSON.stringify(key)} twice`);
      const value = readElement(reader);
      // Assigning to `__proto__` would not make a property.
      if (key === '__proto__')
        Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
      else map[key] = value;
    }
    return map;
  };
}
