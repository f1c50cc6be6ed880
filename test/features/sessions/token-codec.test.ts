import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, it } from 'node:test';
import { decodeToken, encodeToken, type TokenClaims } from '../../../src/features/sessions/token-codec.ts';

const key = 'a key';
const claims: TokenClaims = { tid: 't', uid: 'u', usn: 'alice', vrs: { level: '3' }, exp: 2, iat: 1 };

/** A token of any header and claims, properly signed. */
function signed(header: object, body: unknown, algorithm = 'sha256'): string {
  const text = [header, body].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${text}.${createHmac(algorithm, key).update(text).digest('base64url')}`;
}

describe('a token', () => {
  it('is a JWT by HS256 with the claims that client SDKs read', () => {
    const [header, body] = encodeToken(claims, key)
      .split('.')
      .map((part) => Buffer.from(part, 'base64url').toString());
    assert.equal(header, '{"alg":"HS256","typ":"JWT"}');
    assert.deepEqual(JSON.parse(body!), claims);
  });

  it('comes back as it was with its key, and not with another', () => {
    const token = encodeToken(claims, key);
    assert.deepEqual(decodeToken(token, key), claims);
    assert.equal(decodeToken(token, 'another key'), null);
  });

  it('is not read when a single character of it is another', () => {
    const token = encodeToken(claims, key);
    for (let i = 0; i < token.length - 1; i++) {
      const other = token[i] === 'A' ? 'B' : 'A';
      assert.equal(decodeToken(token.slice(0, i) + other + token.slice(i + 1), key), null, `character ${i}`);
    }
  });

  it('of another algorithm is not read, however it is signed', () => {
    assert.equal(decodeToken(signed({ alg: 'none', typ: 'JWT' }, claims), key), null);
    assert.equal(decodeToken(signed({ alg: 'HS512', typ: 'JWT' }, claims, 'sha512'), key), null);
    assert.equal(decodeToken(signed({ alg: 'HS512', typ: 'JWT' }, claims), key), null);
    const [header, body] = encodeToken(claims, key).split('.');
    assert.equal(decodeToken(`${header}.${body}.`, key), null);
  });

  it('whose header is written otherwise is read', () => {
    assert.deepEqual(decodeToken(signed({ typ: 'JWT', alg: 'HS256' }, claims), key), claims);
  });

  it('without a user, a name or an expiry is none', () => {
    const header = { alg: 'HS256', typ: 'JWT' };
    for (const missing of ['uid', 'usn', 'exp']) {
      assert.equal(decodeToken(signed(header, { ...claims, [missing]: undefined }), key), null, missing);
    }
    for (const body of [null, 'text', []]) assert.equal(decodeToken(signed(header, body), key), null);
    for (const text of ['', '.', '..', 'a.b', 'a.b.c.d']) assert.equal(decodeToken(text, key), null);
  });
});
