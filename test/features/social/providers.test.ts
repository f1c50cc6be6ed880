import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import { createProviders, type Providers } from '../../../src/features/social/index.ts';
import { Status } from '../../../src/protocol/status.ts';
import { FakeCompanies } from './fake-companies.ts';

const refusal = { code: Status.UNAUTHENTICATED };
const noAnswer = { code: Status.UNAVAILABLE };
const notConfigured = { code: Status.FAILED_PRECONDITION };
const missing = { code: Status.INVALID_ARGUMENT };

describe('companies that vouch for players', () => {
  let companies: FakeCompanies;
  let providers: Providers;

  before(async () => {
    companies = await FakeCompanies.start();
  });
  after(() => companies.stop());
  beforeEach(() => {
    companies.brokenStatus = undefined;
    companies.requests.length = 0;
    providers = createProviders(companies.config());
  });

  describe('Facebook', () => {
    it('tells whose access token it is', async () => {
      companies.facebookUsers.set('token of ada', {
        id: '1001',
        name: 'Ada',
        email: 'ada@example.com',
        picture: { data: { url: 'https://pictures.example/ada' } },
      });
      assert.deepEqual(await providers.facebook.verify('token of ada'), {
        id: '1001',
        displayName: 'Ada',
        avatarUrl: 'https://pictures.example/ada',
        email: 'ada@example.com',
      });
    });

    it('does not know a token', async () => {
      await assert.rejects(providers.facebook.verify('unknown'), refusal);
    });

    it('is down, slow with words, or not itself', async () => {
      for (const status of [500, 503, 429, 302]) {
        companies.brokenStatus = status;
        await assert.rejects(providers.facebook.verify('token of ada'), noAnswer);
      }
      companies.brokenStatus = 200;
      await assert.rejects(providers.facebook.verify('token of ada'), noAnswer);
    });

    it('lists friends page by page', async () => {
      companies.facebookFriends.set('token', [['1', '2'], ['3'], ['4']]);
      assert.deepEqual(await providers.facebook.friendIds('token'), ['1', '2', '3', '4']);
    });

    it('is not asked for more pages of friends than anybody has', async () => {
      companies.facebookFriends.set(
        'endless',
        Array.from({ length: 80 }, (_, page) => [`friend ${page}`]),
      );
      assert.equal((await providers.facebook.friendIds('endless')).length, 50);
    });

    it('tells Limited Login nothing of friends', async () => {
      assert.deepEqual(await providers.facebook.friendIds(await companies.limitedLoginToken('1')), []);
      assert.equal(companies.requests.length, 0);
    });
  });

  describe('Facebook Instant Games', () => {
    it('signs who plays', async () => {
      assert.deepEqual(await providers.facebookInstantGames.verify(companies.playerInfo('p1')), { id: 'p1' });
    });

    it('signed nothing of the kind', async () => {
      const { facebookInstantGames } = providers;
      const [signature] = companies.playerInfo('p1').split('.');
      const [, payload] = companies.playerInfo('p2').split('.');
      const forged = [
        `${signature}.${payload}`,
        `.${payload}`,
        payload!,
        `${signature}.${payload}.more`,
        companies.playerInfo('p1', 'another secret'),
        companies.playerInfo('p1', undefined, 'none'),
        companies.playerInfo(''),
      ];
      for (const info of forged) await assert.rejects(facebookInstantGames.verify(info), refusal, info);
    });

    it('counts for nothing without a secret: anybody could sign with an empty one', async () => {
      const { facebookInstantGames } = createProviders(
        companies.config({ 'social.facebook_instant_game.app_secret': '' }),
      );
      assert.throws(() => facebookInstantGames.check(''), missing);
      assert.throws(() => facebookInstantGames.check('something'), notConfigured);
      await assert.rejects(facebookInstantGames.verify(companies.playerInfo('p1', '')), refusal);
    });
  });

  describe('Google Play Games', () => {
    it('trades an auth code for the player', async () => {
      companies.playGamesCodes.set('code', {
        playerId: 'new id',
        originalPlayerId: 'old id',
        displayName: 'Ada',
        avatarImageUrl: 'https://pictures.example/ada',
      });
      assert.deepEqual(await providers.google.verify('code'), {
        id: 'new id',
        formerId: 'old id',
        displayName: 'Ada',
        avatarUrl: 'https://pictures.example/ada',
      });
    });

    it('does not know a code', async () => {
      await assert.rejects(providers.google.verify('unknown'), refusal);
    });

    it('is not asked without credentials', async () => {
      const { google } = createProviders(companies.config({ 'google_auth.credentials_json': '' }));
      await assert.rejects(google.verify('code'), refusal);
      assert.equal(companies.requests.length, 0);
    });

    it('has credentials that cannot be understood: told at the start, by name', () => {
      for (const json of ['{', '{}', '{"web":{"redirect_uris":["x"],"client_id":"y"}}']) {
        const config = companies.config({ 'google_auth.credentials_json': json });
        assert.throws(() => createProviders(config), /google_auth\.credentials_json/);
      }
    });
  });

  describe('Steam', () => {
    it('tells whose ticket it is', async () => {
      companies.steamTickets.set('ticket', '76561197960287930');
      assert.deepEqual(await providers.steam.verify('ticket'), { id: '76561197960287930' });
    });

    it('does not know a ticket, or gives no id', async () => {
      await assert.rejects(providers.steam.verify('unknown'), refusal);
      companies.steamTickets.set('odd', '../admin');
      await assert.rejects(providers.steam.verify('odd'), refusal);
    });

    it('is asked only when it is configured', async () => {
      for (const values of [{ 'social.steam.publisher_key': '' }, { 'social.steam.app_id': 0 }]) {
        const { steam } = createProviders(companies.config(values));
        assert.throws(() => steam.check(''), notConfigured);
        await assert.rejects(steam.verify('ticket'), refusal);
      }
      assert.throws(() => providers.steam.check(''), missing);
      assert.equal(companies.requests.length, 0);
    });

    it('lists friends, nobody when they are private', async () => {
      companies.steamFriends.set('1', ['2', '3']);
      assert.deepEqual(await providers.steam.friendIds('', '1'), ['2', '3']);
      assert.deepEqual(await providers.steam.friendIds('', '9'), []);
    });

    it('that is down does not look like a person without friends', async () => {
      companies.brokenStatus = 500;
      await assert.rejects(providers.steam.friendIds('', '1'), noAnswer);
    });
  });

  describe('Game Center', () => {
    it('signs who plays, with a key that is fetched once', async () => {
      assert.deepEqual(await providers.gameCenter.verify(companies.gameCenterProof('G:1')), { id: 'G:1' });
      assert.deepEqual(await providers.gameCenter.verify(companies.gameCenterProof('G:2')), { id: 'G:2' });
      assert.equal(companies.count('/public-key/gc-prod-1.cer'), 1);
    });

    it('signed something else', async () => {
      const proof = companies.gameCenterProof('G:1');
      for (const change of [
        { playerId: 'G:2' },
        { bundleId: 'org.example.other' },
        { timestampSeconds: proof.timestampSeconds + 1n },
        { salt: 'bm90aGluZw==' },
        { signature: 'bm90aGluZw==' },
        { signature: '%' },
      ]) {
        await assert.rejects(providers.gameCenter.verify({ ...proof, ...change }), refusal);
      }
    });

    it('has its keys at Apple only, as long as nothing else is configured', async () => {
      const { gameCenter } = createProviders(
        companies.config({ 'social.gamecenter.key_origin': 'https://*.apple.com' }),
      );
      for (const publicKeyUrl of [
        companies.gameCenterProof('G:1').publicKeyUrl,
        'http://static.gc.apple.com/public-key/gc-prod-1.cer',
        'https://apple.com/key.cer',
        'https://evilapple.com/key.cer',
        'https://static.gc.apple.com.evil.example/key.cer',
        'https://evil.example/static.gc.apple.com',
        'https://user@static.gc.apple.com/key.cer',
        'https://static.gc.apple.com:8443/key.cer',
        'https://static.gc.apple.com/',
        'file:///etc/passwd',
        'no url',
      ]) {
        await assert.rejects(gameCenter.verify({ ...companies.gameCenterProof('G:1'), publicKeyUrl }), refusal);
      }
      assert.equal(companies.requests.length, 0);
    });

    it('has no key there, or no certificate', async () => {
      const proof = companies.gameCenterProof('G:1');
      await assert.rejects(
        providers.gameCenter.verify({ ...proof, publicKeyUrl: `${companies.url}/missing.cer` }),
        refusal,
      );
      await assert.rejects(providers.gameCenter.verify({ ...proof, publicKeyUrl: `${companies.url}/keys` }), refusal);
    });

    it('needs everything it signs', () => {
      const proof = companies.gameCenterProof('G:1');
      providers.gameCenter.check(proof);
      for (const name of ['playerId', 'bundleId', 'salt', 'signature', 'publicKeyUrl']) {
        assert.throws(() => providers.gameCenter.check({ ...proof, [name]: '' }), missing);
      }
      assert.throws(() => providers.gameCenter.check({ ...proof, timestampSeconds: 0n }), missing);
    });
  });

  it('do not get their answers into what clients see', async () => {
    const failures = [
      providers.facebook.verify('unknown'),
      providers.steam.verify('unknown'),
      providers.google.verify('unknown'),
    ];
    for (const failure of failures) {
      const error = await failure.then(
        () => assert.fail(),
        (reason: Error) => reason,
      );
      assert.doesNotMatch(error.message, /nobody should see|http|key|invalid_grant/);
    }
  });

  it('lead nobody elsewhere: redirects are not followed', async () => {
    const elsewhere = createServer((_request, response) => {
      response.writeHead(302, { location: `${companies.url}/graph/me?access_token=token` }).end();
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
    const { facebook } = createProviders(companies.config({ 'social.facebook.graph_url': url }));
    await assert.rejects(facebook.verify('token'), noAnswer);
    assert.equal(companies.requests.length, 0);
    elsewhere.closeAllConnections();
    elsewhere.close();
  });

  it('are given only so much time and so many bytes', async () => {
    const endless = createServer((request, response) => {
      response.writeHead(200);
      if (request.url!.startsWith('/slow')) return;
      const more = () => {
        if (!response.destroyed) response.write('x'.repeat(65_536), () => setImmediate(more));
      };
      more();
    });
    await new Promise<void>((resolve) => endless.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(endless.address() as AddressInfo).port}`;
    const settings = (path: string, timeoutMs: number) =>
      companies.config({ 'social.facebook.graph_url': url + path, 'social.timeout_ms': timeoutMs });
    await assert.rejects(createProviders(settings('/slow', 50)).facebook.verify('token'), noAnswer);
    await assert.rejects(createProviders(settings('/long', 60_000)).facebook.verify('token'), noAnswer);
    endless.closeAllConnections();
    endless.close();
  });
});
