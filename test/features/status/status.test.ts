import assert from 'node:assert/strict';
import { before, beforeEach, describe, it } from 'node:test';
import type { Db } from '../../../src/database/database.ts';
import { createStatusFeature, type StatusService } from '../../../src/features/status/index.ts';
import { ArgumentError } from '../../../src/runtime/argument-check.ts';
import { forEachDatabase } from '../../support/databases.ts';
import type { FakeSession, FakeUser } from '../../support/fake-session.ts';
import { moduleCaller, RealtimeScene, storedUser } from '../../support/realtime-scene.ts';

const MAX_FOLLOWS = 10;
const UNKNOWN = '6b0f1d5e-1111-4222-8333-9a1b2c3d4e5f';

forEachDatabase((_name, open) => {
  let db: Db;
  let scene: RealtimeScene;
  let statuses: StatusService;
  let nk: ReturnType<typeof moduleCaller>;
  let alice: FakeUser;
  let bob: FakeUser;

  before(async () => {
    ({ db } = await open());
    alice = await storedUser(db, 'alice');
    bob = await storedUser(db, 'bob');
  });

  beforeEach(() => {
    scene = new RealtimeScene();
    const created = createStatusFeature({ ...scene, db, maxFollows: MAX_FOLLOWS });
    statuses = created.statuses;
    nk = moduleCaller(created.feature.functions);
  });

  const connect = (user: FakeUser, appearOnline = true) => {
    const session = scene.connect(user);
    statuses.sessionOpened(session, appearOnline);
    return session;
  };
  const disconnect = (session: FakeSession) => {
    scene.disconnect(session);
    statuses.sessionClosed(session.id);
  };
  /** The events since the last call, as `+new -old`. */
  const heard = async (session: FakeSession) => {
    await scene.told();
    const statusesOf = (list: { status: string }[] = []) => list.map((p) => p.status).join();
    return session.takenOf('status_presence_event').map((e) => `+${statusesOf(e.joins)} -${statusesOf(e.leaves)}`);
  };
  const follow = async (session: FakeSession, ids: string[], names: string[] = []) =>
    (await statuses.follow(session, ids, names)).map((p) => `${p.username}:${p.status}`);

  describe('a status', () => {
    it('begins empty with a connection that appears online, and its events say so in full', async () => {
      const a = connect(alice);
      await scene.told();
      const presence = { user_id: alice.id, session_id: a.id, username: alice.username, status: '' };
      assert.deepEqual(a.taken(), [{ status_presence_event: { joins: [presence] } }]);
      assert.equal(statuses.isOnline(alice.id), true);
    });

    it('makes an invisible connection visible, and its removal invisible', async () => {
      const a = connect(alice, false);
      assert.deepEqual(await heard(a), []);
      assert.deepEqual([...statuses.online([alice.id, bob.id])], []);
      statuses.update(a, 'here');
      assert.deepEqual([...statuses.online([alice.id, bob.id])], [alice.id]);
      statuses.update(a, undefined);
      statuses.update(a, undefined);
      assert.deepEqual(await heard(a), ['+here -', '+ -here']);
      assert.equal(statuses.isOnline(alice.id), false);
    });

    it('changes in one event, also to the same text, and the user’s other connections are told', async () => {
      const [phone, desk] = [connect(alice), connect(alice, false)];
      await heard(phone);
      assert.deepEqual(await heard(desk), ['+ -']);
      statuses.update(phone, 'walking');
      statuses.update(phone, 'walking');
      assert.deepEqual(await heard(desk), ['+walking -', '+walking -walking']);
      disconnect(phone);
      assert.deepEqual(await heard(desk), ['+ -walking']);
      assert.deepEqual(phone.taken().length, 2, 'it was told until it ended');
    });

    it('has at most 2048 bytes; a longer one leaves the old', async () => {
      const a = connect(alice);
      statuses.update(a, 's'.repeat(2048));
      assert.throws(() => statuses.update(a, 'ü'.repeat(1025)), { code: 3 });
      assert.throws(() => statuses.update(a, 's'.repeat(2049)), { code: 3 });
      await heard(a);
      assert.equal((await follow(connect(bob), [alice.id]))[0]?.length, alice.username.length + 1 + 2048);
    });
  });

  describe('following', () => {
    it('answers the statuses of those just followed, each user once, and tells what comes', async () => {
      const a = connect(alice);
      const [phone, desk] = [connect(bob), connect(bob)];
      statuses.update(phone, 'walking');
      statuses.update(desk, 'working');
      const both = [`${bob.username}:walking`, `${bob.username}:working`];
      assert.deepEqual(
        await follow(a, [bob.id.toUpperCase(), bob.id, UNKNOWN], [bob.username, 'nobody', 'nul\0']),
        both,
      );
      await scene.told();
      a.taken();
      statuses.update(phone, 'running');
      assert.deepEqual(await heard(a), ['+running -walking']);
      disconnect(desk);
      assert.deepEqual(await heard(a), ['+ -working']);
      assert.deepEqual(await follow(a, [bob.id]), [`${bob.username}:running`]);
    });

    it('passes over oneself and nobody', async () => {
      const a = connect(alice);
      assert.deepEqual(await follow(a, [alice.id], [alice.username]), []);
      assert.deepEqual(await follow(a, []), []);
      await heard(a);
      statuses.update(a, 'one');
      assert.deepEqual(await heard(a), ['+one -']);
    });

    it('is refused whole for an id that is none or an empty name', async () => {
      const a = connect(alice, false);
      const b = connect(bob);
      await heard(a);
      await assert.rejects(follow(a, [bob.id, 'bob']), { code: 3 });
      await assert.rejects(follow(a, [bob.id], ['']), { code: 3 });
      statuses.update(b, 'unseen');
      assert.deepEqual(await heard(a), []);
    });

    it('belongs to the session: it ends with it, and others of the user have none', async () => {
      const [phone, desk] = [connect(alice, false), connect(alice, false)];
      const b = connect(bob, false);
      await follow(phone, [bob.id]);
      statuses.update(b, 'one');
      assert.deepEqual(await heard(phone), ['+one -']);
      assert.deepEqual(await heard(desk), []);
      disconnect(phone);
      assert.deepEqual(await follow(phone, [bob.id]), [], 'a connection that has ended follows nobody');
      statuses.update(b, 'two');
      assert.deepEqual(await heard(phone), []);
    });

    it('ends by unfollowing; that of nobody, or of oneself, does nothing', async () => {
      const a = connect(alice);
      const b = connect(bob, false);
      await follow(a, [], [bob.username]);
      statuses.unfollow(a, [bob.id, UNKNOWN, alice.id]);
      statuses.unfollow(a, []);
      await heard(a);
      statuses.update(b, 'unseen');
      statuses.update(a, 'seen');
      assert.deepEqual(await heard(a), ['+seen -']);
      assert.throws(() => statuses.unfollow(a, ['bob']), { code: 3 });
    });

    it('can be had by modules for a session, whether the users exist or not', async () => {
      const a = connect(alice, false);
      const b = connect(bob, false);
      await nk('statusFollow', a.id, [bob.id, UNKNOWN]);
      await nk('statusFollow', UNKNOWN, [bob.id]);
      statuses.update(b, 'fishing');
      assert.deepEqual(await heard(a), ['+fishing -']);
      await nk('statusUnfollow', a.id, [bob.id]);
      await nk('statusUnfollow', a.id, []);
      statuses.update(b, 'unseen');
      assert.deepEqual(await heard(a), []);
      for (const args of [
        ['session', []],
        [a.id, ['bob']],
        [a.id, bob.id],
      ]) {
        await assert.rejects(nk('statusFollow', ...args), ArgumentError);
        await assert.rejects(nk('statusUnfollow', ...args), ArgumentError);
      }
    });

    it('has a limit, for which who is followed already, or named twice, counts once', async () => {
      const a = connect(alice, false);
      const many = Array.from({ length: MAX_FOLLOWS }, (_, i) => `${i}`.padStart(36, '0'));
      statuses.followFor(a.id, [...many, ...many]);
      statuses.followFor(a.id, many);
      await assert.rejects(follow(a, [bob.id]), { code: 3, message: 'a session may follow 10 users at a time' });
      assert.throws(() => statuses.followFor(a.id, [bob.id]), /10 users/);
      statuses.unfollowFor(a.id, [many[0]!]);
      await follow(a, [bob.id]);
    });
  });

  it('lets modules find all connections of a user, hidden in the notification stream', () => {
    const a = connect(alice, false);
    const stream = { mode: 0, subject: alice.id, subcontext: '', label: '' };
    assert.deepEqual(
      scene.tracker.list(stream).map(({ sessionId, hidden }) => ({ sessionId, hidden })),
      [{ sessionId: a.id, hidden: true }],
    );
  });
});
