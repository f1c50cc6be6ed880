import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { Nakama } from '../../../src/protocol/gen/nakama/api/service_pb.js';
import { Status } from '../../../src/protocol/status.ts';
import { ArgumentError } from '../../../src/runtime/argument-check.ts';
import { forEachDatabase } from '../../support/databases.ts';
import { anybody, PlayerScene } from '../../support/player-scene.ts';

const refused = { code: Status.INVALID_ARGUMENT };
const onlyKnown = { username: '', create: false };
/** How often each race is run: the outcome is to be the same whoever wins. */
const ROUNDS = 4;

const newEmail = () => `${randomUUID()}@example.com`;
const newName = () => `name-${randomUUID()}`;

forEachDatabase((_name, open) => {
  let scene: PlayerScene;

  before(async () => {
    scene = new PlayerScene((await open()).db);
  });

  const byDevice = (id: string, options: { username: string; create: boolean } = anybody) =>
    scene.authentication.byDevice(id, options);
  const byEmail = (email: string, password: string, options: { username: string; create: boolean } = anybody) =>
    scene.authentication.byEmail(email, password, options);
  const accountsNamed = (username: string) =>
    scene.db.selectFrom('users').select('id').where('username', '=', username).execute();

  describe('a device id and a custom id', () => {
    it('make an account at the first time and find it again, whatever name is then asked for', async () => {
      for (const signIn of [byDevice, scene.authentication.byCustomId.bind(scene.authentication)]) {
        const id = `id-${randomUUID()}`;
        const first = await signIn(id, anybody);
        assert.deepEqual([first.created, /^[a-zA-Z]{10}$/.test(first.username)], [true, true]);
        assert.deepEqual(await signIn(id, { username: newName(), create: true }), { ...first, created: false });
        assert.deepEqual(await signIn(id, onlyKnown), { ...first, created: false });
      }
    });

    it('are compared by their letters as they are', async () => {
      const id = `id-${randomUUID()}`;
      const first = await scene.authentication.byCustomId(id, anybody);
      const second = await scene.authentication.byCustomId(id.toUpperCase(), anybody);
      assert.notEqual(first.userId, second.userId);
    });

    it('make none unless asked to', async () => {
      await assert.rejects(byDevice(`device-${randomUUID()}`, onlyKnown), { code: Status.NOT_FOUND });
    });

    it('have from 10, or 6, to 128 bytes and no spaces', async () => {
      const { byCustomId } = scene.authentication;
      const custom = byCustomId.bind(scene.authentication);
      const fill = (length: number) => randomUUID().repeat(4).slice(0, length);
      for (const id of ['', fill(9), fill(129), 'ä'.repeat(65), 'has a space', 'has\ta tab', 'has\u007fdelete']) {
        await assert.rejects(byDevice(id), refused, id);
      }
      for (const id of ['', fill(5), fill(129), 'a space', 'line\nbreak'])
        await assert.rejects(custom(id, anybody), refused, id);
      for (const id of [fill(10), fill(128)]) assert.equal((await byDevice(id)).created, true);
      for (const id of [fill(6), fill(128)]) assert.equal((await custom(id, anybody)).created, true);
    });
  });

  describe('a name for a new account', () => {
    it('that is taken is refused, and no account is made', async () => {
      const { username } = await scene.user();
      const id = `device-${randomUUID()}`;
      await assert.rejects(byDevice(id, { username, create: true }), { code: Status.ALREADY_EXISTS });
      await assert.rejects(byDevice(id, onlyKnown), { code: Status.NOT_FOUND });
    });

    it('that is none is refused before anything is looked up', async () => {
      const id = `device-${randomUUID()}`;
      await byDevice(id);
      for (const username of ['a\nb', 'a\u0000b', 'x'.repeat(129)]) {
        await assert.rejects(byDevice(id, { username, create: true }), refused);
      }
    });
  });

  describe('at once', () => {
    it('two sign-ins of a new identity make one account', async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const [device, custom, email] = [`device-${randomUUID()}`, `custom-${randomUUID()}`, newEmail()];
        for (const signIn of [
          () => byDevice(device),
          () => scene.authentication.byCustomId(custom, anybody),
          () => byEmail(email, 'a password'),
        ]) {
          const [one, other] = await Promise.all([signIn(), signIn()]);
          assert.equal(one.userId, other.userId);
          assert.deepEqual([one.created, other.created].sort(), [false, true]);
        }
      }
    });

    it('two sign-ins of a new identity under the same name make one account, and both are in', async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const id = `device-${randomUUID()}`;
        const options = { username: newName(), create: true };
        const [one, other] = await Promise.all([byDevice(id, options), byDevice(id, options)]);
        assert.deepEqual([one.userId, one.username], [other.userId, options.username]);
      }
    });

    it('two who want the same name: one has it, the other has no account', async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const options = { username: newName(), create: true };
        const ids = [`device-${randomUUID()}`, `device-${randomUUID()}`];
        const outcomes = await Promise.allSettled(ids.map((id) => byDevice(id, options)));
        const failed = outcomes.filter((outcome) => outcome.status === 'rejected');
        assert.deepEqual(
          failed.map(({ reason }) => reason.code),
          [Status.ALREADY_EXISTS],
        );
        assert.equal((await accountsNamed(options.username)).length, 1);
        const known = await Promise.allSettled(ids.map((id) => byDevice(id, onlyKnown)));
        assert.deepEqual(known.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
      }
    });
  });

  describe('an address and a password', () => {
    it('lead to the same account in whatever case the address is written', async () => {
      const email = newEmail();
      const { userId } = await byEmail(email.toUpperCase(), 'a password');
      assert.equal((await byEmail(email, 'a password', onlyKnown)).userId, userId);
      assert.equal((await scene.accounts.get(userId)).email, email);
    });

    it('must both be right', async () => {
      const email = newEmail();
      await byEmail(email, 'a password');
      await assert.rejects(byEmail(email, 'another one'), { code: Status.UNAUTHENTICATED });
      await assert.rejects(byEmail(newEmail(), 'a password', onlyKnown), { code: Status.NOT_FOUND });
    });

    it('have a form: an address of 10 to 255 bytes, a password of 8 to 72', async () => {
      const long = `${'x'.repeat(244)}@example.com`;
      for (const email of ['a@b.co', 'no-address-at-all', 'a b@example.com', `@example.com`, 'a@example', long]) {
        await assert.rejects(byEmail(email, 'a password'), refused, email);
      }
      for (const password of ['', '1234567', 'x'.repeat(73)]) {
        await assert.rejects(byEmail(newEmail(), password), refused, password);
      }
      await byEmail(newEmail(), 'ääää');
      await byEmail(newEmail(), 'x'.repeat(72));
    });

    it('keep the password as a hash', async () => {
      const { userId } = await byEmail(newEmail(), 'a password');
      const { password } = await scene.db
        .selectFrom('users')
        .select('password')
        .where('id', '=', userId)
        .executeTakeFirstOrThrow();
      assert.match(String(password), /^\$2[aby]\$10\$/);
    });
  });

  describe('a username and a password', () => {
    const signIn = (username: string, password: string) =>
      scene.call(Nakama.method.authenticateEmail, null, { account: { password }, username });

    it('lead to the account, and never make one', async () => {
      const { username } = await byEmail(newEmail(), 'a password');
      assert.ok((await signIn(username, 'a password')).token);
      await assert.rejects(signIn(username, 'another one'), { code: Status.UNAUTHENTICATED });
      await assert.rejects(signIn(newName(), 'a password'), { code: Status.NOT_FOUND });
    });

    it('do not lead to an account without a password', async () => {
      const { username } = await scene.withDevice();
      await assert.rejects(signIn(username, 'a password'), { code: Status.UNAUTHENTICATED });
    });

    it('are asked for when neither address nor name is given; the password is looked at first', async () => {
      await assert.rejects(signIn('', 'short'), /the password must have/);
      await assert.rejects(signIn('', 'a password'), /a username is required/);
    });
  });

  it('the banned are refused by every way in', async () => {
    const email = newEmail();
    const { userId, username } = await byEmail(email, 'a password');
    const [device, custom] = [`device-${randomUUID()}`, `custom-${randomUUID()}`];
    await scene.linking.linkDevice(userId, device);
    await scene.linking.linkCustom(userId, custom);
    await scene.accounts.ban([userId]);
    for (const attempt of [
      () => byDevice(device),
      () => scene.authentication.byCustomId(custom, anybody),
      () => byEmail(email, 'a password'),
      () => byEmail(email, 'another one'),
      () => scene.authentication.byUsername(username, 'a password'),
    ]) {
      await assert.rejects(attempt(), { code: Status.PERMISSION_DENIED });
    }
  });

  describe('HTTP', () => {
    it('answers with tokens, and says only of a new account that it was created', async () => {
      const request = { account: { id: `device-${randomUUID()}`, vars: { level: '3' } } };
      const first = await scene.call(Nakama.method.authenticateDevice, null, request);
      const second = await scene.call(Nakama.method.authenticateDevice, null, { ...request, create: false });
      assert.deepEqual([first.created, 'created' in second], [true, false]);
      assert.deepEqual(scene.tokens.verify(first.token)?.vars, { level: '3' });
    });

    it('refuses what has no account message', async () => {
      await assert.rejects(scene.call(Nakama.method.authenticateDevice, null, {}), refused);
      await assert.rejects(scene.call(Nakama.method.authenticateCustom, null, {}), refused);
      await assert.rejects(scene.call(Nakama.method.authenticateEmail, null, {}), refused);
    });
  });

  describe('nk', () => {
    it('tells bad arguments from refusals', async () => {
      const email = newEmail();
      const { username } = await scene.nk('authenticateEmail', email, 'a password');
      const bad: [string, ...unknown[]][] = [
        ['authenticateDevice', 'short'],
        ['authenticateCustom', 'short'],
        ['authenticateEmail', email, 'short'],
        ['authenticateDevice', `device-${randomUUID()}`, 'a\nb'],
        ['authenticateDevice', `device-${randomUUID()}`, null],
      ];
      for (const call of bad) await assert.rejects(scene.nk(...call), ArgumentError, call.join(' '));
      const failing: [string, ...unknown[]][] = [
        ['authenticateEmail', email, 'another one'],
        ['authenticateEmail', '', 'a password', newName()],
        ['authenticateDevice', `device-${randomUUID()}`, '', false],
        ['authenticateDevice', `device-${randomUUID()}`, username],
      ];
      for (const call of failing) {
        await assert.rejects(scene.nk(...call), (error) => !(error instanceof ArgumentError), call.join(' '));
      }
      const again = await scene.nk('authenticateEmail', '', 'a password', username);
      assert.deepEqual([again.username, again.created], [username, false]);
    });
  });
});
