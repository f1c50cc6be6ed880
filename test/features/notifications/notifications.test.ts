import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { Db } from '../../../src/database/database.ts';
import { createNotificationsFeature, type Notifications } from '../../../src/features/notifications/index.ts';
import { notificationUserData } from '../../../src/features/notifications/user-data.ts';
import { ArgumentError } from '../../../src/runtime/argument-check.ts';
import { forEachDatabase } from '../../support/databases.ts';
import type { FakeUser } from '../../support/fake-session.ts';
import { moduleCaller, RealtimeScene, storedUser } from '../../support/realtime-scene.ts';
import { countStatements } from '../../support/statements.ts';

const NIL = '00000000-0000-0000-0000-000000000000';
const UNKNOWN = '6b0f1d5e-1111-4222-8333-9a1b2c3d4e5f';

forEachDatabase((_name, open) => {
  let db: Db;
  let scene: RealtimeScene;
  let notifications: Notifications;
  let stop: () => Promise<void>;
  let nk: ReturnType<typeof moduleCaller>;

  before(async () => {
    ({ db } = await open());
    scene = new RealtimeScene();
    const created = createNotificationsFeature({ ...scene, db });
    notifications = created.notifications;
    stop = async () => created.feature.stop?.();
    nk = moduleCaller(created.feature.functions);
  });

  const user = (name = 'user') => storedUser(db, name);
  const gift = (to: FakeUser, amount: number, persistent = true, from?: FakeUser) =>
    nk('notificationSend', to.id, 'A gift', { amount }, 101, from?.id, persistent);
  const amountsOf = (list: readonly { content: unknown }[]) =>
    list.map(
      ({ content }) => ((typeof content === 'string' ? JSON.parse(content) : content) as { amount: number }).amount,
    );

  describe('nk.notificationSend', () => {
    it('pushes to every connection of the receiver and to nobody else', async () => {
      const [alice, bob] = [await user(), await user()];
      const [phone, tablet, other] = [scene.connect(alice), scene.connect(alice), scene.connect(bob)];
      await gift(alice, 3, false, bob);
      const [push] = phone.takenOf('notifications');
      const [{ id, create_time, ...rest }] = push.notifications;
      assert.match(id, /^[0-9a-f-]{36}$/);
      assert.match(create_time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      assert.deepEqual(rest, { subject: 'A gift', content: '{"amount":3}', code: 101, sender_id: bob.id });
      assert.deepEqual(tablet.takenOf('notifications'), [push]);
      assert.deepEqual(other.taken(), []);
    });

    it('keeps a persistent one, under the id that was pushed, before it answers', async () => {
      const alice = await user();
      const phone = scene.connect(alice);
      await gift(alice, 1);
      const [push] = phone.takenOf('notifications');
      assert.equal(push.notifications[0].persistent, true);
      assert.equal(push.notifications[0].sender_id, NIL);
      const { notifications: kept } = await notifications.list(alice.id, 10, '');
      assert.deepEqual(
        kept.map(({ id, senderId }) => ({ id, senderId })),
        [{ id: push.notifications[0].id, senderId: NIL }],
      );
    });

    it('forgets one that is not persistent, and loses it when nobody is there', async () => {
      const alice = await user();
      await gift(alice, 1, false);
      await nk('notificationSend', UNKNOWN, 'A gift', {}, 101);
      assert.deepEqual((await notifications.list(alice.id, 10, '')).notifications, []);
    });

    it('refuses what is no notification', async () => {
      const { id } = await user();
      const bad: unknown[][] = [
        ['alice', 'Hello', {}, 5],
        [id, '', {}, 5],
        [id, 'Hello', undefined, 5],
        [id, 'Hello', null, 5],
        [id, 'Hello', 'text', 5],
        [id, 'Hello', [1], 5],
        [id, 'Hello', {}, 0],
        [id, 'Hello', {}, -3],
        [id, 'Hello', {}, 1.5],
        [id, 'Hello', {}, 5, 'bob'],
        [id, 'Hello', {}, 5, ''],
        [id, 'Hello', {}, 40_000, null, true],
        [id, 'Hello', {}, 5, null, false, {}],
        [id, 'Hello', {}, 5, null, false, { vars: { a: 1 } }],
        [id, 'Hello', {}, 5, null, false, { vars: {}, sessionIds: [] }],
      ];
      for (const args of bad)
        await assert.rejects(nk('notificationSend', ...args), ArgumentError, JSON.stringify(args));
      await nk('notificationSend', id, 'Hello', {}, 5, null);
    });

    it('fails for a persistent one to an unknown user', async () => {
      await assert.rejects(nk('notificationSend', UNKNOWN, 'Hello', {}, 5, null, true));
    });

    it('keeps all content that JSON has', async () => {
      const alice = await user();
      const content = { nested: [{ a: null }, [false, 0, -1.5e-3]], '': 'empty key', emoji: '🎲 "quotes" \\ ü \u2028' };
      await nk('notificationSend', alice.id, 'All', content, 1, null, true);
      const { notifications: listed } = await nk('notificationsList', alice.id);
      assert.deepEqual(listed[0].content, content);
    });
  });

  describe('nk.notificationsSend', () => {
    it('keeps the order of those to one receiver', async () => {
      const alice = await user();
      const amounts = Array.from({ length: 40 }, (_, i) => i);
      const gifts = amounts.map((amount) => ({
        userId: alice.id,
        subject: 'A gift',
        content: { amount },
        code: 101,
        persistent: true,
      }));
      await nk('notificationsSend', gifts);
      assert.deepEqual(amountsOf((await notifications.list(alice.id, 100, '')).notifications), amounts);
    });

    it('makes one push of what one user gets, in the order given', async () => {
      const [alice, bob] = [await user(), await user()];
      const [a, b] = [scene.connect(alice), scene.connect(bob)];
      const one = (to: FakeUser, amount: number) => ({ userId: to.id, subject: 'S', content: { amount }, code: 1 });
      await nk('notificationsSend', [
        { ...one(alice, 1), persistent: true },
        one(bob, 2),
        { ...one(alice, 3), senderId: null },
      ]);
      assert.deepEqual(
        a.takenOf('notifications').map((push) => amountsOf(push.notifications)),
        [[1, 3]],
      );
      assert.deepEqual(
        b.takenOf('notifications').map((push) => amountsOf(push.notifications)),
        [[2]],
      );
      assert.deepEqual(amountsOf((await notifications.list(alice.id, 10, '')).notifications), [1]);
    });

    it('sends and stores none when one is bad or cannot be stored', async () => {
      const alice = await user();
      const a = scene.connect(alice);
      const good = { userId: alice.id, subject: 'S', content: {}, code: 1, persistent: true };
      for (const bad of [
        { code: 0 },
        { subject: undefined },
        { userId: undefined },
        { content: 'x' },
        { persistent: 1 },
      ]) {
        await assert.rejects(nk('notificationsSend', [good, { ...good, ...bad }]), ArgumentError);
      }
      await assert.rejects(nk('notificationsSend', [good, { ...good, userId: UNKNOWN }]));
      await assert.rejects(nk('notificationsSend', 'none'), ArgumentError);
      await nk('notificationsSend', []);
      assert.deepEqual(a.taken(), []);
      assert.deepEqual((await notifications.list(alice.id, 10, '')).notifications, []);
    });
  });

  describe('nk.notificationSendAll', () => {
    it('pushes a transient one, with one id, to every connection', async () => {
      const [a, b] = [scene.connect(await user()), scene.connect(await user())];
      await nk('notificationSendAll', 'News', { text: 'a comet' }, 900);
      const [toA] = a.takenOf('notifications');
      assert.equal(toA.notifications[0].subject, 'News');
      assert.deepEqual(b.takenOf('notifications'), [toA]);
    });

    it('gives every account a copy of a persistent one, in the background and at the latest before stop', async () => {
      const [alice, bob] = [await user(), await user()];
      const a = scene.connect(alice);
      await nk('notificationSendAll', 'Peace', {}, 900, true);
      await stop();
      const [push] = a.takenOf('notifications');
      const copies = await db
        .selectFrom('notification')
        .select(['id', 'user_id'])
        .where('subject', '=', 'Peace')
        .execute();
      const idFor = (who: string) => copies.find(({ user_id }) => user_id === who)?.id;
      assert.equal(idFor(alice.id), push.notifications[0].id);
      assert.ok(idFor(bob.id));
      assert.equal(idFor(NIL), undefined);
      assert.equal(new Set(copies.map(({ id }) => id)).size, copies.length);
      const { count } = await db
        .selectFrom('users')
        .select((eb) => eb.fn.countAll().as('count'))
        .executeTakeFirstOrThrow();
      assert.equal(copies.length, Number(count) - 1);
    });
  });

  it('to all that cannot be stored leaves a log line, and the next ones go on', async () => {
    const a = scene.connect(await user());
    await nk('notificationSendAll', 'Bad', { nul: '\u0000' }, 900, true);
    await nk('notificationSendAll', 'Good', {}, 900, true);
    await stop();
    assert.deepEqual(scene.errors, ['a notification did not reach all accounts']);
    assert.deepEqual(
      a.takenOf('notifications').map(({ notifications: [{ subject }] }) => subject),
      ['Good'],
    );
  });

  describe('the list', () => {
    it('has sends in their order, and pages by a cursor that outlives what it points at', async () => {
      const alice = await user();
      for (let n = 1; n <= 5; n++) await gift(alice, n);
      const one = await notifications.list(alice.id, 2, '');
      assert.deepEqual([amountsOf(one.notifications), one.hasMore], [[1, 2], true]);
      await notifications.delete([one.notifications[1]!.id]);
      const two = await notifications.list(alice.id, 10, one.cursor);
      assert.deepEqual([amountsOf(two.notifications), two.hasMore], [[3, 4, 5], false]);
      const end = await notifications.list(alice.id, 10, two.cursor);
      assert.deepEqual([end.notifications, end.cursor], [[], two.cursor]);
      await gift(alice, 6);
      assert.deepEqual(amountsOf((await notifications.list(alice.id, 1, end.cursor)).notifications), [6]);
      assert.deepEqual(amountsOf((await notifications.list(alice.id, 2, one.cursor)).notifications), [3, 4]);
    });

    it('gives a cursor of an empty list, good for what comes later', async () => {
      const alice = await user();
      const { cursor } = await notifications.list(alice.id, 1, '');
      await gift(alice, 1);
      assert.deepEqual(amountsOf((await notifications.list(alice.id, 1, cursor)).notifications), [1]);
    });

    it('refuses a cursor that is none', async () => {
      await assert.rejects(notifications.list((await user()).id, 1, 'nonsense'), { code: 3 });
    });

    it('for modules has a cursor only when there is more', async () => {
      const alice = await user();
      for (let n = 1; n <= 3; n++) await gift(alice, n);
      const one = await nk('notificationsList', alice.id, 2);
      assert.deepEqual(amountsOf(one.notifications), [1, 2]);
      const two = await nk('notificationsList', alice.id, 2, one.cursor);
      assert.deepEqual([amountsOf(two.notifications), two.cursor], [[3], null]);
      const [{ id: _id, createTime, ...rest }] = two.notifications;
      assert.deepEqual(rest, { subject: 'A gift', content: { amount: 3 }, code: 101, senderId: '', persistent: true });
      assert.ok(Number.isInteger(createTime) && Math.abs(createTime - Date.now() / 1000) < 60);
      for (const args of [[alice.id, 0], [alice.id, 1001], ['alice']]) {
        await assert.rejects(nk('notificationsList', ...args), ArgumentError);
      }
      await assert.rejects(nk('notificationsList', alice.id, 5, 'nonsense'));
    });
  });

  describe('by id', () => {
    it('finds, changes and deletes them, within one receiver when asked to', async () => {
      const [alice, bob] = [await user(), await user()];
      for (let n = 1; n <= 3; n++) await gift(alice, n, true, bob);
      const ids: string[] = (await nk('notificationsList', alice.id)).notifications.map(({ id }: { id: string }) => id);
      const [found] = await nk('notificationsGetId', [ids[0]]);
      assert.deepEqual([found.userId, found.sender, found.senderId], [alice.id, bob.id, bob.id]);
      assert.deepEqual(await nk('notificationsGetId', [ids[0]], bob.id), []);
      assert.deepEqual(await nk('notificationsGetId', []), []);

      await nk('notificationsUpdate', [
        { id: ids[0], subject: 'Small' },
        { id: ids[1], content: { amount: 20 }, sender: alice.id },
        { id: UNKNOWN, subject: 'nobody' },
      ]);
      const changed = (await nk('notificationsList', alice.id)).notifications;
      assert.deepEqual(
        changed.map((n: { subject: string }) => n.subject),
        ['Small', 'A gift', 'A gift'],
      );
      assert.deepEqual(amountsOf(changed), [1, 20, 3]);
      assert.equal(changed[1].senderId, alice.id);
      await nk('notificationsUpdate', [
        { id: ids[2], subject: 'First', content: { amount: 30 } },
        { id: ids[2], subject: 'Second', sender: alice.id },
        { id: ids[2], content: { amount: 3 } },
      ]);
      const [twice] = await nk('notificationsGetId', [ids[2]]);
      assert.deepEqual([twice.subject, twice.content, twice.senderId], ['Second', { amount: 3 }, alice.id]);
      for (const bad of [{}, { id: 'x' }, { id: ids[0], subject: '' }, { id: ids[0], content: 'x' }]) {
        await assert.rejects(nk('notificationsUpdate', [bad]), ArgumentError);
      }

      await nk('notificationsDelete', [{ userId: bob.id, notificationId: ids[0] }]);
      assert.equal((await nk('notificationsGetId', ids)).length, 3);
      await nk('notificationsDelete', [{ userId: alice.id, notificationId: ids[0] }]);
      await nk('notificationsDeleteId', [ids[1]], bob.id);
      assert.equal((await nk('notificationsGetId', ids)).length, 2);
      await nk('notificationsDeleteId', [ids[1], UNKNOWN]);
      assert.deepEqual(amountsOf((await nk('notificationsList', alice.id)).notifications), [3]);
      await assert.rejects(nk('notificationsDeleteId', ['first']), ArgumentError);
    });
  });

  it('are changed by one statement, however many', async () => {
    const counted = countStatements(db);
    const { feature } = createNotificationsFeature({ ...scene, db: counted.db });
    const alice = await user();
    for (let n = 1; n <= 3; n++) await gift(alice, n);
    const { notifications: kept } = await nk('notificationsList', alice.id);
    counted.taken();
    const updates = kept.map(({ id }: { id: string }, i: number) => ({ id, content: { amount: 10 * i } }));
    await moduleCaller(feature.functions)('notificationsUpdate', updates);
    assert.deepEqual(counted.taken(), ['update']);
    assert.deepEqual(amountsOf((await nk('notificationsList', alice.id)).notifications), [0, 10, 20]);
  });

  it('are all in an account’s export, as they are listed', async () => {
    const [alice, bob] = [await user(), await user()];
    for (let n = 1; n <= 2; n++) await gift(alice, n, true, bob);
    const { notifications: exported } = await notificationUserData.exportOf(db, alice.id);
    const listed = exported as { content: string; sender_id: string }[];
    assert.deepEqual(amountsOf(listed), [1, 2]);
    assert.equal(listed[0]?.sender_id, bob.id);
    assert.deepEqual(await notificationUserData.exportOf(db, bob.id), {});
  });

  describe('to chosen connections', () => {
    it('pushes only to those whose session variables hold all the pairs', async () => {
      const alice = await user();
      const editor = scene.connect(alice, { role: 'editor', shard: 'eu' });
      const viewer = scene.connect(alice, { role: 'viewer', shard: 'eu' });
      const plain = scene.connect(alice);
      const to = { vars: { role: 'editor', shard: 'eu' } };
      await nk('notificationSend', alice.id, 'S', { amount: 1 }, 1, null, false, to);
      assert.equal(editor.takenOf('notifications').length, 1);
      assert.deepEqual([...viewer.taken(), ...plain.taken()], []);
    });

    it('pushes only to the named sessions, and only where they are the receiver’s', async () => {
      const [alice, bob] = [await user(), await user()];
      const [phone, desk, stranger] = [scene.connect(alice), scene.connect(alice), scene.connect(bob)];
      const to = { sessionIds: [desk.id, stranger.id, UNKNOWN] };
      await nk('notificationSend', alice.id, 'S', { amount: 1 }, 1, null, true, to);
      assert.equal(desk.takenOf('notifications').length, 1);
      assert.deepEqual([...phone.taken(), ...stranger.taken()], []);
      const { notifications: kept } = await notifications.list(alice.id, 10, '', {});
      assert.equal(kept.length, 1, 'it is kept for the user as any other');
    });

    it('lists a persistent one only to sessions that match, and to modules always', async () => {
      const alice = await user();
      await nk('notificationSend', alice.id, 'S', { amount: 1 }, 1, null, true, { vars: { role: 'editor' } });
      await gift(alice, 2);
      const seenWith = async (vars: Record<string, string>) =>
        amountsOf((await notifications.list(alice.id, 10, '', vars)).notifications);
      assert.deepEqual(await seenWith({ role: 'editor', shard: 'eu' }), [1, 2]);
      assert.deepEqual(await seenWith({ role: 'viewer' }), [2]);
      assert.deepEqual(await seenWith({}), [2]);
      assert.deepEqual(amountsOf((await nk('notificationsList', alice.id)).notifications), [1, 2]);
    });

    it('lets each of several have its own choice, still in one push a connection', async () => {
      const alice = await user();
      const [editor, viewer] = [scene.connect(alice, { role: 'editor' }), scene.connect(alice, { role: 'viewer' })];
      const one = (amount: number) => ({ userId: alice.id, subject: 'S', content: { amount }, code: 1 });
      const all = { vars: {} };
      await nk('notificationsSend', [one(1), { ...one(2), to: all }], { vars: { role: 'editor' } });
      const pushes = (of: typeof editor) => of.takenOf('notifications').map((push) => amountsOf(push.notifications));
      assert.deepEqual(pushes(editor), [[1, 2]]);
      assert.deepEqual(pushes(viewer), [[2]]);
    });

    it('narrows a notification to all', async () => {
      const [editor, viewer] = [scene.connect(await user(), { role: 'editor' }), scene.connect(await user())];
      await nk('notificationSendAll', 'S', { amount: 1 }, 1, false, { vars: { role: 'editor' } });
      assert.equal(editor.takenOf('notifications').length, 1);
      assert.deepEqual(viewer.taken(), []);
      await nk('notificationSendAll', 'S', { amount: 2 }, 1, true, { vars: { role: 'editor' } });
      await stop();
      assert.equal(editor.takenOf('notifications').length, 1);
      assert.deepEqual(viewer.taken(), []);
      assert.deepEqual((await notifications.list(editor.userId, 1, '', { role: 'viewer' })).notifications, []);
    });
  });
});
