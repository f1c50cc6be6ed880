import type { DescMessage, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import type { OutgoingMessage } from './envelope.ts';
import { type Envelope, EnvelopeSchema } from './gen/nakama/realtime/realtime_pb.js';
import { messageWriter } from './json/message-writer.ts';
import { type ReadOptions, readJson, WireJson } from './json-codec.ts';

const strictly: ReadOptions = { ignoreUnknown: false, ignoreRest: false };

/**
 * A request, answer or envelope as a hook sees it: camelCase names and every field present; nullable fields, messages
 * and times that are not set are `null`, a member of a oneof that is not set is absent.
 *
 * What has no fields at all (the request of GetAccount, the answer of DeleteAccount) is `null`.
 */
export function toHookJson<Desc extends DescMessage>(schema: Desc, message: MessageInitShape<Desc> | WireJson): string {
  if (schema.typeName === 'google.protobuf.Empty') return 'null';
  return messageWriter(
    schema,
    'hook',
  )(message instanceof WireJson ? readJson(schema, message.text, strictly) : message);
}

/**
 * The message that a before hook returned. It stands for the whole message: what the text leaves out is not set.
 * Names may be in camelCase or snake_case.
 * @throws MalformedError for an unknown field, a value of the wrong type, or text that is no object
 */
export function fromHookJson<Desc extends DescMessage>(schema: Desc, text: string): MessageShape<Desc> {
  return readJson(schema, text, strictly);
}

/** An envelope as a hook sees it: `{ cid, channelMessageSend: {…} }`; only the `cid` when it carries no message. */
export function envelopeToHookJson(envelope: Envelope): string;
/** The same for a reply; null for one that has only the `cid`. */
export function envelopeToHookJson(reply: OutgoingMessage | null, cid: string): string;
export function envelopeToHookJson(source: Envelope | OutgoingMessage | null, cid = ''): string {
  if (source !== null && 'message' in source) return writeEnvelope(source);
  return writeEnvelope({ cid, message: source });
}

/** The envelope that a before hook returned. @throws MalformedError as {@link fromHookJson} does */
export function envelopeFromHookJson(text: string): Envelope {
  return fromHookJson(EnvelopeSchema, text);
}

const writeEnvelope = messageWriter(EnvelopeSchema, 'hook');
