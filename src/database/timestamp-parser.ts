import { types } from 'pg';

const TIMESTAMPTZ = 1184;
const parseAny = types.getTypeParser(TIMESTAMPTZ) as (text: string) => Date;
/** The length of `2026-01-31 10:00:00`; a fraction may follow, and the offset. */
const SECONDS_END = 19;
/** `Date.UTC` takes smaller years for those of the twentieth century. */
const MIN_YEAR = 100;

/**
 * A timestamptz as PostgreSQL writes it, cut to milliseconds. Rows have several, and pg's own parser, a regular
 * expression, is the larger part of what reading a row costs: the usual form, that of a session in UTC, is read digit
 * by digit instead.
 */
export function parseTimestamp(text: string): Date {
  const end = text.length - 3;
  if (end < SECONDS_END || text.charCodeAt(4) !== 0x2d || text.charCodeAt(10) !== 0x20 || !text.endsWith('+00')) {
    return parseAny(text);
  }
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  if (year < MIN_YEAR) return parseAny(text);
  return new Date(
    Date.UTC(
      year,
      twoDigits(text, 5) - 1,
      twoDigits(text, 8),
      twoDigits(text, 11),
      twoDigits(text, 14),
      twoDigits(text, 17),
      milliseconds(text, SECONDS_END + 1, end),
    ),
  );
}

function twoDigits(text: string, at: number): number {
  return digit(text, at) * 10 + digit(text, at + 1);
}

function milliseconds(text: string, from: number, end: number): number {
  let ms = 0;
  for (let at = from, unit = 100; at < end && unit >= 1; at++, unit /= 10) ms += digit(text, at) * unit;
  return ms;
}

function digit(text: string, at: number): number {
  return text.charCodeAt(at) - 0x30;
}
