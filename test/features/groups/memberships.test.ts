import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, beforeEach, describe, it } from 'node:test';
import { ban, demote, kick, promote } from '../../../src/features/groups/acts.ts';
import { Status } from '../../../src/protocol/status.ts';
import { forEachDatabase } from '../../support/databases.ts';
import type { FakeSession, FakeUser } from '../../support/fake-session.ts';
import { GroupScene } from './group-scene.ts';

const [SUPERADMIN, ADMIN, MEMBER, WAITING, BANNED] = [0, 1, 2, 3, 4];
const [JOINED, ADDED, LEFT, KICKED, PROMOTED, WAS_BANNED, DEMOTED] = [3, 4, 5, 6, 7, 8, 9];

forEachDatabase((_name, open) => {
  let scene: GroupScene;
  let alice: FakeUser;
  let bob: FakeUser;
  let carol: FakeUser;
  let dave: FakeUser;

  before(async () => {
    scene = new GroupScene((await open()).db);
  });

  beforeEach(async () => {
    [alice, bob, carol, dave] = await Promise.all([
      scene.user('alice'),
      scene.user('bob'),
      scene.user('carol'),
      scene.user('dave'),
    ]);
  });

  const refused = (work: Promise<unknown>, code: number) => assert.rejects(work, { name: 'StatusError', code });
  const full = (work: Promise<unknown>) => refused(work, Status.INVALID_ARGUMENT);
  const by = (user: FakeUser) => ({ userId: user.id });
  const ids = (...users: FakeUser[]) => users.map(({ id }) => id);
  const closed = () => scene.group(alice, { open: false });
  /** What has come to a connection: codes of messages, and who came (+) and left (-). */
  const heard = async (session: FakeSession) => {
    await scene.realtime.told();
    return session.taken().flatMap((message): (number | string)[] => {
      const { channel_message: said, channel_presence_event: event } = message as Record<string, never>;
      if (said) return [(said as { code: number }).code];
      const { joins = [], leaves = [] } = (event ?? {}) as Record<string, { username: string }[]>;
      return [...joins.map((p) => `+${p.username}`), ...leaves.map((p) => `-${p.username}`)];
    });
  };

  describe('joining', () => {
    it('an open group makes a member, who is told of in its channel', async () => {
      const groupId = await scene.group(alice);
      const session = scene.realtime.connect(alice);
      await scene.joinChannel(session, groupId);
      session.taken();
      await scene.join(groupId, bob);
      assert.deepEqual(await scene.states(groupId, bob), [MEMBER]);
      assert.equal(await scene.edgeCount(groupId), 2);
      assert.deepEqual(await heard(session), [JOINED]);
      assert.deepEqual(await scene.history(groupId), [[JOINED, bob.username]]);
      assert.deepEqual(await scene.notificationsOf(alice), []);
    });

    it('a closed group is asking, of which its admins are told, once', async () => {
      const groupId = await closed();
      await scene.memberships.add(groupId, ids(carol, dave), 'server');
      await scene.memberships.apply(promote, groupId, ids(carol), 'server');
      await scene.join(groupId, bob, bob);
      assert.deepEqual(await scene.states(groupId, bob), [WAITING]);
      assert.equal(await scene.edgeCount(groupId), 3);
      const told = {
        code: -5,
        subject: `User ${bob.username} wants to join your group`,
        content: { group_id: groupId, username: bob.username },
        senderId: bob.id,
      };
      assert.deepEqual(await scene.notificationsOf(alice), [told]);
      assert.deepEqual((await scene.notificationsOf(carol)).slice(1), [told]);
      assert.equal((await scene.notificationsOf(dave)).length, 1);
    });

    it('changes nothing for who is something in it already, full or not', async () => {
      const groupId = await scene.group(alice, { maxCount: 2 });
      await scene.join(groupId, bob, bob, alice);
      assert.deepEqual(await scene.states(groupId, alice, bob), [SUPERADMIN, MEMBER]);
      await scene.memberships.apply(ban, groupId, ids(bob), by(alice));
      await scene.join(groupId, bob);
      assert.deepEqual(await scene.states(groupId, bob), [BANNED]);
      assert.deepEqual(await scene.history(groupId), [
        [JOINED, bob.username],
        [WAS_BANNED, bob.username],
      ]);
    });

    it('is refused by a full group, and asking too', async () => {
      const groupId = await scene.group(alice, { maxCount: 1 });
      await full(scene.join(groupId, bob));
      await scene.groups.update(groupId, { open: false }, 'server');
      await full(scene.join(groupId, bob));
      assert.deepEqual(await scene.states(groupId, bob), [undefined]);
    });

    it('needs a group and a user that there are', async () => {
      await refused(scene.join(randomUUID(), bob), Status.NOT_FOUND);
      const groupId = await scene.group(alice);
      await refused(scene.memberships.join(groupId, randomUUID(), 'nobody'), Status.NOT_FOUND);
      await refused(
        scene.memberships.join(groupId, '00000000-0000-0000-0000-000000000000', 'system'),
        Status.NOT_FOUND,
      );
    });
  });

  describe('leaving', () => {
    it('takes the user out of the channel after the others, and they, are told', async () => {
      const groupId = await scene.group(alice);
      await scene.join(groupId, bob);
      const [hers, his] = [scene.realtime.connect(alice), scene.realtime.connect(bob)];
      await scene.joinChannel(hers, groupId);
      await scene.joinChannel(his, groupId);
      hers.taken();
      his.taken();
      await scene.leave(groupId, bob);
      assert.deepEqual(await heard(hers), [LEFT, `-${bob.username}`]);
      assert.deepEqual(await heard(his), [LEFT]);
      assert.deepEqual(await scene.states(groupId, bob), [undefined]);
      assert.equal(await scene.edgeCount(groupId), 1);
      assert.equal(await scene.edgeRows(groupId), 2);
    });

    it('withdraws a request without a word; a ban stays', async () => {
      const groupId = await closed();
      await scene.join(groupId, bob);
      await scene.leave(groupId, bob);
      assert.deepEqual(await scene.states(groupId, bob), [undefined]);
      await scene.memberships.add(groupId, ids(bob), 'server');
      await scene.memberships.apply(ban, groupId, ids(bob), 'server');
      await scene.leave(groupId, bob);
      assert.deepEqual(await scene.states(groupId, bob), [BANNED]);
      assert.equal(await scene.edgeCount(groupId), 1);
      assert.deepEqual(
        (await scene.history(groupId)).map(([code]) => code),
        [ADDED, WAS_BANNED],
      );
    });

    it('is nothing for an outsider, or in an unknown group', async () => {
      const groupId = await scene.group(alice);
      await scene.leave(groupId, bob);
      await scene.leave(randomUUID(), bob);
      assert.equal(await scene.edgeCount(groupId), 1);
    });

    it('is refused to the only superadmin while others are members', async () => {
      const groupId = await scene.group(alice);
      await scene.join(groupId, bob);
      await scene.memberships.apply(promote, groupId, ids(bob), by(alice));
      await refused(scene.leave(groupId, alice), Status.INVALID_ARGUMENT);
      await scene.memberships.apply(promote, groupId, ids(bob), by(alice));
      await scene.leave(groupId, alice);
      assert.deepEqual(await scene.states(groupId, alice, bob), [undefined, SUPERADMIN]);
    });

    it('ends the group with its last member, whoever waits or is banned', async () => {
      const groupId = await closed();
      await scene.memberships.add(groupId, ids(bob), 'server');
      await scene.memberships.apply(ban, groupId, ids(bob), 'server');
      await scene.join(groupId, carol);
      await scene.leave(groupId, alice);
      assert.equal(await scene.edgeCount(groupId), undefined);
      assert.equal(await scene.edgeRows(groupId), 0);
    });
  });

  describe('adding', () => {
    it('lets in who asked and who did not, and tells them', async () => {
      const groupId = await closed();
      await scene.join(groupId, bob);
      await scene.memberships.add(groupId, ids(bob, carol, alice), by(alice));
      assert.deepEqual(await scene.states(groupId, alice, bob, carol), [SUPERADMIN, MEMBER, MEMBER]);
      assert.equal(await scene.edgeCount(groupId), 3);
      const [group] = await scene.groups.byIds([groupId]);
      for (const user of [bob, carol]) {
        assert.deepEqual(await scene.notificationsOf(user), [
          {
            code: -4,
            subject: `You've been added to group ${group?.name}`,
            content: { group_id: groupId, name: group?.name },
            senderId: alice.id,
          },
        ]);
      }
      assert.deepEqual(await scene.history(groupId), [
        [ADDED, bob.username],
        [ADDED, carol.username],
      ]);
      await scene.memberships.add(groupId, ids(bob, carol), by(alice));
      assert.equal((await scene.notificationsOf(bob)).length, 1);
      assert.equal((await scene.history(groupId)).length, 2);
    });

    it('leaves the banned banned', async () => {
      const groupId = await scene.group(alice);
      await scene.join(groupId, bob);
      await scene.memberships.apply(ban, groupId, ids(bob), by(alice));
      await scene.memberships.add(groupId, ids(bob), by(alice));
      assert.deepEqual(await scene.states(groupId, bob), [BANNED]);
    });

    it('adds all or none: not when one is unknown, nor when places are too few', async () => {
      const groupId = await scene.group(alice, { maxCount: 2 });
      await refused(scene.memberships.add(groupId, [bob.id, randomUUID()], by(alice)), Status.INVALID_ARGUMENT);
      await full(scene.memberships.add(groupId, ids(bob, carol), by(alice)));
      assert.deepEqual(await scene.states(groupId, bob, carol), [undefined, undefined]);
      await scene.memberships.add(groupId, ids(bob, bob), by(alice));
      assert.equal(await scene.edgeCount(groupId), 2);
    });

    it('lets nobody in who waits for a full group', async () => {
      const groupId = await scene.group(alice, { open: false, maxCount: 2 });
      await scene.join(groupId, bob);
      await scene.memberships.add(groupId, ids(carol), by(alice));
      await full(scene.memberships.add(groupId, ids(bob), by(alice)));
      assert.deepEqual(await scene.states(groupId, bob), [WAITING]);
    });
  });

  describe('ranks', () => {
    /** Alice leads, bob is an admin, carol and dave are members. */
    const staffed = async () => {
      const groupId = await scene.group(alice);
      await scene.join(groupId, bob, carol, dave);
      await scene.memberships.apply(promote, groupId, ids(bob), by(alice));
      return groupId;
    };

    it('members, outsiders and people of unknown groups may do nothing', async () => {
      const groupId = await staffed();
      const stranger = await scene.user();
      for (const act of [kick, ban, promote, demote]) {
        await refused(scene.memberships.apply(act, groupId, ids(dave), by(carol)), Status.NOT_FOUND);
        await refused(scene.memberships.apply(act, groupId, ids(dave), by(stranger)), Status.NOT_FOUND);
        await refused(scene.memberships.apply(act, randomUUID(), ids(dave), by(alice)), Status.NOT_FOUND);
      }
      await refused(scene.memberships.add(groupId, ids(stranger), by(carol)), Status.NOT_FOUND);
      assert.deepEqual(await scene.states(groupId, dave), [MEMBER]);
    });

    it('superadmins go one step a call up to themselves, and back', async () => {
      const groupId = await staffed();
      await scene.memberships.apply(promote, groupId, ids(bob, carol, alice), by(alice));
      assert.deepEqual(await scene.states(groupId, alice, bob, carol), [SUPERADMIN, SUPERADMIN, ADMIN]);
      await scene.memberships.apply(demote, groupId, ids(bob, carol, dave, alice), by(alice));
      assert.deepEqual(await scene.states(groupId, alice, bob, carol, dave), [SUPERADMIN, ADMIN, MEMBER, MEMBER]);
      assert.equal(await scene.edgeCount(groupId), 4);
      const told = (await scene.history(groupId)).filter(([code]) => code >= PROMOTED);
      assert.deepEqual(told, [
        [PROMOTED, bob.username],
        [PROMOTED, bob.username],
        [PROMOTED, carol.username],
        [DEMOTED, bob.username],
        [DEMOTED, carol.username],
      ]);
    });

    it('admins make admins and unmake them, but touch no superadmin', async () => {
      const groupId = await staffed();
      await scene.memberships.apply(promote, groupId, ids(carol, alice), by(bob));
      await scene.memberships.apply(promote, groupId, ids(carol), by(bob));
      assert.deepEqual(await scene.states(groupId, alice, carol), [SUPERADMIN, ADMIN]);
      await scene.memberships.apply(kick, groupId, ids(carol, alice), by(bob));
      assert.deepEqual(await scene.states(groupId, alice, carol), [SUPERADMIN, ADMIN]);
      await scene.memberships.apply(demote, groupId, ids(carol, alice), by(bob));
      assert.deepEqual(await scene.states(groupId, alice, carol), [SUPERADMIN, MEMBER]);
      await scene.memberships.apply(kick, groupId, ids(carol, dave), by(bob));
      assert.deepEqual(await scene.states(groupId, carol, dave), [undefined, undefined]);
      assert.equal(await scene.edgeCount(groupId), 2);
    });

    it('who waits or is banned is neither promoted nor demoted', async () => {
      const groupId = await staffed();
      await scene.memberships.apply(ban, groupId, ids(carol), by(alice));
      await scene.groups.update(groupId, { open: false }, 'server');
      const waiting = await scene.user();
      await scene.join(groupId, waiting);
      for (const act of [promote, demote]) await scene.memberships.apply(act, groupId, ids(carol, waiting), 'server');
      assert.deepEqual(await scene.states(groupId, carol, waiting), [BANNED, WAITING]);
    });

    it('the server leaves one superadmin', async () => {
      const groupId = await staffed();
      await scene.memberships.apply(promote, groupId, ids(bob), 'server');
      for (const act of [demote, ban, kick]) {
        await scene.memberships.apply(act, groupId, ids(alice, bob), 'server');
        const superadmins = (await scene.states(groupId, alice, bob)).filter((state) => state === SUPERADMIN);
        assert.equal(superadmins.length, 1);
      }
      assert.equal(await scene.edgeCount(groupId), 3);
    });
  });

  describe('kicking and banning', () => {
    it('several at once, each out of the channel after being told', async () => {
      for (const [act, code, state] of [
        [kick, KICKED, undefined],
        [ban, WAS_BANNED, BANNED],
      ] as const) {
        const groupId = await scene.group(alice);
        await scene.join(groupId, bob, carol);
        const [hers, his] = [scene.realtime.connect(alice), scene.realtime.connect(bob)];
        await scene.joinChannel(hers, groupId);
        await scene.joinChannel(his, groupId);
        hers.taken();
        his.taken();
        await scene.memberships.apply(act, groupId, ids(bob, carol), by(alice));
        assert.deepEqual(await scene.states(groupId, bob, carol), [state, state]);
        assert.equal(await scene.edgeCount(groupId), 1);
        assert.deepEqual(await heard(hers), [code, code, `-${bob.username}`]);
        assert.deepEqual(await heard(his), [code, code]);
        assert.deepEqual(scene.realtime.tracker.streamsOf(his.id), []);
      }
    });

    it('turns down who waits, and lifts bans, without a word', async () => {
      const groupId = await closed();
      await scene.join(groupId, bob, carol);
      await scene.memberships.apply(ban, groupId, ids(bob), by(alice));
      assert.deepEqual(await scene.states(groupId, bob), [BANNED]);
      await scene.memberships.apply(kick, groupId, ids(bob, carol), by(alice));
      assert.deepEqual(await scene.states(groupId, bob, carol), [undefined, undefined]);
      assert.equal(await scene.edgeCount(groupId), 1);
      assert.deepEqual(await scene.history(groupId), []);
    });

    it('bans no outsiders, and passes over users that there are not', async () => {
      const groupId = await scene.group(alice);
      for (const act of [kick, ban, promote, demote]) {
        await scene.memberships.apply(act, groupId, [bob.id, randomUUID()], by(alice));
      }
      assert.deepEqual(await scene.states(groupId, bob), [undefined]);
      assert.equal(await scene.edgeRows(groupId), 2);
    });
  });
});
