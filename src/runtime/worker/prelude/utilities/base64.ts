import { fromCharCodes } from './latin1.ts';

/** The two alphabets of RFC 4648. */
export type Base64Alphabet = 'standard' | 'url';

const shared = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const letters = { standard: codesOf(`${shared}+/`), url: codesOf(`${shared}-_`) };
const values = { standard: valuesOf(letters.standard), url: valuesOf(letters.url) };

const NO_LETTER = 255;
const PAD = 0x3d;

/** Base64 of bytes. */
export function encodeBase64(bytes: Uint8Array, alphabet: Base64Alphabet, padding: boolean): string {
  const letter = letters[alphabet];
  const rest = bytes.length % 3;
  const whole = bytes.length - rest;
  const out = new Uint8Array((whole / 3) * 4 + (rest === 0 ? 0 : padding ? 4 : rest + 1));
  let at = 0;
  for (let i = 0; i < whole; i += 3) {
    const bits = (bytes[i]! << 16) | (bytes[i + 1]! << 8) | bytes[i + 2]!;
    out[at++] = letter[bits >> 18]!;
    out[at++] = letter[(bits >> 12) & 63]!;
    out[at++] = letter[(bits >> 6) & 63]!;
    out[at++] = letter[bits & 63]!;
  }
  if (rest > 0) {
    const bits = (bytes[whole]! << 16) | (rest === 2 ? bytes[whole + 1]! << 8 : 0);
    out[at++] = letter[bits >> 18]!;
    out[at++] = letter[(bits >> 12) & 63]!;
    if (rest === 2) out[at++] = letter[(bits >> 6) & 63]!;
    while (at < out.length) out[at++] = PAD;
  }
  return fromCharCodes(out);
}

/**
 * The bytes of base64 text, or null when it is none. Line breaks are passed over; `needsPadding` refuses text whose
 * `=` signs are missing.
 */
export function decodeBase64(
  text: string,
  alphabet: Base64Alphabet,
  needsPadding: boolean,
): Uint8Array<ArrayBuffer> | null {
  const value = values[alphabet];
  const out = new Uint8Array(Math.floor((text.length * 3) / 4));
  let length = 0;
  let letterCount = 0;
  let padCount = 0;
  let bits = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x0a || code === 0x0d) continue;
    if (code === PAD) {
      padCount++;
      continue;
    }
    const six = code < 128 ? value[code]! : NO_LETTER;
    if (six === NO_LETTER || padCount > 0) return null;
    bits = (bits << 6) | six;
    letterCount++;
    if (letterCount % 4 !== 1) out[length++] = (bits >> (6 - 2 * ((letterCount - 1) % 4))) & 255;
  }
  const missing = (4 - (letterCount % 4)) % 4;
  if (missing === 3 || padCount > missing || (needsPadding && padCount < missing)) return null;
  return out.slice(0, length);
}

function codesOf(alphabet: string): Uint8Array {
  return Uint8Array.from(alphabet, (letter) => letter.charCodeAt(0));
}

function valuesOf(codes: Uint8Array): Uint8Array {
  const table = new Uint8Array(128).fill(255);
  codes.forEach((code, value) => {
    table[code] = value;
  });
  return table;
}
