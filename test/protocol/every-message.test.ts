import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  create,
  type DescField,
  type DescMessage,
  fromBinary,
  type Message,
  ScalarType,
  toBinary,
  toJson,
} from '@bufbuild/protobuf';
import { isWrapperDesc, timestampFromMs } from '@bufbuild/protobuf/wkt';
import { binaryWriter } from '../../src/protocol/binary/message-writer.ts';
import { file_nakama_api_api } from '../../src/protocol/gen/nakama/api/api_pb.js';
import { EnvelopeSchema, file_nakama_realtime_realtime } from '../../src/protocol/gen/nakama/realtime/realtime_pb.js';
import { fromHookJson, toHookJson } from '../../src/protocol/hook-json.ts';
import { readJson, toWireJson } from '../../src/protocol/json-codec.ts';

/** How many differently filled messages of each type are tried. */
const variants = 12;

const schemas = [...file_nakama_api_api.messages, ...file_nakama_realtime_realtime.messages];
const strictly = { ignoreUnknown: false, ignoreRest: false };

/** The same numbers between 0 and 1 in every run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const texts = ['', 'a', 'Grüße 😀', '"quoted" \\ / \n\t\u0001', '2024-01-01', 'x'.repeat(100)];

function pick<T>(random: () => number, values: readonly T[]): T {
  return values[Math.floor(random() * values.length)]!;
}

function scalar(type: ScalarType, random: () => number): unknown {
  switch (type) {
    case ScalarType.STRING:
      return pick(random, texts);
    case ScalarType.BOOL:
      return random() < 0.5;
    case ScalarType.INT32:
      return pick(random, [0, 1, -1, 2 ** 31 - 1, -(2 ** 31)]);
    case ScalarType.UINT32:
      return pick(random, [0, 1, 2 ** 32 - 1]);
    case ScalarType.INT64:
      return pick(random, [0n, 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n)]);
    case ScalarType.DOUBLE:
      return pick(random, [0, 0.1, -1.5e300, 7, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
    case ScalarType.BYTES:
      return new Uint8Array(pick(random, [0, 1, 2, 3, 40])).map(() => random() * 256);
    default:
      throw new Error(`no values for ${ScalarType[type]}`);
  }
}

function value(field: DescField, random: () => number): unknown {
  switch (field.fieldKind) {
    case 'scalar':
      return scalar(field.scalar, random);
    case 'enum':
      return pick(random, field.enum.values).number;
    case 'message':
      return messageValue(field.message, random);
    case 'list':
      return Array.from({ length: Math.floor(random() * 3) }, () =>
        field.listKind === 'message' ? messageValue(field.message, random) : scalar(field.scalar!, random),
      );
    case 'map':
      return Object.fromEntries(texts.slice(0, random() * 4).map((key) => [key, scalar(field.scalar!, random)]));
  }
}

function messageValue(schema: DescMessage, random: () => number): unknown {
  if (isWrapperDesc(schema)) return scalar(schema.fields[0].scalar, random);
  if (schema.typeName === 'google.protobuf.Timestamp') {
    return timestampFromMs(pick(random, [0, 1_700_000_000_000, 1_700_000_000_123, -1, 253_402_300_799_999]));
  }
  return filled(schema, random);
}

/** A message with about three in four of its fields set. */
function filled(schema: DescMessage, random: () => number): Message {
  const message = create(schema) as Message & Record<string, unknown>;
  for (const member of schema.members) {
    if (random() < 0.25) continue;
    if (member.kind === 'field') {
      message[member.localName] = value(member, random);
    } else {
      const field = pick(random, member.fields);
      message[member.localName] = { case: field.localName, value: value(field, random) };
    }
  }
  return message;
}

function eachMessage(check: (schema: DescMessage, message: Message) => void): void {
  for (const [index, schema] of schemas.entries()) {
    const random = randomFrom(index + 1);
    const tries = schema === EnvelopeSchema ? 20 * variants : variants;
    for (let i = 0; i < tries; i++) check(schema, filled(schema, random));
  }
}

test('what clients get is what protobuf-es writes, for messages of every type', () => {
  eachMessage((schema, message) => {
    const expected = toJson(schema, message, { useProtoFieldName: true, enumAsInteger: true });
    assert.deepEqual(JSON.parse(toWireJson(schema, message)), expected, schema.typeName);
  });
});

test('what is written is read back as it was, in both styles', () => {
  eachMessage((schema, message) => {
    assert.deepEqual(normal(readJson(schema, toWireJson(schema, message), strictly)), normal(message), schema.typeName);
    assert.deepEqual(normal(fromHookJson(schema, toHookJson(schema, message))), normal(message), schema.typeName);
  });
});

test('the bytes of a message are those that protobuf-es reads back as it was', () => {
  eachMessage((schema, message) => {
    const bytes = binaryWriter(schema)(message);
    assert.deepEqual(normal(fromBinary(schema, bytes)), normal(message), schema.typeName);
    assert.equal(bytes.length, toBinary(schema, message).length, schema.typeName);
  });
});

test('hooks see every field of every message', () => {
  for (const schema of schemas) {
    const seen = Object.keys(JSON.parse(toHookJson(schema, create(schema))));
    const fields = schema.fields.filter((field) => field.oneof === undefined);
    assert.deepEqual(
      seen,
      fields.map((field) => field.jsonName),
      schema.typeName,
    );
  }
});

/** Buffers as the plain byte arrays that they stand for. */
function normal(part: unknown): unknown {
  if (part instanceof Uint8Array) return [...part];
  if (Array.isArray(part)) return part.map(normal);
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, normal(value)]));
}
