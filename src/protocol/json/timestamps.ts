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

let formattedSeconds: bigint | undefined;
let formattedText = '';

/** RFC 3339 text in UTC, with 0, 3, 6 or 9 digits of a second. */
export function formatTimestamp(seconds: bigint, nanos: number): string {
  // Most timestamps of a busy moment are of the same second.
  if (seconds !== formattedSeconds) {
    formattedText = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
    formattedSeconds = seconds;
  }
  if (nanos === 0) return `${formattedText}Z`;
  const fraction = String(nanos)
    .padStart(9, '0')
    .replace(/(?:000){1,2}$/, '');
  return `${formattedText}.${fraction}Z`;
}
