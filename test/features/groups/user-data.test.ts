import assert from 'node:assert/strict';
import { before, beforeEach, describe, it } from 'node:test';
import type { Db } from '../../../src/database/database.ts';
import type { AccountsService } from '../../../src/features/accounts/index.ts';
import { ban, promote } from '../../../src/features/groups/acts.ts';
import type { UserData } from '../../../src/features/user-data.ts';
import { forEachDatabase } from '../../support/databases.ts';
import type { FakeUser } from '../../support/fake-session.ts';
import { GroupScene } from './group-scene.ts';

forEachDatabase((_name, open) => {
  let db: Db;
  let scene: GroupScene;
  let userData: UserData;
  let accounts: AccountsService;
  let alice: FakeUser;
  let bob: FakeUser;
  let carol: FakeUser;

  before(async () => {
    ({ db } = await open());
    scene = new GroupScene(db);
    userData = scene.feature.userData!;
    accounts = scene.accounts();
  });

  beforeEach(async () => {
    [alice, bob, carol] = await Promise.all([scene.user('alice'), scene.user('bob'), scene.user('carol')]);
  });

  const deleteAccount = (user: FakeUser) => accounts.delete(user.id);

  describe('with an account', () => {
    it('a membership goes, and a request; the group counts one fewer for a member', async () => {
      const [joined, asked] = [await scene.group(alice), await scene.group(alice, { open: false })];
      for (const groupId of [joined, asked]) await scene.join(groupId, bob);
      await deleteAccount(bob);
      assert.deepEqual([await scene.edgeCount(joined), await scene.edgeCount(asked)], [1, 1]);
      assert.deepEqual([await scene.edgeRows(joined), await scene.edgeRows(asked)], [2, 2]);
    });

    it('a group goes of which the user is the only superadmin, whoever is left in it', async () => {
      const groupId = await scene.group(alice);
      await scene.join(groupId, bob, carol);
      await scene.memberships.apply(promote, groupId, [bob.id], 'server');
      await deleteAccount(alice);
      assert.equal(await scene.edgeCount(groupId), undefined);
      assert.equal(await scene.edgeRows(groupId), 0);
    });

    it('the channel of such a group closes', async () => {
      const groupId = await scene.group(alice);
      await scene.join(groupId, bob);
      const session = scene.realtime.connect(bob);
      await scene.joinChannel(session, groupId);
      await deleteAccount(alice);
      assert.deepEqual(scene.realtime.tracker.streamsOf(session.id), []);
    });

    it('a group stays that has another superadmin', async () => {
      const groupId = await scene.group(alice);
      await scene.join(groupId, bob);
      for (let step = 0; step < 2; step++) await scene.memberships.apply(promote, groupId, [bob.id], 'server');
      await deleteAccount(alice);
      assert.equal(await scene.edgeCount(groupId), 1);
      assert.deepEqual(await scene.states(groupId, alice, bob), [undefined, 0]);
    });

    it('a ban goes', async () => {
      const groupId = await scene.group(alice);
      await scene.join(groupId, bob);
      await scene.memberships.apply(ban, groupId, [bob.id], 'server');
      await deleteAccount(bob);
      assert.equal(await scene.edgeRows(groupId), 2);
      assert.equal(await scene.edgeCount(groupId), 1);
    });
  });

  describe('an export', () => {
    it('has the groups of the user as clients see them', async () => {
      const groupId = await scene.group(alice, { open: false });
      await scene.memberships.add(groupId, [bob.id], 'server');
      const { groups } = (await userData.exportOf!(db, bob.id)) as { groups: Record<string, unknown>[] };
      assert.deepEqual(
        groups.map(({ id, edge_count, open, nk_state }) => [id, edge_count, open, nk_state]),
        [[groupId, 2, false, 2]],
      );
      assert.deepEqual(await userData.exportOf!(db, carol.id), {});
    });
  });
});
