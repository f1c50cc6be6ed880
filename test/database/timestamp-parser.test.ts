import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseTimestamp } from '../../src/database/timestamp-parser.ts';

describe('a timestamptz as PostgreSQL writes it', () => {
  const cases: Record<string, string> = {
    '2026-01-31 10:20:30+00': '2026-01-31T10:20:30.000Z',
    '2026-12-01 23:59:59.5+00': '2026-12-01T23:59:59.500Z',
    '2026-12-01 23:59:59.569+00': '2026-12-01T23:59:59.569Z',
    '2026-12-01 23:59:59.007999+00': '2026-12-01T23:59:59.007Z',
    '1970-01-01 00:00:00+00': '1970-01-01T00:00:00.000Z',
    '0099-03-04 05:06:07+00': '0099-03-04T05:06:07.000Z',
    '2026-01-31 12:20:30.25+02': '2026-01-31T10:20:30.250Z',
    '2026-01-31 15:50:30+05:30': '2026-01-31T10:20:30.000Z',
    '0044-03-15 12:00:00+00 BC': '-000043-03-15T12:00:00.000Z',
    '12026-01-31 10:20:30+00': '+012026-01-31T10:20:30.000Z',
  };
  for (const [text, time] of Object.entries(cases)) {
    it(text, () => assert.equal(parseTimestamp(text).toISOString(), time));
  }
});
