import type { DescMessage, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import { JsonReader } from './json/json-reader.ts';
import { messageReader } from './json/message-reader.ts';
import { messageWriter } from './json/message-writer.ts';

/** What a text is read with. */
export interface ReadOptions {
  /** Skip fields that the message does not have; otherwise they are an error. */
  readonly ignoreUnknown: boolean;
  /** Do not look at what follows the message; otherwise only white space may. */
  readonly ignoreRest: boolean;
}

/** A message whose JSON is there already, as {@link toWireJson} would write it: an answer that the database wrote. */
export class WireJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/**
 * A message as clients get it: snake_case names, enums as numbers, 64-bit integers as text, times as RFC 3339 in UTC,
 * default values left out and nullable fields kept when they are set. Takes finished messages and the plain objects
 * that one can be made from.
 */
export function toWireJson<Desc extends DescMessage>(schema: Desc, message: MessageInitShape<Desc> | WireJson): string {
  if (message instanceof WireJson) return message.text;
  return messageWriter(schema, 'wire')(message);
}

/**
 * Reads a message from JSON: names in snake_case or camelCase, `null` for an absent field, whole numbers as text too,
 * no name twice.
 * @throws MalformedError with the offset at which the text is no such message
 */
export function readJson<Desc extends DescMessage>(
  schema: Desc,
  text: string,
  options: ReadOptions,
): MessageShape<Desc> {
  const reader = new JsonReader(text, options.ignoreUnknown);
  const message = messageReader(schema)(reader) as MessageShape<Desc>;
  if (!options.ignoreRest && !reader.atEnd()) throw reader.fail('something after the message');
  return message;
}
