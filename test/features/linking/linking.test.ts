import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { Nakama } from '../../../src/protocol/gen/nakama/api/service_pb.js';
import { Status } from '../../../src/protocol/status.ts';
import { ArgumentError } from '../../../src/runtime/argument-check.ts';
import { forEachDatabase } from '../../support/databases.ts';
import type { FakeUser } from '../../support/fake-session.ts';
import { anybody, PlayerScene } from '../../support/player-scene.ts';

const refused = { code: Status.INVALID_ARGUMENT };
const denied = { code: Status.PERMISSION_DENIED };
const taken = { code: Status.ALREADY_EXISTS };
const { linkCustom, linkDevice, linkEmail, unlinkCustom, unlinkDevice, unlinkEmail } = Nakama.method;
/** How often each race is run: the outcome is to be the same whoever wins. */
const ROUNDS = 6;

const newId = () => `id-${randomUUID()}`;
const newEmail = () => `${randomUUID()}@example.com`;

forEachDatabase((_name, open) => {
  let scene: PlayerScene;

  before(async () => {
    scene = new PlayerScene((await open()).db);
  });

  const waysIn = async (user: FakeUser) => {
    const { device_ids, custom_id, email } = await scene.accounts.get(user.id);
    return { devices: device_ids.sort(), customId: custom_id, email };
  };

  describe('a device', () => {
    it('is one of many of an account, and linking it again is no error', async () => {
      const user = await scene.withDevice();
      const id = newId();
      for (let i = 0; i < 2; i++) assert.deepEqual(await scene.call(linkDevice, user, { id }), {});
      assert.deepEqual((await waysIn(user)).devices, [user.deviceId, id].sort());
      assert.equal((await scene.authentication.byDevice(id, anybody)).userId, user.id);
    });

    it('of another account stays there', async () => {
      const [user, owner] = [await scene.withDevice(), await scene.withDevice()];
      await assert.rejects(scene.call(linkDevice, user, { id: owner.deviceId }), taken);
      assert.deepEqual((await waysIn(owner)).devices, [owner.deviceId]);
    });

    it('has the form of one, and an account to go to', async () => {
      const user = await scene.withDevice();
      for (const id of ['', 'short', 'with a space'])
        await assert.rejects(scene.call(linkDevice, user, { id }), refused);
      const nobody = { id: randomUUID(), username: 'nobody' };
      await assert.rejects(scene.call(linkDevice, nobody, { id: newId() }), { code: Status.NOT_FOUND });
    });

    it('can be unlinked when it is named, linked, and not the last way in', async () => {
      const [user, other] = [await scene.withDevice(), await scene.withDevice()];
      await assert.rejects(scene.call(unlinkDevice, user, {}), refused);
      await assert.rejects(scene.call(unlinkDevice, user, { id: user.deviceId }), denied);
      const second = newId();
      await scene.linking.linkDevice(user.id, second);
      for (const id of [newId(), other.deviceId]) await assert.rejects(scene.call(unlinkDevice, user, { id }), denied);
      await scene.call(unlinkDevice, user, { id: user.deviceId });
      assert.deepEqual((await waysIn(user)).devices, [second]);
      assert.equal((await scene.authentication.byDevice(user.deviceId, anybody)).created, true);
    });
  });

  describe('a custom id', () => {
    it('replaces the one before, which is free again', async () => {
      const user = await scene.withDevice();
      const [first, second] = [newId(), newId()];
      for (const id of [first, first, second]) await scene.call(linkCustom, user, { id });
      assert.equal((await waysIn(user)).customId, second);
      await scene.call(linkCustom, await scene.withDevice(), { id: first });
    });

    it('of another account stays there', async () => {
      const [user, owner] = [await scene.withDevice(), await scene.withDevice()];
      const id = newId();
      await scene.call(linkCustom, owner, { id });
      await assert.rejects(scene.call(linkCustom, user, { id }), taken);
      assert.equal((await waysIn(user)).customId, null);
    });

    it('can be unlinked without naming it; named, only that one', async () => {
      const user = await scene.withDevice();
      const id = newId();
      await scene.call(unlinkCustom, user, {});
      await scene.call(linkCustom, user, { id });
      await assert.rejects(scene.call(unlinkCustom, user, { id: newId() }), denied);
      await scene.call(unlinkCustom, user, { id });
      await scene.call(linkCustom, user, { id });
      await scene.call(unlinkCustom, user, {});
      assert.equal((await waysIn(user)).customId, null);
    });

    it('stays when it is the last way in', async () => {
      const id = newId();
      const { userId, username } = await scene.authentication.byCustomId(id, anybody);
      await assert.rejects(scene.call(unlinkCustom, { id: userId, username }, { id }), denied);
      assert.equal((await scene.authentication.byCustomId(id, anybody)).created, false);
    });
  });

  describe('an address', () => {
    it('brings a password, which linking it again changes', async () => {
      const user = await scene.withDevice();
      const email = newEmail();
      await scene.call(linkEmail, user, { email: email.toUpperCase(), password: 'a password' });
      await scene.call(linkEmail, user, { email, password: 'another one' });
      assert.equal((await waysIn(user)).email, email);
      const signIn = (password: string) => scene.authentication.byEmail(email, password, anybody);
      assert.equal((await signIn('another one')).userId, user.id);
      await assert.rejects(signIn('a password'), { code: Status.UNAUTHENTICATED });
    });

    it('of another account stays there', async () => {
      const email = newEmail();
      await scene.authentication.byEmail(email, 'a password', anybody);
      await assert.rejects(scene.call(linkEmail, await scene.withDevice(), { email, password: 'another one' }), taken);
      assert.equal((await scene.authentication.byEmail(email, 'a password', anybody)).created, false);
    });

    it('and a password are both required, in their form', async () => {
      const user = await scene.withDevice();
      for (const request of [
        {},
        { email: newEmail() },
        { password: 'a password' },
        { email: 'nonsense', password: 'a password' },
        { email: newEmail(), password: 'short' },
      ]) {
        await assert.rejects(scene.call(linkEmail, user, request), refused);
      }
    });

    it('goes with its password, in whatever case it is written', async () => {
      const user = await scene.withDevice();
      const email = newEmail();
      await scene.linking.linkEmail(user.id, email, 'a password');
      await scene.call(unlinkEmail, user, { email: email.toUpperCase() });
      assert.equal((await waysIn(user)).email, null);
      await assert.rejects(scene.authentication.byUsername(user.username, 'a password'), {
        code: Status.UNAUTHENTICATED,
      });
    });

    it('without a password is no way in: the last one beside it stays', async () => {
      const user = await scene.withDevice();
      await scene.db.updateTable('users').set({ email: newEmail() }).where('id', '=', user.id).execute();
      await assert.rejects(scene.call(unlinkDevice, user, { id: user.deviceId }), denied);
    });
  });

  describe('at once', () => {
    it('of the last two ways in one is unlinked, whichever they are', async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const user = await scene.withDevice();
        const [second, custom] = [newId(), newId()];
        const isEven = round % 2 === 0;
        if (isEven) await scene.linking.linkDevice(user.id, second);
        else await scene.linking.linkCustom(user.id, custom);
        const outcomes = await Promise.allSettled([
          scene.linking.unlinkDevice(user.id, user.deviceId),
          isEven ? scene.linking.unlinkDevice(user.id, second) : scene.linking.unlink(user.id, 'custom_id', custom),
        ]);
        assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
        const { devices, customId } = await waysIn(user);
        assert.equal(devices.length + (customId === null ? 0 : 1), 1);
      }
    });

    it('two accounts that link the same: one has it', async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const [one, other] = [await scene.withDevice(), await scene.withDevice()];
        const id = newId();
        for (const link of ['linkDevice', 'linkCustom'] as const) {
          const outcomes = await Promise.allSettled([one, other].map((user) => scene.linking[link](user.id, id)));
          const failed = outcomes.filter((outcome) => outcome.status === 'rejected');
          assert.deepEqual(
            failed.map(({ reason }) => reason.code),
            [Status.ALREADY_EXISTS],
          );
        }
      }
    });
  });

  describe('nk', () => {
    it('links and unlinks; what is wrong with an id is a refusal, not an argument error', async () => {
      const user = await scene.withDevice();
      const [device, custom, email] = [newId(), newId(), newEmail()];
      await scene.nk('linkDevice', user.id, device);
      await scene.nk('linkCustom', user.id, custom);
      await scene.nk('linkEmail', user.id, email, 'a password');
      assert.deepEqual(await waysIn(user), { devices: [device, user.deviceId].sort(), customId: custom, email });
      const refusals: [string, ...unknown[]][] = [
        ['linkDevice', user.id, 'short'],
        ['linkEmail', user.id, email, 'short'],
        ['unlinkDevice', user.id, newId()],
        ['unlinkCustom', user.id, newId()],
      ];
      for (const call of refusals) {
        await assert.rejects(scene.nk(...call), (error) => !(error instanceof ArgumentError), call.join(' '));
      }
      await assert.rejects(scene.nk('unlinkDevice', user.id), ArgumentError);
      await assert.rejects(scene.nk('unlinkCustom', user.id, null), ArgumentError);
      await scene.nk('unlinkCustom', user.id);
      await scene.nk('unlinkEmail', user.id);
      await scene.nk('unlinkDevice', user.id, user.deviceId);
      await assert.rejects(scene.nk('unlinkDevice', user.id, device), denied);
      assert.deepEqual(await waysIn(user), { devices: [device], customId: null, email: null });
    });
  });
});
