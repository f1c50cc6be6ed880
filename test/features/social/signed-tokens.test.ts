import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { exportSPKI, SignJWT, UnsecuredJWT } from 'jose';
import { createProviders, type Providers } from '../../../src/features/social/index.ts';
import { SignedTokens } from '../../../src/features/social/signed-tokens.ts';
import { WebClient } from '../../../src/features/social/web-client.ts';
import { Status } from '../../../src/protocol/status.ts';
import { APPLE_BUNDLE, FakeCompanies, signingKey } from './fake-companies.ts';

const refusal = { code: Status.UNAUTHENTICATED };

describe('tokens that Apple, Google and Facebook sign', () => {
  let companies: FakeCompanies;
  let providers: Providers;
  const other = signingKey('second');

  before(async () => {
    companies = await FakeCompanies.start();
  });
  after(() => companies.stop());
  beforeEach(() => {
    companies.published = [companies.key];
    companies.brokenStatus = undefined;
    companies.requests.length = 0;
    providers = createProviders(companies.config());
  });

  it('say who somebody is', async () => {
    const claims = {
      name: 'Ada',
      picture: 'https://pictures.example/ada',
      email: 'Ada@example.com',
      email_verified: true,
    };
    assert.deepEqual(await providers.google.verify(await companies.googleToken('g1', { claims })), {
      id: 'g1',
      displayName: 'Ada',
      avatarUrl: 'https://pictures.example/ada',
      email: 'Ada@example.com',
    });
    const fromApple = await companies.appleToken('a1', {
      claims: { email: 'ada@example.com', email_verified: 'true' },
    });
    assert.deepEqual(await providers.apple.verify(fromApple), { id: 'a1', email: 'ada@example.com' });
    const fromFacebook = await companies.limitedLoginToken('f1', { claims: { name: 'Ada', picture: 'https://p' } });
    assert.deepEqual(await providers.facebook.verify(fromFacebook), {
      id: 'f1',
      displayName: 'Ada',
      avatarUrl: 'https://p',
      email: undefined,
    });
  });

  it('may be issued by Google under its two names', async () => {
    const token = await companies.googleToken('g1', { issuer: 'accounts.google.com' });
    assert.equal((await providers.google.verify(token)).id, 'g1');
  });

  it('vouch for no address that the company has not verified', async () => {
    const token = await companies.googleToken('g1', { claims: { email: 'x@example.com', email_verified: false } });
    assert.equal((await providers.google.verify(token)).email, undefined);
  });

  for (const [company, make, verify] of [
    ['Apple', 'appleToken', 'apple'],
    ['Google', 'googleToken', 'google'],
    ['Facebook', 'limitedLoginToken', 'facebook'],
  ] as const) {
    it(`are refused when they have expired, are for or from somebody else, or were changed (${company})`, async () => {
      const provider = providers[verify];
      await assert.rejects(provider.verify(await companies[make]('x', { expiresInSec: -1 })), refusal);
      await assert.rejects(provider.verify(await companies[make]('x', { audience: 'another game' })), refusal);
      await assert.rejects(provider.verify(await companies[make]('x', { issuer: 'https://evil.example' })), refusal);
      const [header, , signature] = (await companies[make]('x')).split('.');
      const [, payload] = (await companies[make]('somebody else')).split('.');
      await assert.rejects(provider.verify(`${header}.${payload}.${signature}`), refusal);
      await assert.rejects(provider.verify(await companies[make]('x', { key: { ...other, kid: 'first' } })), refusal);
      await assert.rejects(provider.verify(await companies[make]('')), refusal);
    });
  }

  it('are refused without a signature, or signed with the public key as a secret', async () => {
    const unsigned = new UnsecuredJWT({}).setSubject('x').setIssuer('https://appleid.apple.com');
    const plain = unsigned.setAudience(APPLE_BUNDLE).setExpirationTime('5m').encode();
    await assert.rejects(providers.apple.verify(plain), refusal);
    const confused = await new SignJWT({})
      .setProtectedHeader({ alg: 'HS256', kid: 'first' })
      .setSubject('x')
      .setIssuer('https://appleid.apple.com')
      .setAudience(APPLE_BUNDLE)
      .setExpirationTime('5m')
      .sign(Buffer.from(await exportSPKI(companies.key.publicKey)));
    await assert.rejects(providers.apple.verify(confused), refusal);
    await assert.rejects(providers.apple.verify('no token at all'), refusal);
  });

  it('are refused without an expiry', async () => {
    const token = await new SignJWT({ sub: 'x', iss: 'https://appleid.apple.com', aud: APPLE_BUNDLE })
      .setProtectedHeader({ alg: 'RS256', kid: 'first' })
      .sign(companies.key.privateKey);
    await assert.rejects(providers.apple.verify(token), refusal);
  });

  it('share one request for keys', async () => {
    for (const subject of ['a', 'b', 'c']) await providers.apple.verify(await companies.appleToken(subject));
    assert.equal(companies.count('/keys'), 1);
  });

  it('of a new key are good as soon as the company publishes it', async () => {
    const tokens = appleTokens(0);
    await tokens.verify(await companies.appleToken('a'));
    const rotated = await companies.appleToken('b', { key: other });
    await assert.rejects(tokens.verify(rotated), refusal);
    companies.published = [companies.key, other];
    assert.equal((await tokens.verify(rotated)).sub, 'b');
  });

  it('of unknown keys do not make the server ask again and again', async () => {
    await providers.apple.verify(await companies.appleToken('a'));
    for (let i = 0; i < 5; i++) {
      await assert.rejects(providers.apple.verify(await companies.appleToken('b', { key: other })), refusal);
    }
    assert.equal(companies.count('/keys'), 1);
  });

  it('of known keys are good while the company cannot be reached, others must wait', async () => {
    const tokens = appleTokens(0);
    await tokens.verify(await companies.appleToken('a'));
    companies.brokenStatus = 503;
    assert.equal((await tokens.verify(await companies.appleToken('b'))).sub, 'b');
    await assert.rejects(tokens.verify(await companies.appleToken('c', { key: other })), { code: Status.UNAVAILABLE });
  });

  it('may be for any of several apps', async () => {
    const { apple } = createProviders(
      companies.config({ 'social.apple.bundle_id': `org.example.web, ${APPLE_BUNDLE}` }),
    );
    assert.equal((await apple.verify(await companies.appleToken('a', { audience: 'org.example.web' }))).id, 'a');
    assert.equal((await apple.verify(await companies.appleToken('a'))).id, 'a');
  });

  it('of Limited Login are refused while no app is configured', async () => {
    const { facebook } = createProviders(companies.config({ 'social.facebook_limited_login.app_id': '' }));
    await assert.rejects(facebook.verify(await companies.limitedLoginToken('f')), refusal);
  });

  it('cannot be verified when nobody answers', async () => {
    const gone = await FakeCompanies.start();
    const { google } = createProviders(gone.config());
    const token = await gone.googleToken('g');
    await gone.stop();
    await assert.rejects(google.verify(token), { code: Status.UNAVAILABLE });
  });

  /** Apple's tokens, with another time between two requests for keys. */
  function appleTokens(keysCooldownMs: number): SignedTokens {
    return new SignedTokens(
      {
        provider: 'Apple',
        certsUrl: `${companies.url}/keys`,
        issuers: ['https://appleid.apple.com'],
        audiences: [APPLE_BUNDLE],
      },
      new WebClient('Apple', 5000),
      keysCooldownMs,
    );
  }
});
