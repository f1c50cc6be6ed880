import { envelopeToBinary, envelopeToJson } from '../protocol/envelope-codec.ts';
import type { OutgoingMessage } from '../protocol/envelope.ts';
import type { SocketFormat } from './session.ts';
import { frameBinary, frameText } from './socket-frame.ts';

/**
 * A message on its way to many sockets: encoded and framed once for each format that is asked for, however many
 * sockets it goes to.
 */
export class EncodedMessage {
  readonly #message: OutgoingMessage | null;
  readonly #cid: string | undefined;
  #text: Buffer | undefined;
  #binary: Buffer | undefined;

  /** Without a message only the `cid` is sent: the answer to a request that has nothing to tell. */
  constructor(message: OutgoingMessage | null, cid?: string) {
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
