import DOMException from 'core-js-pure/actual/dom-exception/index.js';
import { takeRandomBytes } from '../utilities/random.ts';
import { uuidv4 } from '../utilities/uuid.ts';

/** Most bytes of one call. Source: the Web Cryptography API. */
const MAX_BYTES = 65_536;

/** The parts of the Web Cryptography API that give randomness. */
export const crypto = {
  randomUUID(): string {
    return uuidv4();
  },

  /** Fills an integer array with random bytes and returns it. */
  getRandomValues<T extends ArrayBufferView>(array: T): T {
    if (
      !ArrayBuffer.isView(array) ||
      array instanceof DataView ||
      array instanceof Float32Array ||
      array instanceof Float64Array
    ) {
      throw new TypeError('crypto.getRandomValues: an integer typed array is required');
    }
    if (array.byteLength > MAX_BYTES) {
      throw new DOMException(`crypto.getRandomValues: at most ${MAX_BYTES} bytes at a time`, 'QuotaExceededError');
    }
    new Uint8Array(array.buffer, array.byteOffset, array.byteLength).set(takeRandomBytes(array.byteLength));
    return array;
  },
};
