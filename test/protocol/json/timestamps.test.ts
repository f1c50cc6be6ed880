import assert from 'node:assert/strict';
import { it } from 'node:test';
import { formatTimestamp } from '../../../src/protocol/json/timestamps.ts';

it('writes whole seconds of any day as Date does, without the fraction', () => {
  const step = 123_456_789; // seconds: another time of another day, each time
  for (let second = -62_135_596_800; second < 253_402_300_799; second += step) {
    const expected = new Date(second * 1000).toISOString().replace('.000Z', 'Z');
    assert.equal(formatTimestamp(BigInt(second), 0), expected);
  }
});

it('writes the first and the last second of a day', () => {
  assert.equal(formatTimestamp(86_399n, 0), '1970-01-01T23:59:59Z');
  assert.equal(formatTimestamp(86_400n, 0), '1970-01-02T00:00:00Z');
  assert.equal(formatTimestamp(-1n, 0), '1969-12-31T23:59:59Z');
});

it('writes 3, 6 or 9 digits of a second', () => {
  assert.equal(formatTimestamp(0n, 500_000_000), '1970-01-01T00:00:00.500Z');
  assert.equal(formatTimestamp(0n, 1_000), '1970-01-01T00:00:00.000001Z');
  assert.equal(formatTimestamp(0n, 1), '1970-01-01T00:00:00.000000001Z');
});
