import assert from 'node:assert/strict';
import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { beforeEach, describe, test } from 'node:test';
import { checkArguments } from '../../../../../src/runtime/argument-check.ts';
import { isolateFunctions } from '../../../../../src/runtime/worker/prelude/utilities/index.ts';
import { setRandomSource, takeRandomBytes } from '../../../../../src/runtime/worker/prelude/utilities/random.ts';

beforeEach(() => setRandomSource((count) => randomBytes(count)));

/** Calls a function as the isolate does: its arguments checked first. */
function nk(name: string, ...args: unknown[]): unknown {
  const found = isolateFunctions.find((f) => f.name === name);
  assert.ok(found, name);
  return found.run(...checkArguments(name, found.parameters, args));
}

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex')).buffer;
const hex = (value: unknown) => {
  assert.ok(value instanceof ArrayBuffer);
  return Buffer.from(value).toString('hex');
};
const goError = { name: 'GoError' };
const typeError = (error: unknown) => error instanceof TypeError;

describe('text and bytes', () => {
  test('text becomes UTF-8 and comes back', () => {
    for (const text of ['', 'lamp', 'ø⚓😀', 'a\0b', '\ufeffx', 'x'.repeat(10_000)]) {
      assert.equal(hex(nk('stringToBinary', text)), Buffer.from(text).toString('hex'));
      assert.equal(nk('binaryToString', nk('stringToBinary', text)), text);
    }
  });
  test('half a surrogate pair becomes U+FFFD', () => {
    for (const text of ['\ud83d', 'a\ude00b', '\ud83d\ud83d\ude00']) {
      assert.equal(hex(nk('stringToBinary', text)), Buffer.from(text).toString('hex'));
    }
  });
  test('bytes that are not UTF-8 are a TypeError', () => {
    for (const wrong of ['ff', 'c3', 'c080', 'e08080', 'eda080', 'f4908080', 'f09f98', '80']) {
      assert.throws(() => nk('binaryToString', bytes(wrong)), typeError, wrong);
    }
  });
  test('a result can be written to', () => {
    new Uint8Array(nk('stringToBinary', 'lamp') as ArrayBuffer)[0] = 1;
  });
});

describe('base64', () => {
  test('all lengths agree with another library, both alphabets', () => {
    for (let length = 0; length < 40; length++) {
      const some = randomBytes(length);
      const buffer = new Uint8Array(some).buffer;
      const url = some.toString('base64').replaceAll('+', '-').replaceAll('/', '_');
      assert.equal(nk('base64Encode', buffer), some.toString('base64'));
      assert.equal(nk('base64Encode', buffer, false), some.toString('base64').replaceAll('=', ''));
      assert.equal(nk('base64UrlEncode', buffer), url);
      assert.equal(nk('base64UrlEncode', buffer, false), some.toString('base64url'));
      assert.equal(hex(nk('base64Decode', some.toString('base64'))), some.toString('hex'));
      assert.equal(hex(nk('base64UrlDecode', url)), some.toString('hex'));
      assert.equal(hex(nk('base64UrlDecode', some.toString('base64url'))), some.toString('hex'));
    }
  });
  test('missing padding is added unless told not to; given padding is always right', () => {
    assert.equal(hex(nk('base64Decode', 'Zg')), '66');
    assert.equal(hex(nk('base64Decode', 'Zg==', false)), '66');
    assert.throws(() => nk('base64Decode', 'Zg', false), goError);
    assert.equal(hex(nk('base64UrlDecode', 'Zg', false)), '66');
    assert.equal(hex(nk('base64UrlDecode', 'Zg==', false)), '66');
  });
  test('text that is not base64 is a GoError', () => {
    for (const wrong of ['!!!!', '--__', 'Z', 'Zg===', 'Z=g=', 'Zm9v=', '====', 'é'])
      assert.throws(() => nk('base64Decode', wrong), goError, wrong);
    assert.throws(() => nk('base64UrlDecode', '++//'), goError);
  });
  test('line breaks are passed over', () => assert.equal(hex(nk('base64Decode', 'Zm\r\n9v')), '666f6f'));
  test('only text and bytes', () => {
    for (const wrong of [undefined, null, 7, true, {}]) assert.throws(() => nk('base64Encode', wrong), typeError);
  });
});

describe('base16', () => {
  test('lower case out, both cases in', () => {
    assert.equal(nk('base16Encode', bytes('00ff10')), '00ff10');
    assert.equal(nk('base16Encode', 'lamp'), '6c616d70');
    assert.equal(hex(nk('base16Decode', '00FF1a')), '00ff1a');
  });
  test('odd length or other letters: GoError', () => {
    for (const wrong of ['0', 'xy', '0g', '/0', ':0', '@0'])
      assert.throws(() => nk('base16Decode', wrong), goError, wrong);
  });
});

describe('digests', () => {
  const words = ['', 'lamp', 'Ærø ⚓', 'x'.repeat(5000)];
  test('agree with another library', () => {
    for (const word of words) {
      assert.equal(nk('md5Hash', word), createHash('md5').update(word).digest('hex'));
      assert.equal(nk('sha256Hash', word), createHash('sha256').update(word).digest('hex'));
      assert.equal(hex(nk('hmacSha256Hash', word, 'kéy')), createHmac('sha256', 'kéy').update(word).digest('hex'));
    }
  });
  test('an empty or missing key is a TypeError', () => {
    assert.throws(() => nk('hmacSha256Hash', 'lamp', ''), typeError);
    assert.throws(() => nk('hmacSha256Hash', 'lamp'), typeError);
  });
});

for (const [bits, key] of [
  [128, 'sixteen-byte-key'],
  [256, 'thirty-two-bytes-make-a-long-key'],
] as const) {
  describe(`aes${bits}`, () => {
    const seal = (text: string) => nk(`aes${bits}Encrypt`, text, key) as string;
    const open = (sealed: string) => nk(`aes${bits}Decrypt`, sealed, key);

    test('what is sealed opens again, with spaces up to a multiple of four bytes', () => {
      assert.equal(open(seal('five!')), 'five!   ');
      assert.equal(open(seal('')), '');
      assert.equal(open(seal('gold under the oak tree ')), 'gold under the oak tree ');
      assert.notEqual(seal('gold'), seal('gold'));
    });
    test('it is AES-CFB behind the IV, as other libraries have it', () => {
      const sealed = Buffer.from(seal('gold under the oak tree '), 'base64');
      const decipher = createDecipheriv(`aes-${bits}-cfb`, key, sealed.subarray(0, 16));
      assert.equal(decipher.update(sealed.subarray(16)).toString(), 'gold under the oak tree ');
      for (const text of ['trésor', 'a', 'x'.repeat(17), 'y'.repeat(33)]) {
        const iv = randomBytes(16);
        assert.equal(
          open(Buffer.concat([iv, createCipheriv(`aes-${bits}-cfb`, key, iv).update(text)]).toString('base64')),
          text,
        );
      }
    });
    test('a key of the wrong length, bad base64 or too few bytes: GoError', () => {
      assert.throws(() => nk(`aes${bits}Encrypt`, 'text', `${key}x`), goError);
      assert.throws(() => open('***'), goError);
      assert.throws(() => open('Zm9v'), goError);
    });
  });
}

describe('randomness', () => {
  test('uuidv4 is of version 4 and never the same', () => {
    const ids = new Set(Array.from({ length: 1000 }, () => nk('uuidv4') as string));
    assert.equal(ids.size, 1000);
    for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
  test('secureRandomBytes gives 1 to 1000', () => {
    for (const count of [1, 16, 1000]) assert.equal((nk('secureRandomBytes', count) as ArrayBuffer).byteLength, count);
    for (const wrong of [0, 1001, 1.5, '16', undefined]) assert.throws(() => nk('secureRandomBytes', wrong), typeError);
  });
  test('the host is asked once for many small requests, and no byte is given twice', () => {
    let asked = 0;
    setRandomSource((count) => {
      asked++;
      return Uint8Array.from({ length: count }, (_, i) => i >> 4);
    });
    const seen = Array.from({ length: 256 }, () => takeRandomBytes(16)[0]);
    assert.equal(asked, 1);
    assert.deepEqual(
      seen,
      Array.from({ length: 256 }, (_, i) => i),
    );
    takeRandomBytes(1);
    assert.equal(asked, 2);
  });
});

describe('cron', () => {
  test('gives the moments around one, in UTC seconds', () => {
    assert.equal(nk('cronNext', '0 6 * * *', 1_700_000_000), 1_700_028_000);
    assert.equal(nk('cronPrev', '0 6 * * *', 1_700_000_000), 1_699_941_600);
  });
  test('no such moment is year 1', () => {
    assert.equal(nk('cronNext', '0 0 31 2 *', 0), -62_135_596_800);
    assert.equal(nk('cronPrev', '0 0 1 1 *', 0), -62_135_596_800);
    assert.equal(nk('cronNext', '0 0 1 1 *', -62_135_596_800), -62_135_596_800);
  });
  test('a bad expression or time is a TypeError', () => {
    for (const wrong of ['', '* * * *', '61 * * * *', '@every 5m'])
      assert.throws(() => nk('cronNext', wrong, 0), typeError, wrong);
    for (const wrong of ['noon', 1.5, undefined]) assert.throws(() => nk('cronPrev', '0 0 * * *', wrong), typeError);
  });
});
