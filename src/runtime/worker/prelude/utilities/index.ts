import { hmac } from '@noble/hashes/hmac.js';
import { md5 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { momentAfter, momentBefore } from '../../../cron/index.ts';
import {
  type ArgumentsOf,
  binary,
  boolean,
  integer,
  type NamedParameter,
  optional,
  text,
  textOrBinary,
} from '../../../parameters.ts';
import { decryptText, encryptText } from './aes.ts';
import { decodeBase16, encodeBase16 } from './base16.ts';
import { type Base64Alphabet, decodeBase64, encodeBase64 } from './base64.ts';
import { cronMoment } from './cron.ts';
import { GoError } from './go-error.ts';
import { takeRandomBytes } from './random.ts';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';
import { uuidv4 } from './uuid.ts';

/** An nk function that runs wholly inside the isolate. */
export interface IsolateFunction {
  /** As in the module API: `uuidv4`. */
  readonly name: string;
  /** The caller checks the arguments against these. */
  readonly parameters: readonly NamedParameter[];
  /** @throws GoError when it fails while working, TypeError for arguments that only it can judge */
  run(...args: readonly unknown[]): unknown;
}

/** Most bytes that `secureRandomBytes` gives. Source: the module API's observed behaviour. */
const MAX_RANDOM_BYTES = 1000;

/** The nk functions that need nothing from the host but randomness. */
export const isolateFunctions: readonly IsolateFunction[] = [
  isolateFunction('uuidv4', [], uuidv4),
  isolateFunction(
    'secureRandomBytes',
    [['count', integer({ min: 1, max: MAX_RANDOM_BYTES })]],
    (count) => takeRandomBytes(count).buffer,
  ),

  isolateFunction('stringToBinary', [['text', text()]], (given) => encodeUtf8(given).buffer),
  isolateFunction('binaryToString', [['data', binary()]], (data) => {
    const decoded = decodeUtf8(new Uint8Array(data), true);
    if (decoded === undefined) throw new TypeError('nk.binaryToString: data must be UTF-8');
    return decoded;
  }),

  isolateFunction('base64Encode', encodeParameters(), encodeWith('standard')),
  isolateFunction('base64UrlEncode', encodeParameters(), encodeWith('url')),
  isolateFunction('base64Decode', decodeParameters(), (given, padding = true) =>
    decoded('base64', decodeBase64(given, 'standard', !padding)),
  ),
  isolateFunction('base64UrlDecode', decodeParameters(), (given) =>
    decoded('base64 in the URL alphabet', decodeBase64(given, 'url', false)),
  ),
  isolateFunction('base16Encode', [['input', textOrBinary()]], (input) => encodeBase16(bytesOf(input))),
  isolateFunction('base16Decode', [['input', text()]], (input) => decoded('base16', decodeBase16(input))),

  isolateFunction('md5Hash', [['input', text()]], (input) => encodeBase16(md5(encodeUtf8(input)))),
  isolateFunction('sha256Hash', [['input', text()]], (input) => encodeBase16(sha256(encodeUtf8(input)))),
  isolateFunction(
    'hmacSha256Hash',
    [
      ['input', text()],
      ['key', text({ minLength: 1 })],
    ],
    (input, key) => ownBuffer(hmac(sha256, encodeUtf8(key), encodeUtf8(input))),
  ),

  isolateFunction('aes128Encrypt', aesParameters(), (input, key) => encryptText(input, key, 16)),
  isolateFunction('aes128Decrypt', aesParameters(), (input, key) => decryptText(input, key, 16)),
  isolateFunction('aes256Encrypt', aesParameters(), (input, key) => encryptText(input, key, 32)),
  isolateFunction('aes256Decrypt', aesParameters(), (input, key) => decryptText(input, key, 32)),

  isolateFunction('cronNext', cronParameters(), cronMoment('cronNext', momentAfter)),
  isolateFunction('cronPrev', cronParameters(), cronMoment('cronPrev', momentBefore)),
];

function isolateFunction<const P extends readonly NamedParameter[]>(
  name: string,
  parameters: P,
  run: (...args: ArgumentsOf<P>) => unknown,
): IsolateFunction {
  return { name, parameters, run: run as IsolateFunction['run'] };
}

function encodeParameters() {
  return [
    ['input', textOrBinary()],
    ['padding', optional(boolean())],
  ] as const;
}

function decodeParameters() {
  return [
    ['input', text()],
    ['padding', optional(boolean())],
  ] as const;
}

function aesParameters() {
  return [
    ['input', text()],
    ['key', text()],
  ] as const;
}

function cronParameters() {
  return [
    ['expression', text()],
    ['timestamp', integer()],
  ] as const;
}

function encodeWith(alphabet: Base64Alphabet) {
  return (input: string | ArrayBuffer, padding = true) => encodeBase64(bytesOf(input), alphabet, padding);
}

function bytesOf(input: string | ArrayBuffer): Uint8Array {
  return typeof input === 'string' ? encodeUtf8(input) : new Uint8Array(input);
}

function decoded(what: string, bytes: Uint8Array<ArrayBuffer> | null): ArrayBuffer {
  if (!bytes) throw new GoError(`the text is not ${what}`);
  return bytes.buffer;
}

/** A library's result may be a view into something larger. */
function ownBuffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
