import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Db } from '../../../src/database/database.ts';
import { AuthenticationService } from '../../../src/features/authentication/index.ts';
import { LinkingService } from '../../../src/features/linking/index.ts';
import { createProviders, type Providers } from '../../../src/features/social/index.ts';
import { SocialService } from '../../../src/features/social/service.ts';
import { silentLog } from '../../../src/observability/log.ts';
import { Status } from '../../../src/protocol/status.ts';
import { forEachDatabase } from '../../support/databases.ts';
import { FakeCompanies } from './fake-companies.ts';

const anybody = { username: '', create: true };

forEachDatabase((_name, open) => {
  describe('accounts of other companies as ways in', () => {
    let companies: FakeCompanies;
    let providers: Providers;
    let social: SocialService;
    let authentication: AuthenticationService;
    let linking: LinkingService;
    let db: Db;
    let imported: unknown[][];
    let areFriendsBroken: boolean;

    before(async () => {
      companies = await FakeCompanies.start();
      ({ db } = await open());
      providers = createProviders(companies.config());
      authentication = new AuthenticationService(db);
      linking = new LinkingService(db);
      const importKnown = async (...args: unknown[]) => {
        if (areFriendsBroken) throw new Error('no friends today');
        imported.push(args);
      };
      social = new SocialService({ authentication, linking, friends: { importKnown }, log: silentLog });
    });
    after(() => companies.stop());
    beforeEach(() => {
      imported = [];
      areFriendsBroken = false;
    });

    const google = (token: string, options = anybody) => social.signIn(providers.google, token, options);
    const newId = () => randomUUID().slice(0, 18);
    const accountOf = (userId: string) =>
      db.selectFrom('users').selectAll().where('id', '=', userId).executeTakeFirstOrThrow();
    const newDevice = () => authentication.byDevice(`device-${randomUUID()}`, anybody);

    it('make an account at the first time and find it again', async () => {
      const id = newId();
      const first = await google(await companies.googleToken(id));
      assert.equal(first.created, true);
      assert.match(first.username, /^[a-zA-Z]{10}$/);
      const second = await google(await companies.googleToken(id), { username: 'ignored', create: false });
      assert.deepEqual(second, { ...first, created: false });
      assert.equal((await accountOf(first.userId)).google_id, id);
    });

    it('make one account when they come twice at once', async () => {
      const token = await companies.googleToken(newId());
      const both = await Promise.all([google(token), google(token)]);
      assert.equal(both[0].userId, both[1].userId);
      assert.equal(both.filter(({ created }) => created).length, 1);
    });

    it('make none unless asked to', async () => {
      const token = await companies.googleToken(newId());
      await assert.rejects(google(token, { username: '', create: false }), { code: Status.NOT_FOUND });
    });

    it('make none under a name that is taken, or is none; the company is not asked about the latter', async () => {
      const taken = await newDevice();
      const token = await companies.googleToken(newId());
      const named = (username: string) => google(token, { username, create: true });
      await assert.rejects(named(taken.username), { code: Status.ALREADY_EXISTS });
      companies.requests.length = 0;
      await assert.rejects(social.signIn(providers.facebook, 'x', { username: 'a\nb', create: true }), {
        code: Status.INVALID_ARGUMENT,
      });
      assert.equal(companies.requests.length, 0);
    });

    it('are closed to the banned', async () => {
      const token = await companies.googleToken(newId());
      const { userId } = await google(token);
      await db.updateTable('users').set({ disable_time: new Date() }).where('id', '=', userId).execute();
      await assert.rejects(google(token), { code: Status.PERMISSION_DENIED });
    });

    it('give a new account their name, picture and address', async () => {
      const claims = {
        name: 'Ada',
        picture: 'https://p/ada',
        email: `Ada-${newId()}@Example.com`,
        email_verified: true,
      };
      const { userId } = await google(await companies.googleToken(newId(), { claims }));
      const account = await accountOf(userId);
      assert.equal(account.display_name, 'Ada');
      assert.equal(account.avatar_url, 'https://p/ada');
      assert.equal(account.email, claims.email.toLowerCase());
    });

    it('do not give an address that somebody has, and nothing that does not fit', async () => {
      const email = `${newId()}@example.com`;
      await authentication.byEmail(email, 'password', anybody);
      const claims = { name: 'x'.repeat(256), picture: 'y'.repeat(513), email, email_verified: true };
      const account = await accountOf((await google(await companies.googleToken(newId(), { claims }))).userId);
      assert.deepEqual([account.display_name, account.avatar_url, account.email], [null, null, null]);
    });

    it('of Google fill a name and a picture that the account lacks', async () => {
      const id = newId();
      const { userId } = await google(await companies.googleToken(id));
      await google(await companies.googleToken(id, { claims: { name: 'Ada', picture: 'https://p/ada' } }));
      await google(await companies.googleToken(id, { claims: { name: 'Eve', picture: 'https://p/eve' } }));
      const account = await accountOf(userId);
      assert.deepEqual([account.display_name, account.avatar_url], ['Ada', 'https://p/ada']);
    });

    it('of Google Play Games know an account by its former id', async () => {
      const [formerId, id] = [newId(), newId()];
      const { userId } = await google(await companies.googleToken(formerId));
      companies.playGamesCodes.set('remapped', { playerId: id, originalPlayerId: formerId });
      assert.equal((await google('remapped')).userId, userId);
      assert.equal((await accountOf(userId)).google_id, id);
    });

    it('are told apart by company', async () => {
      const id = newId();
      const viaGoogle = await google(await companies.googleToken(id));
      const viaApple = await social.signIn(providers.apple, await companies.appleToken(id), anybody);
      assert.notEqual(viaGoogle.userId, viaApple.userId);
    });

    it('can be linked, then lead to the same account, and linked again', async () => {
      const id = newId();
      const { userId } = await newDevice();
      const token = await companies.appleToken(id);
      await social.link(providers.apple, userId, token);
      await social.link(providers.apple, userId, token);
      assert.equal((await social.signIn(providers.apple, token, anybody)).userId, userId);
      const another = await companies.appleToken(newId());
      await social.link(providers.apple, userId, another);
      assert.equal((await social.signIn(providers.apple, token, anybody)).created, true);
    });

    it('cannot be linked to two accounts', async () => {
      const token = await companies.appleToken(newId());
      await social.signIn(providers.apple, token, anybody);
      const { userId } = await newDevice();
      await assert.rejects(social.link(providers.apple, userId, token), { code: Status.ALREADY_EXISTS });
      assert.equal((await accountOf(userId)).apple_id, null);
    });

    it('cannot be linked to nobody', async () => {
      const token = await companies.appleToken(newId());
      await assert.rejects(social.link(providers.apple, randomUUID(), token), { code: Status.NOT_FOUND });
    });

    it('fill what an account lacks when they are linked, and leave what it has', async () => {
      const { userId } = await newDevice();
      await db.updateTable('users').set({ display_name: 'Mine', avatar_url: '' }).where('id', '=', userId).execute();
      const email = `${newId()}@example.com`;
      companies.facebookUsers.set('full', { id: newId(), name: 'Ada', email, picture: { data: { url: 'https://p' } } });
      await social.link(providers.facebook, userId, 'full');
      const account = await accountOf(userId);
      assert.deepEqual([account.display_name, account.avatar_url, account.email], ['Mine', 'https://p', email]);
    });

    it('leave the address by which somebody signs in', async () => {
      const email = `${newId()}@example.com`;
      const { userId } = await authentication.byEmail(email, 'password', anybody);
      const claims = { email: `${newId()}@example.com`, email_verified: true };
      await social.link(providers.apple, userId, await companies.appleToken(newId(), { claims }));
      assert.equal((await accountOf(userId)).email, email);
    });

    it('are linked without an address that somebody else has', async () => {
      const email = `${newId()}@example.com`;
      await authentication.byEmail(email, 'password', anybody);
      const { userId } = await newDevice();
      const id = newId();
      const claims = { email, email_verified: true };
      await social.link(providers.apple, userId, await companies.appleToken(id, { claims }));
      const account = await accountOf(userId);
      assert.deepEqual([account.apple_id, account.email], [id, null]);
    });

    it('can be unlinked while another way in is left', async () => {
      const token = await companies.googleToken(newId());
      const { userId } = await google(token);
      await assert.rejects(social.unlink(providers.google, userId, token), { code: Status.PERMISSION_DENIED });
      companies.steamTickets.set('mine', '76561190000000001');
      await social.link(providers.steam, userId, 'mine');
      await social.unlink(providers.google, userId, token);
      await assert.rejects(social.unlink(providers.steam, userId, undefined), { code: Status.PERMISSION_DENIED });
      const account = await accountOf(userId);
      assert.deepEqual([account.google_id, account.steam_id], [null, '76561190000000001']);
    });

    it('are unlinked by valid credentials of the linked account only', async () => {
      const { userId } = await newDevice();
      await social.link(providers.apple, userId, await companies.appleToken(newId()));
      const others = await companies.appleToken(newId());
      await assert.rejects(social.unlink(providers.apple, userId, others), { code: Status.PERMISSION_DENIED });
      await assert.rejects(social.unlink(providers.apple, userId, 'no token'), { code: Status.UNAUTHENTICATED });
      await social.unlink(providers.apple, userId, undefined);
      assert.equal((await accountOf(userId)).apple_id, null);
    });

    it('are not left by an address that came from a company: nobody signs in by it', async () => {
      const claims = { email: `${newId()}@example.com`, email_verified: true };
      const token = await companies.appleToken(newId(), { claims });
      const { userId } = await social.signIn(providers.apple, token, anybody);
      assert.equal((await accountOf(userId)).email, claims.email);
      await assert.rejects(social.unlink(providers.apple, userId, token), { code: Status.PERMISSION_DENIED });
    });

    it('bring friends when asked to', async () => {
      const [id, friendId] = ['76561190000000101', '76561190000000102'];
      companies.steamTickets.set('with friends', id);
      companies.steamFriends.set(id, [friendId]);
      const options = { ...anybody, importFriends: true };
      const signedIn = await social.signInWithFriends(providers.steam, 'with friends', options);
      await social.linkWithFriends(providers.steam, signedIn, 'with friends', true);
      await social.linkWithFriends(providers.steam, signedIn, 'with friends', false);
      await social.signInWithFriends(providers.steam, 'with friends', { ...anybody, importFriends: false });
      assert.deepEqual(
        imported.map(([service, owner, ids, reset]) => [service, (owner as { userId: string }).userId, ids, reset]),
        [
          ['steam', signedIn.userId, [friendId], false],
          ['steam', signedIn.userId, [friendId], false],
        ],
      );
    });

    it('let in without friends when these cannot be had', async () => {
      companies.facebookUsers.set('lonely', { id: newId() });
      const options = { ...anybody, importFriends: true };
      assert.equal((await social.signInWithFriends(providers.facebook, 'lonely', options)).created, true);
      companies.facebookFriends.set('lonely', [['1']]);
      areFriendsBroken = true;
      assert.equal((await social.signInWithFriends(providers.facebook, 'lonely', options)).created, false);
    });

    it('leave the reason of a refusal in the log, and no secret', async () => {
      const lines: string[] = [];
      const write = (...line: unknown[]) => void lines.push(JSON.stringify(line));
      const log = { ...silentLog, debug: write, warn: write };
      const logged = new SocialService({ authentication, linking, friends: { importKnown: async () => {} }, log });
      const expired = await companies.googleToken(newId(), { expiresInSec: -60 });
      await assert.rejects(logged.signIn(providers.google, expired, anybody));
      await assert.rejects(logged.signIn(providers.steam, 'secret ticket', anybody));
      companies.brokenStatus = 500;
      await assert.rejects(logged.signIn(providers.steam, 'secret ticket', anybody));
      companies.brokenStatus = undefined;
      assert.equal(lines.length, 3);
      assert.match(lines[0]!, /Google.*exp/);
      assert.match(lines[1]!, /Steam.*error code 101/);
      assert.match(lines[2]!, /Steam.*status 500/);
      assert.doesNotMatch(lines.join(), /secret|publisher|nobody should see|eyJ/);
    });

    it('stay shut when the company does not answer', async () => {
      companies.brokenStatus = 502;
      const signIn = social.signIn(providers.facebook, 'anything', anybody);
      await assert.rejects(signIn, { code: Status.UNAVAILABLE });
      companies.brokenStatus = undefined;
    });
  });
});
