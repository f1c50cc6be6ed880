import { isUtf8 } from 'node:buffer';
import { create, type DescField, type DescMessage, type DescMethodUnary, type Message } from '@bufbuild/protobuf';
import { JsonReader } from './json/json-reader.ts';
import { messageReader } from './json/message-reader.ts';
import { MalformedError } from './malformed-error.ts';
import type { OperationRoute } from './operations.ts';
import { queryReader } from './request-query.ts';
import { invalidArgument } from './status.ts';

/** The parts of an HTTP request that make its message. */
export interface RequestSource {
  /** Decoded path parameters by their name in the path template. */
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The decompressed body; empty when there is none. */
  readonly body: Uint8Array;
}

/** Makes the request message. @throws StatusError INVALID_ARGUMENT for whatever is wrong with the source */
export type RequestBuilder = (source: RequestSource) => Message;

/** A message's fields by name. */
type Fields = Record<string, unknown>;

/** Prepares what is known of a route before the first request comes: make one builder for each route, and keep it. */
export function requestBuilder(method: DescMethodUnary, route: OperationRoute): RequestBuilder {
  const { input } = method;
  const pathFields = route.segments.flatMap((segment) =>
    'parameter' in segment ? [fieldNamed(input, segment.parameter)] : [],
  );
  const bodyField = route.body === null || route.body === '*' ? undefined : fieldNamed(input, route.body);
  const readQuery = queryReader(input, bodyField === undefined ? pathFields : [...pathFields, bodyField]);

  return ({ pathParameters, query, body }) => {
    try {
      const message = (route.body === '*' ? readBody(input, body) : create(input)) as Message & Fields;
      if (bodyField !== undefined) message[bodyField.localName] = readBodyField(bodyField, body);
      for (const field of pathFields) message[field.localName] = pathParameters[field.name] ?? '';
      if (route.body !== '*' && query.size > 0) readQuery(query, message);
      return message;
    } catch (error) {
      if (error instanceof MalformedError) throw invalidArgument(error.message);
      throw error;
    }
  };
}

function fieldNamed(message: DescMessage, name: string): DescField {
  const field = message.fields.find((candidate) => candidate.name === name);
  if (field === undefined) throw new Error(`${message} has no field ${name}, which its route names`);
  return field;
}

function readBodyField(field: DescField, body: Uint8Array): unknown {
  if (field.fieldKind === 'message') return readBody(field.message, body);
  return readTextBody(body);
}

/** A missing or blank body is an empty message. What follows the message is not looked at. */
function readBody(schema: DescMessage, body: Uint8Array): Message {
  const reader = new JsonReader(decodeUtf8(body), true);
  if (reader.atEnd()) return create(schema);
  return messageReader(schema)(reader) as Message;
}

/**
 * A body that is one JSON string (an RPC's payload); blank and `null` are the empty text.
 * @throws StatusError INVALID_ARGUMENT for other JSON, and what is none
 */
function readTextBody(body: Uint8Array): string {
  const reader = new JsonReader(decodeUtf8(body), false);
  try {
    if (reader.atEnd()) return '';
    const text = reader.takeNull() ? '' : reader.readString();
    if (!reader.atEnd()) throw reader.fail('something after the string');
    return text;
  } catch (error) {
    if (error instanceof MalformedError) throw invalidArgument(error.message);
    throw error;
  }
}

function decodeUtf8(bytes: Uint8Array): string {
  if (bytes.length === 0) return '';
  if (!isUtf8(bytes)) throw invalidArgument('the body is not UTF-8');
  // Unlike TextDecoder's default, this keeps a byte order mark, which no JSON may begin with.
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
