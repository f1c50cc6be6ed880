import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, beforeEach, describe, it } from 'node:test';
import type { Db } from '../../../src/database/database.ts';
import { createNotificationsFeature } from '../../../src/features/notifications/index.ts';
import { Status } from '../../../src/protocol/status.ts';
import { ArgumentError } from '../../../src/runtime/argument-check.ts';
import { forEachDatabase } from '../../support/databases.ts';
import type { FakeUser } from '../../support/fake-session.ts';
import { anybody, PlayerScene } from '../../support/player-scene.ts';
import { FriendsScene } from '../friends/friends-scene.ts';

forEachDatabase((_name, open) => {
  let db: Db;
  let scene: PlayerScene;
  let friends: FriendsScene;
  let notifications: ReturnType<typeof createNotificationsFeature>['notifications'];
  let alice: FakeUser & { readonly deviceId: string };
  let bob: FakeUser;
  let carol: FakeUser;

  before(async () => {
    ({ db } = await open());
    friends = new FriendsScene(db);
    const created = createNotificationsFeature({ ...friends.realtime, db });
    notifications = created.notifications;
    scene = new PlayerScene(db, { others: [friends.feature, created.feature] });
  });

  beforeEach(async () => {
    [alice, bob, carol] = await Promise.all([scene.withDevice(), scene.user('bob'), scene.user('carol')]);
  });

  const exported = (user: FakeUser): Promise<string> => scene.nk('accountExportId', user.id);
  /** An export without what an import makes anew or leaves. */
  const essence = async (user: FakeUser) => {
    const { account, friends: list, ...rest } = JSON.parse(await exported(user));
    const { update_time, edge_count, ...profile } = account.user;
    return { ...rest, account: { ...account, user: profile }, friends: list };
  };

  /** Gives a user something of everything. */
  async function furnish(user: FakeUser): Promise<void> {
    const metadata = { level: 3, path: ['a', 'b'] };
    await scene.nk('accountUpdateId', user.id, null, 'Ada', 'UTC', 'Turku', 'fi', 'https://a/b', metadata);
    for (let i = 1; i <= 3; i++) await scene.nk('walletUpdate', user.id, { gold: i }, { i }, true);
    await scene.nk('storageWrite', [
      { collection: 'saves', key: 'one', userId: user.id, value: { n: 1 }, permissionRead: 0, permissionWrite: 0 },
      { collection: 'saves', key: 'two', userId: user.id, value: { n: 2 }, permissionRead: 2 },
    ]);
    await scene.nk('leaderboardCreate', 'arena');
    await scene.nk('leaderboardRecordWrite', 'arena', user.id, user.username, 7);
    await friends.befriend(user, bob);
    await friends.add(user, carol);
    for (let i = 1; i <= 3; i++) {
      await notifications.send(user.id, { subject: `news ${i}`, content: { i }, code: i, persistent: true });
    }
  }

  describe('an import', () => {
    it('after export and deletion makes the account as it was', async () => {
      await furnish(alice);
      const text = await exported(alice);
      const before = await essence(alice);
      assert.deepEqual([before.notifications.length, before.wallet_ledgers.length, before.objects.length], [4, 3, 2]);
      assert.equal(before.leaderboard_records.length, 1);
      await scene.accounts.delete(alice.id);
      const account = await scene.nk('accountImportId', text);
      assert.deepEqual([account.user.userId, account.user.username], [alice.id, alice.username]);
      assert.deepEqual(await essence(alice), before);
      assert.deepEqual(
        [await friends.between(alice, bob), await friends.between(alice, carol)],
        [
          [0, 0],
          [1, 2],
        ],
      );
      assert.deepEqual(await friends.edgeCounts(alice, bob, carol), [2, 1, 1]);
      assert.equal((await scene.authentication.byDevice(alice.deviceId, anybody)).userId, alice.id);
    });

    it('into another user replaces what they have, but for name and ways in', async () => {
      await furnish(alice);
      const other = await scene.withDevice();
      await scene.nk('walletUpdate', other.id, { gems: 9 }, {}, true);
      await scene.nk('storageWrite', [{ collection: 'saves', key: 'old', userId: other.id, value: {} }]);
      const stranger = await scene.user();
      await friends.befriend(other, stranger);
      const account = await scene.nk('accountImportId', await exported(alice), other.id);
      const { user, wallet, devices } = account;
      assert.deepEqual([user.userId, user.username, devices], [other.id, other.username, [{ id: other.deviceId }]]);
      assert.deepEqual([user.displayName, user.metadata, wallet], ['Ada', { level: 3, path: ['a', 'b'] }, { gold: 6 }]);
      const [mine, theirs] = [await essence(alice), await essence(other)];
      const texts = (list: { subject: string }[]) => list.map(({ subject }) => subject);
      assert.deepEqual(texts(theirs.notifications), texts(mine.notifications));
      const amounts = (list: { changeset: string }[]) => list.map(({ changeset }) => changeset);
      assert.deepEqual(amounts(theirs.wallet_ledgers), amounts(mine.wallet_ledgers));
      assert.deepEqual(
        theirs.objects.map(({ key, version }: { key: string; version: string }) => [key, version]),
        mine.objects.map(({ key, version }: { key: string; version: string }) => [key, version]),
      );
      assert.deepEqual(
        [await friends.between(other, stranger), await friends.between(other, bob)],
        [
          [null, null],
          [0, 0],
        ],
      );
      assert.deepEqual(await friends.edgeCounts(other, stranger, bob), [2, 0, 2]);
    });

    it('keeps for which sessions a notification is', async () => {
      const vars = { game: 'chess' };
      const news = { subject: 'x', content: {}, code: 1, persistent: true };
      await notifications.send(alice.id, { ...news, to: { vars } });
      await notifications.send(alice.id, news);
      const other = await scene.user();
      await scene.nk('accountImportId', await exported(alice), other.id);
      const list = JSON.parse(await exported(other)).notifications as { nk_vars?: object }[];
      assert.deepEqual(
        list.map(({ nk_vars }) => nk_vars),
        [vars, undefined],
      );
    });

    it('of an empty export empties', async () => {
      await furnish(alice);
      await scene.nk('accountImportId', JSON.stringify({ account: { user: {} } }), alice.id);
      const { account, friends: list, ...rest } = JSON.parse(await exported(alice));
      assert.deepEqual([account.wallet, account.user.metadata, account.user.lang_tag], ['{}', '{}', 'en']);
      assert.deepEqual([list, rest], [undefined, {}]);
    });

    it('passes over friends who are no more, and those who block', async () => {
      await friends.befriend(alice, bob, carol);
      const text = await exported(alice);
      await scene.accounts.delete(bob.id);
      await friends.block(carol, alice);
      await scene.nk('accountImportId', text, alice.id);
      assert.deepEqual(await friends.between(alice, carol), [null, 3]);
      assert.deepEqual(await friends.edgeCounts(alice, carol), [0, 1]);
    });

    it('keeps numbers that are too long for a number', async () => {
      const big = '{"gold": 9223372036854775807}';
      await db.updateTable('users').set({ wallet: big, metadata: big }).where('id', '=', alice.id).execute();
      const other = await scene.user();
      await scene.nk('accountImportId', await exported(alice), other.id);
      const { wallet, metadata } = await scene.accounts.get(other.id);
      assert.deepEqual([wallet, metadata], [big, big]);
    });

    it('is all or nothing, and says what is wrong', async () => {
      await furnish(alice);
      const before = await essence(alice);
      const good = JSON.parse(await exported(alice));
      const cases: [unknown, RegExp][] = [
        ['nonsense', /text of a JSON object/],
        [[], /text of a JSON object/],
        [{}, /account must be an object/],
        [{ account: {} }, /account\.user is required/],
        [{ account: { user: {}, wallet: '{"gold":-1}' } }, /account\.wallet/],
        [{ account: { user: { metadata: '[]' } } }, /account\.user\.metadata/],
        [{ account: { user: { lang_tag: 'x'.repeat(19) } } }, /langTag/],
        [{ account: { user: { display_name: 7 } } }, /^nk\.accountImportId: account: /],
        [{ ...good, objects: {} }, /objects must be a list/],
        [{ ...good, objects: [{ collection: 'c' }] }, /a key is required/],
        [{ ...good, objects: [{ collection: 'c', key: 'k', value: '{"a":"\\u0000"}' }] }, /cannot be stored/],
        [{ ...good, friends: [{ user: { id: alice.id } }] }, /friends\[0\]\.user\.id/],
        [{ ...good, notifications: [{ content: 'x' }] }, /notifications\[0\]\.content/],
        [{ ...good, notifications: [{ nk_vars: { game: 1 } }] }, /notifications\[0\]\.nk_vars/],
        [{ ...good, wallet_ledgers: [{ changeset: '{}' }] }, /wallet_ledgers\[0\]\.create_time/],
      ];
      for (const [data, message] of cases) {
        const text = typeof data === 'string' ? data : JSON.stringify(data);
        const attempt = scene.nk('accountImportId', text, alice.id);
        await assert.rejects(
          attempt,
          (error) => error instanceof ArgumentError && message.test(error.message),
          text.slice(0, 80),
        );
      }
      assert.deepEqual(await essence(alice), before);
    });

    it('does not make an account whose id, name or way in is taken, nor change one that there is not', async () => {
      const good = JSON.parse(await exported(alice));
      await assert.rejects(scene.nk('accountImportId', JSON.stringify(good)), /the id of the account is taken/);
      good.account.user.id = randomUUID();
      await assert.rejects(scene.nk('accountImportId', JSON.stringify(good)), /the username of the account is taken/);
      good.account.user.username = randomUUID();
      await assert.rejects(scene.nk('accountImportId', JSON.stringify(good)), { code: Status.ALREADY_EXISTS });
      await assert.rejects(scene.nk('accountImportId', JSON.stringify(good), randomUUID()), { code: Status.NOT_FOUND });
    });
  });
});
