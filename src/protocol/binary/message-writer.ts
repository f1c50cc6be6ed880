import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { ReverseWriter } from './reverse-writer.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Writes the fields of a message, without its length. */
type WriteFields = (writer: ReverseWriter, message: Fields) => void;

/** Writes a value, with its length where it has one. */
type WriteValue = (writer: ReverseWriter, value: never) => void;

interface WritableField {
  readonly localName: string;
  /** Writes a value that is set, with its tag. */
  readonly write: (writer: ReverseWriter, value: unknown) => void;
  /** Whether the value is one that is left out. */
  readonly isDefault: (value: unknown) => boolean;
}

interface OneofValue {
  readonly case?: string | undefined;
  readonly value?: unknown;
}

const varintType = 0;
const fixed64Type = 1;
const lengthType = 2;

const compiled = new Map<DescMessage, WriteFields>();
const writer = new ReverseWriter();

/**
 * A function that gives the bytes of messages of a type. It takes finished messages and the plain objects that one can
 * be made from; `null` counts as not set.
 */
export function binaryWriter(schema: DescMessage): (message: object) => Uint8Array {
  const write = fieldsWriter(schema);
  return (message) => {
    try {
      write(writer, message as Fields);
      return writer.finish();
    } catch (error) {
      writer.reset();
      throw error;
    }
  };
}

function fieldsWriter(schema: DescMessage): WriteFields {
  let write = compiled.get(schema);
  if (write === undefined) {
    write = compile(schema);
    compiled.set(schema, write);
  }
  return write;
}

function compile(schema: DescMessage): WriteFields {
  const fields = schema.fields
    .filter((field) => field.oneof === undefined)
    .map(writable)
    .reverse();
  const oneofs = schema.oneofs.map((oneof) => ({
    localName: oneof.localName,
    members: new Map(oneof.fields.map((field) => [field.localName, writable(field)])),
  }));
  return (target, message) => {
    for (const oneof of oneofs) {
      const chosen = message[oneof.localName] as OneofValue | null | undefined;
      if (chosen?.case === undefined || chosen.value === undefined) continue;
      const field = oneof.members.get(chosen.case);
      if (field === undefined) throw new TypeError(`${schema.typeName} has no ${chosen.case}`);
      field.write(target, chosen.value);
    }
    for (const field of fields) {
      const value = message[field.localName];
      if (value === undefined || value === null || field.isDefault(value)) continue;
      field.write(target, value);
    }
  };
}

function writable(field: DescField): WritableField {
  const { localName } = field;
  switch (field.fieldKind) {
    case 'scalar':
      return { localName, write: tagged(field.number, field.scalar), isDefault: isZero };
    case 'enum':
      return { localName, write: tagged(field.number, ScalarType.INT32), isDefault: isZero };
    case 'message':
      return { localName, write: taggedMessage(field.number, field.message), isDefault: () => false };
    case 'list':
      return { localName, write: eachReversed(elementWriter(field)), isDefault: () => false };
    case 'map':
      return { localName, write: mapWriter(field), isDefault: () => false };
  }
}

function isZero(value: unknown): boolean {
  return (
    value === '' ||
    value === 0 ||
    value === 0n ||
    value === false ||
    (value instanceof Uint8Array && value.length === 0)
  );
}

function tagged(number: number, type: ScalarType): WritableField['write'] {
  const [wireType, write] = scalarWriter(type);
  const tag = number * 8 + wireType;
  return (target, value) => {
    write(target, value as never);
    target.varint(tag);
  };
}

function taggedMessage(number: number, schema: DescMessage): WritableField['write'] {
  const tag = number * 8 + lengthType;
  const isWrapper = schema.file.name === 'google/protobuf/wrappers';
  let write: WriteFields | undefined;
  return (target, value) => {
    write ??= fieldsWriter(schema);
    const end = target.length;
    write(target, isWrapper ? { value } : (value as Fields));
    target.varint(target.length - end);
    target.varint(tag);
  };
}

/** Lists of numbers would have to be packed; there are none. */
function elementWriter(field: DescField & { fieldKind: 'list' }): WritableField['write'] {
  if (field.listKind === 'message') return taggedMessage(field.number, field.message);
  if (field.listKind === 'scalar' && !field.packed) return tagged(field.number, field.scalar);
  throw new Error(`${field} is of a kind that the binary writer does not know`);
}

function eachReversed(write: WritableField['write']): WritableField['write'] {
  return (target, value) => {
    const list = value as readonly unknown[];
    for (let i = list.length - 1; i >= 0; i--) write(target, list[i]);
  };
}

/** A map is a list of messages with a key and a value. */
function mapWriter(field: DescField & { fieldKind: 'map' }): WritableField['write'] {
  if (field.mapKind !== 'scalar' || field.mapKey !== ScalarType.STRING) {
    throw new Error(`${field} is of a kind that the binary writer does not know`);
  }
  const tag = field.number * 8 + lengthType;
  const writeKey = tagged(1, field.mapKey);
  const writeValue = tagged(2, field.scalar);
  return (target, map) => {
    for (const [key, value] of Object.entries(map as Fields)) {
      const end = target.length;
      writeValue(target, value);
      writeKey(target, key);
      target.varint(target.length - end);
      target.varint(tag);
    }
  };
}

function scalarWriter(type: ScalarType): [number, WriteValue] {
  switch (type) {
    case ScalarType.STRING:
      return [lengthType, (target, value: string) => target.string(value)];
    case ScalarType.BYTES:
      return [lengthType, (target, value: Uint8Array) => target.bytes(value)];
    case ScalarType.BOOL:
      return [varintType, (target, value: boolean) => target.varint(value ? 1 : 0)];
    case ScalarType.UINT32:
      return [varintType, (target, value: number) => target.varint(value)];
    case ScalarType.INT32:
      return [varintType, writeInt32];
    case ScalarType.INT64:
      return [varintType, (target, value: bigint) => target.varint64(value)];
    case ScalarType.DOUBLE:
      return [fixed64Type, (target, value: number) => target.double(value)];
    default:
      throw new Error(`scalar type ${ScalarType[type]} is not one that the binary writer knows`);
  }
}

function writeInt32(target: ReverseWriter, value: number): void {
  if (value >= 0) target.varint(value);
  else target.varint64(BigInt(value));
}
