import { type EnvelopeContent, envelopeToBinary, envelopeToJson } from '../protocol/envelope-codec.ts';
import type { SocketFormat } from './session.ts';
import { frameBinary, frameText } from './socket-frame.ts';

/**
 * A message on its way to many sockets: encoded and framed once for each format that is asked for, however many
 * sockets it goes to.
 */
export class EncodedMessage {
  readonly #message: EnvelopeContent;
  readonly #cid: string | undefined;
  #text: Buffer | undefined;
  #binary: Buffer | undefined;

  constructor(message: EnvelopeContent, cid?: string) {
    this.#message = message;
    this.#cid = cid;
  }

  /** The bytes to write, frame header included. They are shared: never change them. */
  frame(format: SocketFormat): Buffer {
    if (format === 'json') {
      this.#text ??= frameText(envelopeToJson(this.#message, this.#cid));
      return this.#text;
    }
    this.#binary ??= frameBinary(envelopeToBinary(this.#message, this.#cid));
    return this.#binary;
  }
}
