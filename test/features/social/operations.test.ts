import assert from 'node:assert/strict';
import { after, beforeEach, describe, it } from 'node:test';
import type { Session } from '@heroiclabs/nakama-js';
import { moduleFolder } from '../../support/module-folder.ts';
import { clientFor, signIn } from '../../support/players.ts';
import { startTestServer } from '../../support/server.ts';
import { FakeCompanies } from './fake-companies.ts';

/** Lets a client call any nk function: the answer is what it gave, or the kind of error that it threw. */
const callAnything = `
  function InitModule(ctx, logger, nk, initializer) {
    initializer.registerRpc('call', call);
  }
  function call(ctx, logger, nk, payload) {
    const { name, args } = JSON.parse(payload);
    try {
      return JSON.stringify({ result: nk[name](...args.map((arg) => (arg === null ? undefined : arg))) });
    } catch (error) {
      return JSON.stringify({ error: error.name });
    }
  }
`;

const companies = await FakeCompanies.start();
after(() => companies.stop());
const modulesDir = await moduleFolder({ after: (fn) => after(fn as () => void) }, { 'main.js': callAnything });
const server = await startTestServer({ config: companies.settings(), modulesDir });
const client = clientFor(server);

describe('signing in by other companies, with the stock client', () => {
  beforeEach(() => {
    companies.brokenStatus = undefined;
  });

  it('is possible in seven ways', async () => {
    companies.facebookUsers.set('facebook token', { id: '2001', name: 'Ada' });
    companies.steamTickets.set('steam ticket', '76561190000002001');
    const proof = gameCenterAccount('G:2001');
    const ways: [name: string, column: string, signIn: () => Promise<Session>][] = [
      ['Apple', 'apple_id', async () => client.authenticateApple(await companies.appleToken('a2001'))],
      ['Facebook', 'facebook_id', () => client.authenticateFacebook('facebook token')],
      [
        'Limited Login',
        'facebook_id',
        async () => client.authenticateFacebook(await companies.limitedLoginToken('2002')),
      ],
      [
        'Instant Games',
        'facebook_instant_game_id',
        () => client.authenticateFacebookInstantGame(companies.playerInfo('i2001')),
      ],
      [
        'Game Center',
        'gamecenter_id',
        () =>
          client.authenticateGameCenter(
            proof.bundle_id,
            proof.player_id,
            proof.public_key_url,
            proof.salt,
            proof.signature,
            proof.timestamp_seconds,
          ),
      ],
      ['Google', 'google_id', async () => client.authenticateGoogle(await companies.googleToken('g2001'))],
      ['Steam', 'steam_id', () => client.authenticateSteam('steam ticket')],
    ];
    for (const [name, column, signInBy] of ways) {
      const first = await signInBy();
      const again = await signInBy();
      assert.equal(again.user_id, first.user_id, name);
      const { user } = await client.getAccount(first);
      assert.ok((user as Record<string, unknown>)[column], `${name}: the account shows ${column}`);
    }
  });

  it('takes a username, variables, and whether to create', async () => {
    const token = await companies.googleToken('g3001');
    await assert.rejects(client.authenticateGoogle(token, false), { status: 404 });
    const session = await client.authenticateGoogle(token, true, 'grace', { from: 'somewhere' });
    assert.equal(session.username, 'grace');
    assert.deepEqual(session.vars, { from: 'somewhere' });
  });

  it('answers what went wrong by its status', async () => {
    await assert.rejects(client.authenticateGoogle('not a token'), { status: 401 });
    await assert.rejects(client.authenticateGoogle(''), { status: 400 });
    companies.brokenStatus = 500;
    await assert.rejects(client.authenticateFacebook('any'), { status: 503 });
  });

  it('links and unlinks', async () => {
    companies.facebookUsers.set('linked', { id: '4001' });
    companies.steamTickets.set('linked', '76561190000004001');
    const { session } = await signIn(server);
    await client.linkApple(session, { token: await companies.appleToken('a4001') });
    await client.linkFacebook(session, { token: 'linked' });
    await client.linkFacebookInstantGame(session, { signed_player_info: companies.playerInfo('i4001') });
    await client.linkGoogle(session, { token: await companies.googleToken('g4001') });
    await client.linkSteam(session, { account: { token: 'linked' }, sync: true });
    await client.linkGameCenter(session, gameCenterAccount('G:4001'));
    const { user } = await client.getAccount(session);
    assert.deepEqual(
      [user?.apple_id, user?.facebook_id, user?.facebook_instant_game_id, user?.gamecenter_id, user?.google_id],
      ['a4001', '4001', 'i4001', 'G:4001', 'g4001'],
    );
    assert.equal(user?.steam_id, '76561190000004001');
    const other = await signIn(server);
    await assert.rejects(client.linkFacebook(other.session, { token: 'linked' }), { status: 409 });

    await client.unlinkApple(session, { token: await companies.appleToken('a4001') });
    await client.unlinkFacebook(session, {});
    await client.unlinkFacebookInstantGame(session, {});
    await client.unlinkGoogle(session, {});
    await client.unlinkSteam(session, {});
    await client.unlinkGameCenter(session, {});
    const after = await client.getAccount(session);
    assert.equal(after.user?.apple_id ?? after.user?.steam_id ?? after.user?.gamecenter_id, undefined);
  });

  it('is decided once when two accounts link the same at once', async () => {
    const token = await companies.googleToken('g5001');
    const players = await Promise.all([signIn(server), signIn(server)]);
    const outcomes = await Promise.allSettled(players.map(({ session }) => client.linkGoogle(session, { token })));
    assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  });

  it('makes friends of those who are friends there', async () => {
    companies.facebookUsers.set('ann', { id: '6001' });
    companies.facebookUsers.set('bob', { id: '6002' });
    companies.facebookFriends.set('bob', [['6001', '6999']]);
    const ann = await client.authenticateFacebook('ann');
    const bob = await client.authenticateFacebook('bob', true, undefined, true);
    assert.deepEqual(await friendsOf(bob), [ann.user_id]);
    assert.deepEqual(await friendsOf(ann), [bob.user_id]);
  });

  it('imports friends by a call of its own', async () => {
    companies.steamTickets.set('carl', '76561190000007001');
    companies.steamTickets.set('dora', '76561190000007002');
    companies.steamFriends.set('76561190000007002', ['76561190000007001']);
    const carl = await client.authenticateSteam('carl');
    const dora = await client.authenticateSteam('dora');
    assert.deepEqual(await friendsOf(dora), []);
    await client.importSteamFriends(dora, { token: 'dora' }, false);
    assert.deepEqual(await friendsOf(dora), [carl.user_id]);
  });

  it('is open to modules, which are told of bad arguments as such', async () => {
    companies.steamTickets.set('module', '76561190000008001');
    const { session } = await signIn(server);
    const call = async (name: string, ...args: unknown[]) =>
      (await client.rpc(session, 'call', { name, args })).payload as { result?: unknown; error?: string };
    const google = await companies.googleToken('g8001');
    const made = (await call('authenticateGoogle', google, 'modular')).result as Record<string, unknown>;
    assert.equal(made.username, 'modular');
    assert.equal(made.created, true);

    const declared = (await call('authenticateSteam', 'module', 'steamy', true)).result as Record<string, unknown>;
    assert.equal(declared.username, 'steamy');
    const asRun = (await call('authenticateSteam', 'module', false, 'ignored', false)).result as Record<
      string,
      unknown
    >;
    assert.equal(asRun.userId, declared.userId);

    assert.equal((await call('authenticateGoogle', '')).error, 'TypeError');
    assert.equal((await call('authenticateGoogle', google, 'a\nb')).error, 'TypeError');
    assert.equal((await call('authenticateSteam', 'module', 7)).error, 'TypeError');
    assert.equal((await call('authenticateGoogle', 'not a token')).error, 'GoError');

    const { userId } = made;
    const apple = await companies.appleToken('a8001');
    const proof = companies.gameCenterProof('G:8001');
    const signed = [
      proof.playerId,
      proof.bundleId,
      Number(proof.timestampSeconds),
      proof.salt,
      proof.signature,
      proof.publicKeyUrl,
    ];
    assert.deepEqual(await call('linkApple', userId, apple), {});
    assert.deepEqual(await call('linkGameCenter', userId, ...signed), {});
    assert.deepEqual(await call('linkFacebookInstantGame', userId, companies.playerInfo('i8001')), {});
    assert.equal((await call('linkSteam', userId, 'modular', 'module')).error, 'GoError');
    assert.equal((await call('linkSteam', userId, 'modular', '')).error, 'TypeError');
    assert.deepEqual(await call('unlinkApple', userId, apple), {});
    assert.deepEqual(await call('unlinkFacebookInstantGame', userId), {});
    assert.deepEqual(await call('unlinkGoogle', userId), {});
    assert.equal((await call('unlinkGameCenter', userId, ...signed)).error, 'GoError');
  });

  async function friendsOf(session: Session): Promise<(string | undefined)[]> {
    const { friends = [] } = await client.listFriends(session, 0);
    return friends.map(({ user }) => user?.id);
  }

  function gameCenterAccount(playerId: string) {
    const { timestampSeconds, bundleId, publicKeyUrl, salt, signature } = companies.gameCenterProof(playerId);
    return {
      player_id: playerId,
      bundle_id: bundleId,
      timestamp_seconds: String(timestampSeconds),
      public_key_url: publicKeyUrl,
      salt,
      signature,
    };
  }
});
