import { fromBinary } from '@bufbuild/protobuf';
import { binaryWriter } from './binary/message-writer.ts';
import type { OutgoingMessage } from './envelope.ts';
import { type Envelope, EnvelopeSchema } from './gen/nakama/realtime/realtime_pb.js';
import { messageWriter } from './json/message-writer.ts';
import { type ReadOptions, readJson } from './json-codec.ts';
import { MalformedError } from './malformed-error.ts';

export { MalformedError };

/** What an envelope carries beside its `cid`; `{ case: undefined }` when it only acknowledges one. */
export type EnvelopeContent = OutgoingMessage | { readonly case: undefined };

const strictly: ReadOptions = { ignoreUnknown: false, ignoreRest: false };

/**
 * Reads a text frame. An envelope without a message (`{}`, `{"cid":"1"}`, `{"ping":null}`) is well-formed:
 * `message.case` is undefined then.
 * @throws MalformedError for everything that ends a connection: bad JSON, unknown or repeated fields, two messages,
 *   values of the wrong type
 */
export function parseEnvelope(text: string): Envelope {
  return readJson(EnvelopeSchema, text, strictly);
}

/**
 * Reads a binary frame; see {@link parseEnvelope}.
 * @throws MalformedError when the bytes are no envelope
 */
export function parseEnvelopeBinary(bytes: Uint8Array): Envelope {
  try {
    return fromBinary(EnvelopeSchema, bytes, { readUnknownFields: false });
  } catch (cause) {
    throw new MalformedError('not an envelope', { cause });
  }
}

/** The text of an envelope. */
export function envelopeToJson(message: EnvelopeContent, cid?: string): string {
  return writeEnvelope({ cid, message });
}

/** The bytes of an envelope. */
export function envelopeToBinary(message: EnvelopeContent, cid?: string): Uint8Array {
  return writeEnvelopeBinary({ cid, message });
}

const writeEnvelope = messageWriter(EnvelopeSchema, 'wire');
const writeEnvelopeBinary = binaryWriter(EnvelopeSchema);
