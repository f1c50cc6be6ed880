import type { JsonReader } from './json-reader.ts';

/** The whole and fractional digits and the exponent of a JSON number. */
const numberParts = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** More digits than any 64-bit integer has; a longer number is out of range whatever they are. */
const maxIntegerDigits = 20;

/** Larger than any integer a field can hold. */
const beyondAnyRange = 2n ** 64n;

const int32Range = [-(2n ** 31n), 2n ** 31n - 1n] as const;
const uint32Range = [0n, 2n ** 32n - 1n] as const;
const int64Range = [-(2n ** 63n), 2n ** 63n - 1n] as const;

/** A whole number of 32 bits, bare or as a string; `1.0` and `1e2` are whole. */
export function readInt32(reader: JsonReader): number {
  return readSmallInteger(reader, int32Range);
}

/** As {@link readInt32}, without a sign. */
export function readUint32(reader: JsonReader): number {
  return readSmallInteger(reader, uint32Range);
}

/** A whole number of 64 bits, bare or as a string, with all its digits. */
export function readInt64(reader: JsonReader): bigint {
  return inRange(reader, readIntegerText(reader), int64Range);
}

/** A number, or a string with one, or `"NaN"`, `"Infinity"`, `"-Infinity"`. */
export function readDouble(reader: JsonReader): number {
  const isText = reader.peekKind() === 'string';
  const text = isText ? reader.readString() : reader.readNumber();
  if (isText) {
    if (text === 'NaN' || text === 'Infinity' || text === '-Infinity') return Number(text);
    if (!numberParts.test(text)) throw reader.fail('a number was expected');
  }
  const value = Number(text);
  if (!Number.isFinite(value)) throw reader.fail('a number out of range');
  return value;
}

const standardBase64 = /^[A-Za-z0-9+/]*$/;
const urlBase64 = /^[A-Za-z0-9_-]*$/;

/** Base64, of the standard or the URL alphabet, with or without padding. */
export function readBytes(reader: JsonReader): Uint8Array {
  const text = reader.readString();
  const digits = text.length % 4 === 0 ? text.replace(/={1,2}$/, '') : text;
  if (digits.length % 4 === 1 || !(standardBase64.test(digits) || urlBase64.test(digits))) {
    throw reader.fail('base64 was expected');
  }
  return Buffer.from(digits, 'base64');
}

function readSmallInteger(reader: JsonReader, range: readonly [bigint, bigint]): number {
  const text = readIntegerText(reader);
  // Up to nine digits need no check of their range.
  if (text.length < 10 && /^\d+$/.test(text)) return Number(text);
  return Number(inRange(reader, text, range));
}

function readIntegerText(reader: JsonReader): string {
  return reader.peekKind() === 'string' ? reader.readString() : reader.readNumber();
}

function inRange(reader: JsonReader, text: string, [low, high]: readonly [bigint, bigint]): bigint {
  const value = integerOf(text);
  if (value === undefined) throw reader.fail('a whole number was expected');
  if (value < low || value > high) throw reader.fail('a number out of range');
  return value;
}

/** The integer that a JSON number stands for, exactly; undefined when it has a fraction or is none. */
function integerOf(text: string): bigint | undefined {
  const parts = numberParts.exec(text);
  if (parts === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts;
  const digits = (whole + fraction).replace(/^0+/, '');
  if (digits === '') return 0n;
  const significant = digits.replace(/0+$/, '');
  const zeros = digits.length - significant.length - fraction.length + Number(exponent);
  if (zeros < 0) return undefined;
  if (significant.length + zeros > maxIntegerDigits) return sign === '-' ? -beyondAnyRange : beyondAnyRange;
  return BigInt(sign + significant) * 10n ** BigInt(zeros);
}
