import { decodeUtf8, wholeCharactersLength } from '../utilities/utf8.ts';

const utf8Labels: readonly string[] = [
  'utf-8',
  'utf8',
  'unicode-1-1-utf-8',
  'unicode11utf8',
  'unicode20utf8',
  'x-unicode20utf8',
];

/** The Encoding Standard's TextDecoder, for UTF-8 only: another label is a RangeError that says so. */
export class TextDecoder {
  readonly #fatal: boolean;
  readonly #ignoreBom: boolean;
  /** The beginning of a character whose rest has not come yet. */
  #pending: Uint8Array = new Uint8Array(0);
  #bomSeen = false;

  constructor(label = 'utf-8', options: { fatal?: boolean; ignoreBOM?: boolean } = {}) {
    if (!utf8Labels.includes(String(label).trim().toLowerCase())) {
      throw new RangeError(`TextDecoder: the encoding "${label}" is not supported here, only utf-8`);
    }
    this.#fatal = Boolean(options?.fatal);
    this.#ignoreBom = Boolean(options?.ignoreBOM);
  }

  get encoding(): string {
    return 'utf-8';
  }

  get fatal(): boolean {
    return this.#fatal;
  }

  get ignoreBOM(): boolean {
    return this.#ignoreBom;
  }

  decode(input?: ArrayBuffer | ArrayBufferView, options: { stream?: boolean } = {}): string {
    const bytes = joined(this.#pending, bytesOf(input));
    const stream = Boolean(options?.stream);
    const length = stream ? wholeCharactersLength(bytes) : bytes.length;
    this.#pending = bytes.slice(length);
    const text = this.#fatal ? decodeUtf8(bytes.subarray(0, length), true) : decodeUtf8(bytes.subarray(0, length));
    if (text === undefined) {
      this.#reset();
      throw new TypeError('TextDecoder: the bytes are not UTF-8');
    }
    const withoutBom = !this.#bomSeen && !this.#ignoreBom && text.startsWith('\ufeff') ? text.slice(1) : text;
    if (text !== '') this.#bomSeen = true;
    if (!stream) this.#reset();
    return withoutBom;
  }

  #reset(): void {
    this.#pending = new Uint8Array(0);
    this.#bomSeen = false;
  }
}

function bytesOf(input: ArrayBuffer | ArrayBufferView | undefined): Uint8Array {
  if (input === undefined) return new Uint8Array(0);
  if (input instanceof ArrayBuffer) return new Uint8Array(input);
  if (ArrayBuffer.isView(input)) return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
  throw new TypeError('TextDecoder.decode: the input must be an ArrayBuffer or a view of one');
}

function joined(head: Uint8Array, tail: Uint8Array): Uint8Array {
  if (head.length === 0) return tail;
  const all = new Uint8Array(head.length + tail.length);
  all.set(head);
  all.set(tail, head.length);
  return all;
}
