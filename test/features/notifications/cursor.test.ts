import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeCursor, encodeCursor } from '../../../src/features/notifications/cursor.ts';

const place = { createTimeMicros: 1_767_323_045_678_901n, id: '11111111-2222-4333-8444-555555555555' };

describe('a notification cursor', () => {
  it('holds a place to the microsecond, or the one before everything', () => {
    assert.deepEqual(decodeCursor(encodeCursor(place)), place);
    assert.equal(decodeCursor(encodeCursor(null)), null);
  });

  it('is refused when it is none', () => {
    for (const text of ['nonsense', '', Buffer.from('12.x').toString('base64url')]) {
      assert.equal(decodeCursor(text), undefined, text);
    }
  });
});
