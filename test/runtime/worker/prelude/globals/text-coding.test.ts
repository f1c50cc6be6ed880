import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TextDecoder } from '../../../../../src/runtime/worker/prelude/globals/text-decoder.ts';
import { TextEncoder } from '../../../../../src/runtime/worker/prelude/globals/text-encoder.ts';

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
/** Broken in every way that the Encoding Standard tells apart. */
const damaged = [
  'ff',
  'c3',
  'c328',
  'c080',
  'e08080',
  'e282',
  'e28228',
  'eda080',
  'f09f98',
  'f09f9841',
  'f4908080',
  'f8888080',
  '80bf',
  '61c362',
  'f0808080',
];

describe('TextDecoder', () => {
  test('puts U+FFFD for what is not UTF-8, just as the built-in one does', () => {
    for (const hex of damaged)
      assert.equal(new TextDecoder().decode(bytes(hex)), new globalThis.TextDecoder().decode(bytes(hex)), hex);
  });
  test('fatal: throws instead', () => {
    for (const hex of damaged)
      assert.throws(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes(hex)), TypeError);
    assert.equal(new TextDecoder('utf-8', { fatal: true }).decode(bytes('c3b8')), 'ø');
  });
  test('drops a byte order mark unless told not to', () => {
    assert.equal(new TextDecoder().decode(bytes('efbbbf61')), 'a');
    assert.equal(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes('efbbbf61')), '\ufeffa');
    assert.equal(new TextDecoder().decode(bytes('61efbbbf')), 'a\ufeff');
  });
  test('a stream may be cut anywhere', () => {
    const whole = new globalThis.TextEncoder().encode('\ufeffø⚓😀z');
    for (let cut = 0; cut <= whole.length; cut++) {
      for (let again = cut; again <= whole.length; again++) {
        const decoder = new TextDecoder();
        const text =
          decoder.decode(whole.subarray(0, cut), { stream: true }) +
          decoder.decode(whole.subarray(cut, again), { stream: true }) +
          decoder.decode(whole.subarray(again));
        assert.equal(text, 'ø⚓😀z', `cut at ${cut} and ${again}`);
      }
    }
  });
  test('takes views and buffers, and nothing gives nothing', () => {
    assert.equal(new TextDecoder().decode(new DataView(bytes('6162').buffer, 1)), 'b');
    assert.equal(new TextDecoder().decode(bytes('61').buffer), 'a');
    assert.equal(new TextDecoder().decode(), '');
  });
  test('another encoding says what is supported', () => {
    assert.equal(new TextDecoder(' UTF8 ').encoding, 'utf-8');
    assert.throws(() => new TextDecoder('latin1'), /"latin1" is not supported here, only utf-8/);
  });
});

describe('TextEncoder', () => {
  test('encodes as UTF-8', () => assert.deepEqual(new TextEncoder().encode('ø\ud800'), bytes('c3b8efbfbd')));
  test('encodeInto writes whole characters only', () => {
    const target = new Uint8Array(6);
    assert.deepEqual(new TextEncoder().encodeInto('a😀⚓', target), { read: 3, written: 5 });
    assert.deepEqual(target, bytes('61f09f988000'));
  });
});
