import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { Db } from '../../../src/database/database.ts';
import type { AccountsService } from '../../../src/features/accounts/index.ts';
import { demote, kick, promote } from '../../../src/features/groups/acts.ts';
import { StatusError } from '../../../src/protocol/status.ts';
import { forEachDatabase } from '../../support/databases.ts';
import type { FakeUser } from '../../support/fake-session.ts';
import { draft, GroupScene } from './group-scene.ts';

const [SUPERADMIN, MEMBER, WAITING] = [0, 2, 3];
const CROWD = 8;

forEachDatabase((_name, open) => {
  let db: Db;
  let scene: GroupScene;
  let alice: FakeUser;
  let accounts: AccountsService;

  before(async () => {
    ({ db } = await open());
    scene = new GroupScene(db);
    alice = await scene.user('alice');
    accounts = scene.accounts();
  });

  const ids = (...users: FakeUser[]) => users.map(({ id }) => id);
  /** Does all at once; how many of them were not refused. Whoever is refused is told so, not what the database said. */
  const successes = async (work: readonly Promise<unknown>[]) => {
    const outcomes = await Promise.allSettled(work);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') assert.ok(outcome.reason instanceof StatusError, String(outcome.reason));
    }
    return outcomes.filter(({ status }) => status === 'fulfilled').length;
  };
  const deleteAccount = (user: FakeUser) => accounts.delete(user.id);

  describe('decided once', () => {
    it('a name that many want', async () => {
      const { name } = draft();
      const users = await scene.users(CROWD);
      assert.equal(await successes(users.map((user) => scene.group(user, { name }))), 1);
    });

    it('the last place that many want', async () => {
      const groupId = await scene.group(alice, { maxCount: 2 });
      const users = await scene.users(CROWD);
      assert.equal(await successes(users.map((user) => scene.join(groupId, user))), 1);
      assert.equal((await scene.states(groupId, ...users)).filter((state) => state === MEMBER).length, 1);
      assert.equal(await scene.edgeCount(groupId), 2);
      assert.equal((await scene.history(groupId)).length, 1);
    });

    it('one user who joins many times at once', async () => {
      const groupId = await scene.group(alice);
      const bob = await scene.user('bob');
      assert.equal(await successes(Array.from({ length: CROWD }, () => scene.join(groupId, bob))), CROWD);
      assert.equal(await scene.edgeCount(groupId), 2);
      assert.equal((await scene.history(groupId)).length, 1);
    });

    it('a request that several admins accept', async () => {
      const groupId = await scene.group(alice, { open: false });
      const bob = await scene.user('bob');
      await scene.join(groupId, bob);
      const accept = () => scene.memberships.add(groupId, ids(bob), { userId: alice.id });
      assert.equal(await successes([accept(), accept(), accept()]), 3);
      assert.equal(await scene.edgeCount(groupId), 2);
      assert.equal((await scene.notificationsOf(bob)).length, 1);
      assert.equal((await scene.history(groupId)).length, 1);
    });

    it('a request for the last place, beside somebody who is added to it', async () => {
      const groupId = await scene.group(alice, { open: false, maxCount: 2 });
      const [bob, carol] = (await scene.users(2)) as [FakeUser, FakeUser];
      await scene.join(groupId, bob);
      const add = (user: FakeUser) => scene.memberships.add(groupId, ids(user), { userId: alice.id });
      assert.equal(await successes([add(bob), add(carol)]), 1);
      const states = await scene.states(groupId, bob, carol);
      assert.ok(states.filter((state) => state === MEMBER).length === 1 && [WAITING, MEMBER].includes(states[0]!));
      assert.equal(await scene.edgeCount(groupId), 2);
    });

    it('two superadmins who leave at once while a member stays', async () => {
      const [bob, carol] = (await scene.users(2)) as [FakeUser, FakeUser];
      const groupId = await scene.group(alice);
      await scene.join(groupId, bob, carol);
      for (let step = 0; step < 2; step++) await scene.memberships.apply(promote, groupId, ids(bob), 'server');
      assert.equal(await successes([scene.leave(groupId, alice), scene.leave(groupId, bob)]), 1);
      const superadmins = (await scene.states(groupId, alice, bob)).filter((state) => state === SUPERADMIN);
      assert.equal(superadmins.length, 1);
      assert.equal(await scene.edgeCount(groupId), 2);
    });

    it('two superadmins who demote each other', async () => {
      const bob = await scene.user('bob');
      const groupId = await scene.group(alice);
      await scene.join(groupId, bob);
      for (let step = 0; step < 2; step++) await scene.memberships.apply(promote, groupId, ids(bob), 'server');
      await successes([
        scene.memberships.apply(demote, groupId, ids(bob), { userId: alice.id }),
        scene.memberships.apply(demote, groupId, ids(alice), { userId: bob.id }),
      ]);
      assert.ok((await scene.states(groupId, alice, bob)).includes(SUPERADMIN));
    });

    it('a member who leaves while being kicked', async () => {
      const groupId = await scene.group(alice);
      const bob = await scene.user('bob');
      await scene.join(groupId, bob);
      const kicked = scene.memberships.apply(kick, groupId, ids(bob), { userId: alice.id });
      assert.equal(await successes([scene.leave(groupId, bob), kicked]), 2);
      assert.equal(await scene.edgeCount(groupId), 1);
      assert.equal((await scene.history(groupId)).length, 2);
    });

    it('a member who joins the channel while being kicked, and is not left in it', async () => {
      const groupId = await scene.group(alice);
      for (const bob of await scene.users(CROWD)) {
        await scene.join(groupId, bob);
        const session = scene.realtime.connect(bob);
        await Promise.allSettled([
          scene.memberships.apply(kick, groupId, ids(bob), 'server'),
          ...Array.from({ length: CROWD }, () => scene.joinChannel(session, groupId)),
        ]);
        assert.deepEqual(scene.realtime.tracker.streamsOf(session.id), []);
      }
    });

    it('a group that is deleted while others join', async () => {
      const groupId = await scene.group(alice);
      const users = await scene.users(CROWD);
      await successes([
        ...users.map((user) => scene.join(groupId, user)),
        scene.groups.delete(groupId, { userId: alice.id }),
      ]);
      assert.equal(await scene.edgeCount(groupId), undefined);
      assert.equal(await scene.edgeRows(groupId), 0);
    });

    it('accounts that are deleted while they ask to join and are added', async () => {
      const groups = await Promise.all([1, 2, 3].map(() => scene.group(alice, { open: false })));
      const users = await scene.users(CROWD);
      await successes(
        users.flatMap((user) => [
          scene.join(groups[0]!, user),
          deleteAccount(user),
          scene.join(groups[1]!, user),
          scene.memberships.add(groups[2]!, ids(user), 'server'),
        ]),
      );
      for (const groupId of groups) {
        assert.equal(await scene.edgeRows(groupId), 2);
        assert.equal(await scene.edgeCount(groupId), 1);
      }
    });

    it('two accounts deleted that lead the same groups', async () => {
      const [bob, carol] = (await scene.users(2)) as [FakeUser, FakeUser];
      const groups = await Promise.all([scene.group(bob), scene.group(carol), scene.group(bob)]);
      for (const groupId of groups) {
        await scene.memberships.add(groupId, ids(bob, carol, alice), 'server');
        for (let step = 0; step < 2; step++) await scene.memberships.apply(promote, groupId, ids(bob, carol), 'server');
      }
      assert.equal(await successes([deleteAccount(bob), deleteAccount(carol)]), 2);
      for (const groupId of groups) {
        assert.equal(await scene.edgeCount(groupId), undefined);
        assert.equal(await scene.edgeRows(groupId), 0);
      }
    });
  });
});
