import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { afterEach, before, beforeEach, describe, it, mock } from 'node:test';
import type { Db } from '../../../src/database/database.ts';
import { Nakama } from '../../../src/protocol/gen/nakama/api/service_pb.js';
import { Status } from '../../../src/protocol/status.ts';
import { ArgumentError } from '../../../src/runtime/argument-check.ts';
import { forEachDatabase } from '../../support/databases.ts';
import type { FakeUser } from '../../support/fake-session.ts';
import { PlayerScene, tokenLives } from '../../support/player-scene.ts';

const refused = { code: Status.INVALID_ARGUMENT };
const dead = { code: Status.UNAUTHENTICATED };
const { sessionLogout, sessionRefresh } = Nakama.method;

interface Pair {
  readonly token: string;
  readonly refreshToken: string;
}

const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString());

forEachDatabase((_name, open) => {
  let db: Db;
  let scene: PlayerScene;
  let alice: FakeUser;
  let bob: FakeUser;

  before(async () => {
    ({ db } = await open());
    scene = new PlayerScene(db);
  });

  /** Time stands still but for what a test says. */
  beforeEach(async () => {
    mock.timers.enable({ apis: ['Date'], now: Date.now() });
    [alice, bob] = await Promise.all([scene.user('alice'), scene.user('bob')]);
  });
  afterEach(() => mock.timers.reset());

  const begin = (user: FakeUser, vars = {}): Promise<Pair> => scene.sessions.begin(user.id, user.username, vars);
  const isAlive = ({ token, refreshToken }: Pair, at = scene) => [
    at.tokens.verify(token) !== null,
    at.tokens.verifyRefresh(refreshToken) !== null,
  ];
  const passSeconds = (count: number) => mock.timers.setTime(Date.now() + count * 1000);
  const logout = (user: FakeUser, named: { token?: string; refreshToken?: string } = {}) =>
    scene.call(sessionLogout, user, named);

  describe('a session', () => {
    it('has two tokens of one id and time, with lives of their own', async () => {
      const { token, refreshToken } = await begin(alice, { level: '3' });
      const [session, refresh] = [claimsOf(token), claimsOf(refreshToken)];
      const now = Math.floor(Date.now() / 1000);
      assert.deepEqual(
        [session.uid, session.usn, session.vrs, session.iat, session.exp],
        [alice.id, alice.username, { level: '3' }, now, now + tokenLives.tokenExpirySec],
      );
      assert.deepEqual(refresh, { ...session, exp: now + tokenLives.refreshTokenExpirySec });
    });

    it('without variables has none in its tokens', async () => {
      const { token } = await begin(alice);
      assert.equal('vrs' in claimsOf(token), false);
      assert.equal('vars' in scene.tokens.verify(token)!, false);
    });

    it('takes neither token in place of the other', async () => {
      const { token, refreshToken } = await begin(alice);
      assert.equal(scene.tokens.verify(refreshToken), null);
      assert.equal(scene.tokens.verifyRefresh(token), null);
    });

    it('ends by itself, one token after the other', async () => {
      const pair = await begin(alice);
      passSeconds(tokenLives.tokenExpirySec - 1);
      assert.deepEqual(isAlive(pair), [true, true]);
      passSeconds(1);
      assert.deepEqual(isAlive(pair), [false, true]);
      passSeconds(tokenLives.refreshTokenExpirySec);
      assert.deepEqual(isAlive(pair), [false, false]);
    });
  });

  describe('a refresh', () => {
    const refresh = (token: string, vars: Record<string, string> = {}) => scene.sessions.refresh(token, vars);

    it('keeps id and time, has a new expiry, and leaves the old tokens alive', async () => {
      const old = await begin(alice);
      passSeconds(10);
      const fresh = await refresh(old.refreshToken);
      const [before, after] = [claimsOf(old.token), claimsOf(fresh.token)];
      assert.deepEqual(after, { ...before, exp: before.exp + 10 });
      assert.deepEqual(isAlive(old), [true, true]);
    });

    it('keeps the variables unless it brings others, which then stay', async () => {
      const old = await begin(alice, { level: '3', mode: 'hard' });
      assert.deepEqual(claimsOf((await refresh(old.refreshToken)).token).vrs, { level: '3', mode: 'hard' });
      const changed = await refresh(old.refreshToken, { level: '4' });
      assert.deepEqual(claimsOf(changed.token).vrs, { level: '4' });
      assert.deepEqual(claimsOf((await refresh(changed.refreshToken)).token).vrs, { level: '4' });
    });

    it('has the name that the user has now', async () => {
      const user = await scene.user();
      const { token, refreshToken } = await begin(user);
      const username = `new-${randomUUID()}`;
      await scene.accounts.update(user.id, { username });
      assert.equal(scene.tokens.verify(token)?.username, user.username);
      assert.equal(claimsOf((await refresh(refreshToken)).token).usn, username);
    });

    it('does not say that something was created, and needs a refresh token', async () => {
      const { token, refreshToken } = await begin(alice);
      const answer = await scene.call(sessionRefresh, null, { token: refreshToken });
      assert.deepEqual(Object.keys(answer).sort(), ['refresh_token', 'token']);
      await assert.rejects(scene.call(sessionRefresh, null, {}), refused);
      for (const wrong of ['nonsense', token]) {
        await assert.rejects(scene.call(sessionRefresh, null, { token: wrong }), dead);
      }
    });

    it('is refused to the banned, and to who is no more', async () => {
      const [banned, gone] = [await scene.user(), await scene.user()];
      const pairs = [await begin(banned), await begin(gone)];
      await scene.accounts.ban([banned.id]);
      await scene.accounts.delete(gone.id);
      // Of the same second as the ban, so that only a look at the account tells.
      await assert.rejects(refresh(pairs[0]!.refreshToken), { code: Status.PERMISSION_DENIED });
      await assert.rejects(refresh(pairs[1]!.refreshToken), { code: Status.NOT_FOUND });
      passSeconds(1);
      await scene.sessions.logoutEverywhere([banned.id]);
      await assert.rejects(refresh(pairs[0]!.refreshToken), dead);
    });
  });

  describe('a logout', () => {
    it('of named tokens ends these and no others', async () => {
      const pairs = await Promise.all([begin(alice), begin(alice), begin(alice), begin(alice)]);
      const [one, two, three, other] = pairs as [Pair, Pair, Pair, Pair];
      await logout(alice, { token: one.token });
      await logout(alice, { refreshToken: two.refreshToken });
      await logout(alice, three);
      assert.deepEqual(
        pairs.map((pair) => isAlive(pair)),
        [
          [false, true],
          [true, false],
          [false, false],
          [true, true],
        ],
      );
      assert.deepEqual(isAlive(other), [true, true]);
    });

    it('of a session token ends those that were refreshed from its pair too', async () => {
      const first = await begin(alice);
      passSeconds(1);
      const second = await scene.sessions.refresh(first.refreshToken, {});
      await logout(alice, { token: first.token });
      assert.deepEqual(isAlive(second), [false, true]);
    });

    it('of nothing named ends all of the user from before this second', async () => {
      const old = await begin(alice);
      passSeconds(1);
      const [young, others] = [await begin(alice), await begin(bob)];
      await logout(alice);
      assert.deepEqual(isAlive(old), [false, false]);
      assert.deepEqual(isAlive(young), [true, true]);
      assert.deepEqual(isAlive(others), [true, true]);
    });

    it('of a token that is of another user, dead, or of the other kind is refused, and ends nothing', async () => {
      const [mine, theirs] = [await begin(alice), await begin(bob)];
      const { token, refreshToken } = mine;
      for (const named of [
        { token: theirs.token },
        { token: refreshToken },
        { refreshToken: token },
        { token: 'nonsense' },
        { token, refreshToken: theirs.refreshToken },
      ]) {
        await assert.rejects(logout(alice, named), refused);
      }
      assert.deepEqual(
        [isAlive(mine), isAlive(theirs)],
        [
          [true, true],
          [true, true],
        ],
      );
      await logout(alice, { token });
      await assert.rejects(logout(alice, { token }), refused);
    });

    it('leaves open sockets open', async () => {
      const socket = scene.realtime.connect(alice);
      passSeconds(1);
      await logout(alice);
      assert.equal(socket.closedFor, undefined);
      scene.realtime.disconnect(socket);
    });

    it('holds after a restart, as long as the tokens would have lived', async () => {
      const user = await scene.user();
      const [all, one, refreshed, none] = [await begin(user), await begin(bob), await begin(bob), await begin(bob)];
      await logout(bob, { token: one.token });
      await logout(bob, { refreshToken: refreshed.refreshToken });
      passSeconds(1);
      await logout(user);
      const restarted = new PlayerScene(db);
      await restarted.start();
      restarted.stop();
      assert.deepEqual(
        [all, one, refreshed, none].map((pair) => isAlive(pair, restarted)),
        [
          [false, false],
          [false, true],
          [true, false],
          [true, true],
        ],
      );
    });

    it('of everything holds for as long as a token of the user lives that a module made, over restarts too', async () => {
      const user = await scene.user();
      const exp = Math.floor(Date.now() / 1000) + 100 * tokenLives.refreshTokenExpirySec;
      const { token } = await scene.nk('authenticateTokenGenerate', user.id, user.username, exp);
      const { token: endless } = await scene.nk('authenticateTokenGenerate', bob.id, bob.username, 2 ** 52);
      passSeconds(1);
      await logout(user);
      await logout(bob);
      passSeconds(2 * tokenLives.refreshTokenExpirySec);
      const restarted = new PlayerScene(db);
      await restarted.start();
      restarted.stop();
      for (const at of [scene, restarted]) {
        assert.equal(at.tokens.verify(token), null);
        assert.equal(at.tokens.verify(endless), null);
      }
      const { token: young } = await scene.nk('authenticateTokenGenerate', user.id, user.username, exp);
      assert.equal(restarted.tokens.verify(young)?.userId, user.id);
    });

    it('comes with a ban and with the end of an account', async () => {
      const [banned, gone] = [await scene.user(), await scene.user()];
      const pairs = [await begin(banned), await begin(gone)];
      passSeconds(1);
      await scene.accounts.ban([banned.id]);
      await scene.accounts.delete(gone.id);
      assert.deepEqual(
        pairs.map((pair) => isAlive(pair)),
        [
          [false, false],
          [false, false],
        ],
      );
      await scene.accounts.unban([banned.id]);
      assert.deepEqual(isAlive(pairs[0]!), [false, false]);
    });

    it('comes with a ban of many, to each for as long as a token of theirs lives', async () => {
      const many = await Promise.all(['long', 'short', 'other'].map((name) => scene.user(name)));
      const exp = Math.floor(Date.now() / 1000) + 100 * tokenLives.refreshTokenExpirySec;
      const [long, short] = await Promise.all(
        many.slice(0, 2).map(({ id, username }) => scene.nk('authenticateTokenGenerate', id, username, exp)),
      );
      passSeconds(1);
      await scene.accounts.ban([many[0]!.id, many[2]!.id, many[0]!.id]);
      passSeconds(2 * tokenLives.refreshTokenExpirySec);
      const restarted = new PlayerScene(db);
      await restarted.start();
      restarted.stop();
      for (const at of [scene, restarted]) {
        assert.equal(at.tokens.verify(long.token), null);
        assert.equal(at.tokens.verify(short.token)?.userId, many[1]!.id);
      }
    });
  });

  it('a sign-in ends the older sessions of the user, when only one is allowed', async () => {
    const single = new PlayerScene(db, { singleSession: true });
    const first = await single.sessions.begin(alice.id, alice.username, {});
    passSeconds(1);
    const second = await single.sessions.begin(alice.id, alice.username, {});
    assert.deepEqual(
      [isAlive(first, single), isAlive(second, single)],
      [
        [false, false],
        [true, true],
      ],
    );
  });

  describe('nk', () => {
    it('makes tokens for anybody, with the expiry that is asked for', async () => {
      const now = Math.floor(Date.now() / 1000);
      const made = await scene.nk('authenticateTokenGenerate', alice.id);
      assert.equal(made.exp, now + tokenLives.tokenExpirySec);
      const { uid, usn, exp } = claimsOf(made.token);
      assert.deepEqual([uid, usn, exp], [alice.id, alice.username, made.exp]);
      const nobody = await scene.nk('authenticateTokenGenerate', randomUUID(), '', now + 5, { level: '3' });
      const claims = claimsOf(nobody.token);
      assert.deepEqual([claims.exp, claims.vrs, claims.usn.length], [now + 5, { level: '3' }, 10]);
      const past = await scene.nk('authenticateTokenGenerate', alice.id, 'alice', now - 5);
      assert.equal(scene.tokens.verify(past.token), null);
      await assert.rejects(scene.nk('authenticateTokenGenerate', alice.id, '', 0, { level: 3 }), ArgumentError);
    });

    it('logs out, also somebody who is nobody', async () => {
      const pair = await begin(alice);
      await scene.nk('sessionLogout', alice.id, pair.token);
      assert.deepEqual(isAlive(pair), [false, true]);
      await assert.rejects(scene.nk('sessionLogout', bob.id, '', pair.refreshToken), refused);
      await scene.nk('sessionLogout', randomUUID());
    });

    it('closes a socket; one that is not there is no error', async () => {
      const socket = scene.realtime.connect(alice);
      await scene.nk('sessionDisconnect', socket.id, 2);
      assert.equal(socket.closedFor, 'the server ended this session');
      await scene.nk('sessionDisconnect', randomUUID());
      await assert.rejects(scene.nk('sessionDisconnect', socket.id, 5), ArgumentError);
    });
  });
});
