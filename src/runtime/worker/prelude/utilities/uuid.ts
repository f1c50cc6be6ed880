import { encodeBase16 } from './base16.ts';
import { takeRandomBytes } from './random.ts';

/** A random UUID (version 4), in lower case. */
export function uuidv4(): string {
  const bytes = takeRandomBytes(16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = encodeBase16(bytes);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
