import { create } from '@bufbuild/protobuf';
import { type Timestamp, TimestampSchema } from '@bufbuild/protobuf/wkt';

/** RFC 3339, with up to nine digits of a second and a time zone. */
const pattern = /^(\d{4}-\d\d-\d\dT(\d\d):\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))$/;

/** 0001-01-01T00:00:00Z, the first second a timestamp may have. */
const minSeconds = -62_135_596_800;
/** 9999-12-31T23:59:59Z, the last one. */
const maxSeconds = 253_402_300_799;

/** A timestamp from RFC 3339 text; undefined when it is none. */
export function parseTimestamp(text: string): Timestamp | undefined {
  const parts = pattern.exec(text);
  if (parts === null) return undefined;
  const [, local = '', hour, fraction = '', sign, offsetHours = '0', offsetMinutes = '0'] = parts;
  const localMs = Date.parse(`${local}Z`);
  // The 30th of February would be read as the 1st of March, hour 24 as the next day.
  if (Number.isNaN(localMs) || hour === '24' || new Date(localMs).toISOString().slice(0, 19) !== local)
    return undefined;
  if (Number(offsetHours) > 24 || Number(offsetMinutes) > 59) return undefined;
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60 * (sign === '-' ? -1 : 1);
  const seconds = localMs / 1000 - offset;
  if (seconds < minSeconds || seconds > maxSeconds) return undefined;
  return create(TimestampSchema, { seconds: BigInt(seconds), nanos: Number(fraction.padEnd(9, '0')) });
}

const SECONDS_PER_DAY = 86_400;
/** Days whose text is remembered: the times in a list of users are all different, their days are few. */
const MAX_DAYS = 1_024;
const dayTexts = new Map<number, string>();
const twoDigits = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));

/** RFC 3339 text in UTC, with 0, 3, 6 or 9 digits of a second. */
export function formatTimestamp(seconds: bigint, nanos: number): string {
  const total = Number(seconds);
  const day = Math.floor(total / SECONDS_PER_DAY);
  const second = total - day * SECONDS_PER_DAY;
  const time = `${dayText(day)}T${twoDigits[Math.trunc(second / 3600)]}:${twoDigits[Math.trunc(second / 60) % 60]}:${twoDigits[second % 60]}`;
  if (nanos === 0) return `${time}Z`;
  const fraction = String(nanos)
    .padStart(9, '0')
    .replace(/(?:000){1,2}$/, '');
  return `${time}.${fraction}Z`;
}

/** The date of a day, counted from 1970. */
function dayText(day: number): string {
  let text = dayTexts.get(day);
  if (text === undefined) {
    if (dayTexts.size >= MAX_DAYS) dayTexts.clear();
    text = new Date(day * SECONDS_PER_DAY * 1000).toISOString().slice(0, 10);
    dayTexts.set(day, text);
  }
  return text;
}
