import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, beforeEach, describe, it } from 'node:test';
import { Nakama } from '../../../src/protocol/gen/nakama/api/service_pb.js';
import { Status } from '../../../src/protocol/status.ts';
import { ArgumentError } from '../../../src/runtime/argument-check.ts';
import { forEachDatabase } from '../../support/databases.ts';
import type { FakeUser } from '../../support/fake-session.ts';
import { PlayerScene } from '../../support/player-scene.ts';

const NIL = '00000000-0000-0000-0000-000000000000';
const refused = { code: Status.INVALID_ARGUMENT };
const { getAccount, updateAccount, deleteAccount, getUsers } = Nakama.method;

forEachDatabase((_name, open) => {
  let scene: PlayerScene;
  let alice: FakeUser;
  let bob: FakeUser;

  before(async () => {
    scene = new PlayerScene((await open()).db);
  });

  beforeEach(async () => {
    [alice, bob] = await Promise.all([scene.user('alice'), scene.user('bob')]);
  });

  const account = (user: FakeUser) => scene.call(getAccount, user, {});
  const update = (user: FakeUser, request: object) => scene.call(updateAccount, user, request);
  const users = async (request: object): Promise<string[]> =>
    ((await scene.call(getUsers, alice, request)).users ?? []).map(({ id }: { id: string }) => id).sort();

  describe('an account', () => {
    it('of somebody new has a language, an empty wallet, and times in whole seconds', async () => {
      const { user, ...rest } = await account(alice);
      const { create_time, update_time, ...profile } = user;
      assert.deepEqual(rest, { wallet: '{}' });
      assert.deepEqual(profile, { id: alice.id, username: alice.username, lang_tag: 'en', metadata: '{}' });
      for (const time of [create_time, update_time]) assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    });

    it('shows its ways in, and whether its owner is online', async () => {
      const device = await scene.withDevice();
      const customId = `custom-${randomUUID()}`;
      await scene.linking.linkCustom(device.id, customId);
      scene.online.add(device.id);
      const { user, devices, custom_id } = await account(device);
      assert.deepEqual([user.online, devices, custom_id], [true, [{ id: device.deviceId }], customId]);
    });

    it('that is no more is not found', async () => {
      await assert.rejects(account({ id: randomUUID(), username: 'nobody' }), { code: Status.NOT_FOUND });
    });
  });

  describe('a profile', () => {
    it('keeps what is not named, and loses what is made empty', async () => {
      await update(alice, { displayName: 'Alice', location: 'Turku', timezone: 'Europe/Helsinki', langTag: 'fi' });
      await update(alice, { avatarUrl: 'https://a/b', location: '' });
      const { user } = await account(alice);
      assert.deepEqual(
        [user.display_name, user.avatar_url, user.location, user.timezone, user.lang_tag],
        ['Alice', 'https://a/b', undefined, 'Europe/Helsinki', 'fi'],
      );
    });

    it('takes as many characters as there is room for, not one more', async () => {
      const limits = { displayName: 255, location: 255, timezone: 255, avatarUrl: 512, langTag: 18 };
      for (const [field, limit] of Object.entries(limits)) {
        await update(alice, { [field]: '🧭'.repeat(limit) });
        await assert.rejects(update(alice, { [field]: 'x'.repeat(limit + 1) }), refused, field);
      }
    });

    it('refuses a change of nothing, an empty language, and names that are none', async () => {
      const names = ['', 'a\tb', 'a\nb', 'x'.repeat(129), 'ä'.repeat(65)];
      for (const request of [{}, { langTag: '' }, ...names.map((username) => ({ username }))]) {
        await assert.rejects(update(alice, request), refused, JSON.stringify(request));
      }
      await update(alice, { username: `${randomUUID()} with spaces` });
      await update(alice, { username: 'ä'.repeat(64) });
    });

    it('does not get a name that somebody else has, in exactly these letters', async () => {
      await assert.rejects(update(alice, { username: bob.username, displayName: 'Bob' }), {
        code: Status.ALREADY_EXISTS,
        message: 'this username is taken',
      });
      assert.equal((await account(alice)).user.display_name, undefined);
      await update(alice, { username: bob.username.toUpperCase() });
      await update(bob, { username: bob.username });
    });

    it('gives a name that two want at once to one of them', async () => {
      const username = `wanted-${randomUUID()}`;
      const outcomes = await Promise.allSettled([update(alice, { username }), update(bob, { username })]);
      assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    });

    it('does not say that it was changed when it was not', async () => {
      const stored = () =>
        scene.db.selectFrom('users').select('update_time').where('id', '=', alice.id).executeTakeFirstOrThrow();
      await update(alice, { displayName: 'Alice' });
      const { update_time } = await stored();
      await update(alice, { displayName: 'Alice' });
      assert.deepEqual((await stored()).update_time, update_time);
    });
  });

  describe('users', () => {
    it('are found by id in any spelling, by exact name and by Facebook id, each once', async () => {
      const facebookId = randomUUID();
      await scene.db.updateTable('users').set({ facebook_id: facebookId }).where('id', '=', bob.id).execute();
      const bare = alice.id.replaceAll('-', '');
      const found = await users({
        ids: [alice.id, alice.id.toUpperCase(), bare, randomUUID()],
        usernames: [alice.username, bob.username.toUpperCase(), 'nobody at all'],
        facebookIds: [facebookId],
      });
      assert.deepEqual(found, [alice.id, bob.id].sort());
      assert.deepEqual(await users({}), []);
      for (const id of ['', 'bob', `${alice.id},${bob.id}`]) await assert.rejects(users({ ids: [id] }), refused);
    });

    it('show what is public, also when they are banned', async () => {
      const device = await scene.withDevice();
      await scene.accounts.ban([device.id]);
      const found = await scene.call(getUsers, alice, { ids: [device.id] });
      assert.deepEqual(Object.keys(found.users[0]).sort(), [
        'create_time',
        'id',
        'lang_tag',
        'metadata',
        'update_time',
        'username',
      ]);
    });
  });

  describe('a banned user', () => {
    it('is out: sockets close with a word on it, and no way leads in until the ban is lifted', async () => {
      const device = await scene.withDevice();
      const socket = scene.realtime.connect(device);
      await scene.nk('usersBanId', [device.id, randomUUID()]);
      assert.deepEqual(
        socket.takenOf('notifications').map(({ notifications }) => notifications[0].code),
        [-8],
      );
      assert.equal(socket.closedFor, 'this account is banned');
      const signIn = () => scene.authentication.byDevice(device.deviceId, { username: '', create: true });
      await assert.rejects(signIn(), { code: Status.PERMISSION_DENIED });
      const { disableTime } = await scene.nk('accountGetId', device.id);
      assert.ok(disableTime > 1_700_000_000);
      await scene.nk('usersUnbanId', [device.id]);
      assert.equal((await signIn()).userId, device.id);
      assert.equal('disableTime' in (await scene.nk('accountGetId', device.id)), false);
    });
  });

  describe('the end of an account', () => {
    it('sets its names and ids free, takes its objects along and closes its sockets', async () => {
      const device = await scene.withDevice();
      await scene.nk('storageWrite', [{ collection: 'c', key: 'k', userId: device.id, value: {} }]);
      const socket = scene.realtime.connect(device);
      await scene.call(deleteAccount, device, {});
      assert.equal(socket.closedFor, 'this account was deleted');
      assert.deepEqual(await scene.nk('storageRead', [{ collection: 'c', key: 'k', userId: device.id }]), []);
      const again = await scene.authentication.byDevice(device.deviceId, { username: device.username, create: true });
      assert.deepEqual([again.created, again.userId === device.id], [true, false]);
    });

    it('is told to every feature, within the deletion and after it', async () => {
      const told: string[] = [];
      const others = new PlayerScene(scene.db, {
        others: [
          {
            name: 'other',
            userData: {
              deleteOf: async (transaction, userId, whenDone) => {
                const row = await transaction.selectFrom('users').select('id').where('id', '=', userId).execute();
                told.push(`${row.length} while it is deleted`);
                whenDone(() => told.push('when it is gone'));
              },
            },
          },
        ],
      });
      await others.accounts.delete(alice.id);
      assert.deepEqual(told, ['1 while it is deleted', 'when it is gone']);
    });

    it('does not come when a feature cannot let go', async () => {
      const stubborn = new PlayerScene(scene.db, {
        others: [
          {
            name: 'stubborn',
            userData: {
              deleteOf: async () => {
                throw new Error('not now');
              },
            },
          },
        ],
      });
      const socket = stubborn.realtime.connect(alice);
      await assert.rejects(stubborn.accounts.delete(alice.id), /not now/);
      assert.equal(socket.closedFor, undefined);
      assert.equal((await account(alice)).user.id, alice.id);
    });

    it('is kept on record when that is asked for', async () => {
      await scene.nk('accountDeleteId', alice.id, true);
      await scene.nk('accountDeleteId', bob.id);
      const rows = await scene.db
        .selectFrom('user_tombstone')
        .select('user_id')
        .where('user_id', 'in', [alice.id, bob.id])
        .execute();
      assert.deepEqual(rows, [{ user_id: alice.id }]);
    });

    it('is no error when there is none, and is refused to the system user', async () => {
      await scene.nk('accountDeleteId', randomUUID());
      await assert.rejects(scene.nk('accountDeleteId', NIL), (error) => !(error instanceof ArgumentError));
    });
  });

  describe('nk', () => {
    it('gives accounts with every field of a user, and only the ways in that there are', async () => {
      const { user, ...rest } = await scene.nk('accountGetId', alice.id);
      const { createTime, updateTime, ...profile } = user;
      assert.deepEqual(rest, { wallet: {} });
      assert.ok(Number.isInteger(createTime) && Number.isInteger(updateTime));
      assert.deepEqual(profile, {
        userId: alice.id,
        username: alice.username,
        displayName: '',
        avatarUrl: '',
        langTag: 'en',
        location: '',
        timezone: '',
        online: false,
        edgeCount: 0,
        metadata: {},
      });
    });

    it('leaves unknown ones out, and gives each once', async () => {
      const many = await scene.nk('accountsGetId', [alice.id, alice.id, randomUUID(), bob.id]);
      assert.equal(many.length, 2);
      assert.deepEqual(await scene.nk('accountsGetId', []), []);
      assert.deepEqual(await scene.nk('usersGetId', []), []);
      const named = await scene.nk('usersGetUsername', [bob.username, 'nobody at all']);
      assert.deepEqual(
        named.map(({ userId }: { userId: string }) => userId),
        [bob.id],
      );
      await assert.rejects(scene.nk('usersGetId', [alice.id, 'bob']), ArgumentError);
      await assert.rejects(scene.nk('accountGetId', randomUUID()), { code: Status.NOT_FOUND });
    });

    it('replaces metadata whole, leaves what is null, and an empty username', async () => {
      await scene.nk('accountUpdateId', alice.id, null, 'Alice', null, null, null, null, { a: 1, b: 2 });
      await scene.nk('accountUpdateId', alice.id, '', null, null, null, null, null, { c: 3 });
      const { user } = await scene.nk('accountGetId', alice.id);
      assert.deepEqual([user.username, user.displayName, user.metadata], [alice.username, 'Alice', { c: 3 }]);
      await scene.nk('accountUpdateId', randomUUID(), null, 'Nobody');
      const nothing = scene.nk('accountUpdateId', alice.id, null, null);
      await assert.rejects(nothing, (error) => !(error instanceof ArgumentError));
    });

    it('refuses metadata that is too long, or cannot be stored, without a word of SQL', async () => {
      const change = (metadata: object) =>
        scene.nk('accountUpdateId', alice.id, null, null, null, null, null, null, metadata);
      await assert.rejects(change({ text: 'x'.repeat(16 * 1024) }), refused);
      await assert.rejects(change({ text: 'a\0b' }), refused);
      await assert.rejects(update(alice, { displayName: 'a\0b' }), refused);
    });

    it('picks users at random: different ones, never the system, at most a thousand', async () => {
      const some = await scene.nk('usersGetRandom', 5);
      assert.equal(new Set(some.map(({ userId }: { userId: string }) => userId)).size, 5);
      const all = await scene.nk('usersGetRandom', 1000);
      assert.equal(
        all.some(({ userId }: { userId: string }) => userId === NIL),
        false,
      );
      assert.deepEqual(await scene.nk('usersGetRandom', 0), []);
      for (const count of [-1, 1001, 1.5]) await assert.rejects(scene.nk('usersGetRandom', count), ArgumentError);
    });
  });

  describe('an export', () => {
    it('has the account, its objects and its ledger in the names of the client API, and no empty parts', async () => {
      const empty = JSON.parse(await scene.nk('accountExportId', alice.id));
      assert.deepEqual(Object.keys(empty), ['account']);
      await scene.nk('walletUpdate', alice.id, { gold: 5 }, { for: 'test' }, true);
      await scene.nk('storageWrite', [
        { collection: 'c', key: 'k', userId: alice.id, value: { a: 1 }, permissionRead: 0 },
      ]);
      const { account: own, objects, wallet_ledgers } = JSON.parse(await scene.nk('accountExportId', alice.id));
      assert.deepEqual([own.user.id, own.wallet], [alice.id, '{"gold": 5}']);
      assert.deepEqual([objects[0].key, objects[0].value, 'permission_read' in objects[0]], ['k', '{"a": 1}', false]);
      const { changeset, metadata, user_id } = wallet_ledgers[0];
      assert.deepEqual([changeset, metadata, user_id], ['{"gold": 5}', '{"for": "test"}', alice.id]);
      await assert.rejects(scene.nk('accountExportId', randomUUID()), { code: Status.NOT_FOUND });
    });
  });
});
