import { fromCharCodes } from './latin1.ts';

const REPLACEMENT = 0xfffd;

/** The UTF-8 bytes of a text; half a surrogate pair becomes U+FFFD. */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  const length = text.length;
  const bytes = new Uint8Array(utf8Length(text));
  let at = 0;
  for (let i = 0; i < length; i++) {
    let point = text.charCodeAt(i);
    if (point < 0x80) {
      bytes[at++] = point;
      continue;
    }
    if (point >= 0xd800 && point <= 0xdfff) {
      const low = point < 0xdc00 && i + 1 < length ? text.charCodeAt(i + 1) : 0;
      if (low >= 0xdc00 && low <= 0xdfff) {
        point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
        i++;
      } else {
        point = REPLACEMENT;
      }
    }
    if (point < 0x800) {
      bytes[at++] = 0xc0 | (point >> 6);
    } else {
      if (point < 0x10000) {
        bytes[at++] = 0xe0 | (point >> 12);
      } else {
        bytes[at++] = 0xf0 | (point >> 18);
        bytes[at++] = 0x80 | ((point >> 12) & 0x3f);
      }
      bytes[at++] = 0x80 | ((point >> 6) & 0x3f);
    }
    bytes[at++] = 0x80 | (point & 0x3f);
  }
  return bytes;
}

/** How many bytes {@link encodeUtf8} gives. */
export function utf8Length(text: string): number {
  const length = text.length;
  let bytes = length;
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    if (unit < 0x800) {
      bytes += 1;
    } else {
      // A pair is two units and four bytes; any other unit up here is three bytes.
      bytes += 2;
      if (unit >= 0xd800 && unit < 0xdc00 && i + 1 < length) {
        const low = text.charCodeAt(i + 1);
        if (low >= 0xdc00 && low <= 0xdfff) i++;
      }
    }
  }
  return bytes;
}

/**
 * The text of UTF-8 bytes. Bytes that are not UTF-8 become U+FFFD, one for each longest beginning of a character, as
 * the Encoding Standard has it; with `fatal` the result is undefined instead. A byte order mark is kept.
 */
export function decodeUtf8(bytes: Uint8Array, fatal: true): string | undefined;
export function decodeUtf8(bytes: Uint8Array, fatal?: false): string;
export function decodeUtf8(bytes: Uint8Array, fatal = false): string | undefined {
  const end = bytes.length;
  const units = new Uint16Array(end);
  let count = 0;
  let i = 0;
  while (i < end) {
    const first = bytes[i++]!;
    if (first < 0x80) {
      units[count++] = first;
      continue;
    }
    const more =
      first >= 0xc2 && first <= 0xdf ? 1 : first >= 0xe0 && first <= 0xef ? 2 : first >= 0xf0 && first <= 0xf4 ? 3 : 0;
    let point = first & (0x3f >> more);
    let taken = 0;
    while (taken < more && i < end && isContinuation(first, taken, bytes[i]!)) {
      point = (point << 6) | (bytes[i++]! & 0x3f);
      taken++;
    }
    if (more === 0 || taken < more) {
      if (fatal) return undefined;
      units[count++] = REPLACEMENT;
    } else if (point < 0x10000) {
      units[count++] = point;
    } else {
      units[count++] = 0xd7c0 + (point >> 10);
      units[count++] = 0xdc00 + (point & 0x3ff);
    }
  }
  return fromCharCodes(units, count);
}

/**
 * The length of the part of `bytes` that holds whole characters: what is after it is the beginning of a character
 * whose rest may still come. For decoding a stream.
 */
export function wholeCharactersLength(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) break;
    if (byte >= 0xc0) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return needed > back ? bytes.length - back : bytes.length;
    }
  }
  return bytes.length;
}

/** Whether `byte` may follow as continuation byte number `index`: the first one rules out overlong forms, surrogates and what lies beyond U+10FFFF. */
function isContinuation(first: number, index: number, byte: number): boolean {
  if (index === 0) {
    if (first === 0xe0) return byte >= 0xa0 && byte <= 0xbf;
    if (first === 0xed) return byte >= 0x80 && byte <= 0x9f;
    if (first === 0xf0) return byte >= 0x90 && byte <= 0xbf;
    if (first === 0xf4) return byte >= 0x80 && byte <= 0x8f;
  }
  return byte >= 0x80 && byte <= 0xbf;
}
