import assert from 'node:assert/strict';
import { createHmac, createVerify, generateKeyPairSync } from 'node:crypto';
import { describe, test } from 'node:test';
import { ArgumentError, checkArguments } from '../../../../src/runtime/argument-check.ts';
import { workerFunctions } from '../../../../src/runtime/worker/functions/index.ts';

function nk(name: string, ...args: unknown[]): unknown {
  const found = workerFunctions.find((f) => f.name === name);
  assert.ok(found, name);
  return found.run(...checkArguments(name, found.parameters, args));
}

const keysOf = (type: 'pkcs1' | 'pkcs8') =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type, format: 'pem' },
  });
const pkcs1 = keysOf('pkcs1');
const pkcs8 = keysOf('pkcs8');
const failure = (error: unknown) => error instanceof Error && !(error instanceof TypeError) && error.message !== '';

describe('jwtGenerate', () => {
  const part = (jwt: string, i: number) => JSON.parse(Buffer.from(jwt.split('.')[i]!, 'base64url').toString());

  test('HS256: header, claims as given, signature', () => {
    const claims = { sub: 'otter', moored: true, nested: { a: [1, null] } };
    const jwt = nk('jwtGenerate', 'HS256', 'a secret', claims) as string;
    assert.deepEqual(part(jwt, 0), { alg: 'HS256', typ: 'JWT' });
    assert.deepEqual(part(jwt, 1), claims);
    const [header, body, signature] = jwt.split('.');
    assert.equal(signature, createHmac('sha256', 'a secret').update(`${header}.${body}`).digest('base64url'));
  });
  test('RS256 signs with a PKCS#8 key', async () => {
    for (let again = 0; again < 2; again++) {
      const jwt = (await nk('jwtGenerate', 'RS256', pkcs8.privateKey, { sub: 'otter' })) as string;
      const [header, body, signature] = jwt.split('.');
      assert.ok(
        createVerify('RSA-SHA256').update(`${header}.${body}`).verify(pkcs8.publicKey, signature!, 'base64url'),
      );
    }
  });
  test('another algorithm, an empty key, claims that are no object: TypeError', () => {
    assert.throws(() => nk('jwtGenerate', 'HS512', 'k', {}), ArgumentError);
    assert.throws(() => nk('jwtGenerate', 'HS256', '', {}), ArgumentError);
    for (const claims of ['claims', undefined, null, []])
      assert.throws(() => nk('jwtGenerate', 'HS256', 'k', claims), ArgumentError);
  });
  test('an unreadable key, or one in another form: a failure', () => {
    for (const key of ['a secret', pkcs1.privateKey, pkcs8.publicKey])
      assert.throws(() => nk('jwtGenerate', 'RS256', key, {}), failure);
  });
});

describe('rsaSha256Hash', () => {
  test('is text, the same for the same input', async () => {
    const one = await nk('rsaSha256Hash', 'manifest', pkcs1.privateKey);
    assert.ok(typeof one === 'string' && one.length > 0);
    assert.equal(await nk('rsaSha256Hash', 'manifest', pkcs1.privateKey), one);
    assert.notEqual(await nk('rsaSha256Hash', 'manifest.', pkcs1.privateKey), one);
  });
  test('an empty key is a TypeError, an unreadable one a failure', () => {
    assert.throws(() => nk('rsaSha256Hash', 'manifest', ''), ArgumentError);
    const empty = '-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n';
    for (const key of ['a secret', empty, pkcs8.privateKey])
      assert.throws(() => nk('rsaSha256Hash', 'manifest', key), failure);
  });
});
