import { cfb } from '@noble/ciphers/aes.js';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { GoError } from './go-error.ts';
import { takeRandomBytes } from './random.ts';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';

const IV_BYTES = 16;
/** Text is filled up with spaces to a multiple of this. Source: the reference's sealed texts. */
const FILL_BYTES = 4;

/** Seals text: base64 of a random IV and the text in AES-CFB (128-bit feedback). The key's length chooses the cipher. */
export function encryptText(text: string, key: string, keyBytes: number): string {
  const secret = keyOf(key, keyBytes);
  const bytes = encodeUtf8(text);
  const filled = new Uint8Array(Math.ceil(bytes.length / FILL_BYTES) * FILL_BYTES).fill(0x20);
  filled.set(bytes);
  const iv = takeRandomBytes(IV_BYTES);
  const sealed = new Uint8Array(IV_BYTES + filled.length);
  sealed.set(iv);
  if (filled.length > 0) sealed.set(cfb(secret, iv).encrypt(filled), IV_BYTES);
  return encodeBase64(sealed, 'standard', true);
}

/** Opens what {@link encryptText} sealed; the spaces at its end stay. A wrong key gives wrong text. */
export function decryptText(sealed: string, key: string, keyBytes: number): string {
  const secret = keyOf(key, keyBytes);
  const bytes = decodeBase64(sealed, 'standard', true);
  if (!bytes) throw new GoError('the sealed text is not base64');
  if (bytes.length < IV_BYTES) throw new GoError(`the sealed text is shorter than its ${IV_BYTES} bytes of IV`);
  if (bytes.length === IV_BYTES) return '';
  return decodeUtf8(cfb(secret, bytes.slice(0, IV_BYTES)).decrypt(bytes.slice(IV_BYTES)));
}

function keyOf(key: string, keyBytes: number): Uint8Array {
  const bytes = encodeUtf8(key);
  if (bytes.length !== keyBytes) throw new GoError(`the key must have ${keyBytes} bytes, not ${bytes.length}`);
  return bytes;
}
