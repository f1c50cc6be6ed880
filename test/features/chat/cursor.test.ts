import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { roomStream } from '../../../src/features/chat/channel.ts';
import { decodeCursor, encodeCursor } from '../../../src/features/chat/cursor.ts';

const lobby = roomStream('lobby');
const cursor = {
  createTimeMicros: 1_767_323_045_678_901n,
  id: '11111111-2222-4333-8444-555555555555',
  forward: true,
  isNext: false,
};

describe('a history cursor', () => {
  it('comes back as it was, to the microsecond', () => {
    assert.deepEqual(decodeCursor(encodeCursor(lobby, cursor), lobby, true), cursor);
  });

  it('is good for its own channel and direction alone', () => {
    const text = encodeCursor(lobby, cursor);
    assert.equal(decodeCursor(text, roomStream('pier'), true), null);
    assert.equal(decodeCursor(text, lobby, false), null);
  });

  it('is refused when it is none', () => {
    for (const text of [
      'nonsense',
      '====',
      Buffer.from('[]').toString('base64url'),
      Buffer.from('{}').toString('base64url'),
    ]) {
      assert.equal(decodeCursor(text, lobby, true), null, text);
    }
    const forged = JSON.stringify(['2...lobby', "1'; --", cursor.id, true, true]);
    assert.equal(decodeCursor(Buffer.from(forged).toString('base64url'), lobby, true), null);
  });
});
