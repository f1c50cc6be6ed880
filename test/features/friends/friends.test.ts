import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, it } from 'node:test';
import type { Db } from '../../../src/database/database.ts';
import { directStream } from '../../../src/features/chat/index.ts';
import { friendUserData } from '../../../src/features/friends/user-data.ts';
import { Status } from '../../../src/protocol/status.ts';
import { ArgumentError } from '../../../src/runtime/argument-check.ts';
import { forEachDatabase } from '../../support/databases.ts';
import { countStatements } from '../../support/statements.ts';
import { actorOf, FriendsScene, namesOf } from './friends-scene.ts';

const NIL = '00000000-0000-0000-0000-000000000000';
const refused = { code: Status.INVALID_ARGUMENT };

forEachDatabase((_name, open) => {
  let db: Db;
  let scene: FriendsScene;

  before(async () => {
    ({ db } = await open());
    scene = new FriendsScene(db);
  });

  describe('adding', () => {
    it('invites, and the other side accepts by adding back; each is told once', async () => {
      const [alice, bob] = [await scene.user(), await scene.user()];
      await scene.add(alice, bob);
      await scene.add(alice, bob);
      assert.deepEqual(await scene.between(alice, bob), [1, 2]);
      assert.deepEqual(await scene.told(bob), [[-2, alice.username]]);
      await scene.add(bob, alice);
      await scene.add(bob, alice);
      assert.deepEqual(await scene.between(alice, bob), [0, 0]);
      assert.deepEqual(await scene.told(alice), [[-3, bob.username]]);
      assert.deepEqual(await scene.edgeCounts(alice, bob), [1, 1]);
    });

    it('does to each of several users what their relationship asks for', async () => {
      const [alice, inviter, friend, blocker, stranger] = await scene.users(5);
      await scene.add(inviter!, alice!);
      await scene.befriend(alice!, friend!);
      await scene.block(blocker!, alice!);
      await scene.add(alice!, inviter!, friend!, blocker!, stranger!, { id: randomUUID(), username: 'nobody' });
      assert.deepEqual(await scene.between(alice!, inviter!), [0, 0]);
      assert.deepEqual(await scene.between(alice!, friend!), [0, 0]);
      assert.deepEqual(await scene.between(alice!, blocker!), [null, 3]);
      assert.deepEqual(await scene.between(alice!, stranger!), [1, 2]);
      assert.deepEqual(await scene.edgeCounts(alice!, inviter!, blocker!, stranger!), [3, 1, 1, 1]);
      assert.deepEqual(await scene.told(blocker!), []);
    });

    it('counts a user that is named by id and by name once', async () => {
      const [alice, bob] = [await scene.user(), await scene.user()];
      await scene.friends.add(
        actorOf(alice),
        { ids: [bob.id, bob.id.toUpperCase()], usernames: [bob.username, bob.username, 'nobody', 'no\u0000body'] },
        '{}',
      );
      assert.deepEqual(await scene.edgeCounts(alice, bob), [1, 1]);
      assert.equal((await scene.told(bob)).length, 1);
    });

    it('keeps metadata with the entry of who gave it, merged over what was there', async () => {
      const [alice, bob] = [await scene.user(), await scene.user()];
      const metadataOf = async (owner: typeof alice) => (await scene.nk('friendsList', owner.id)).friends[0].metadata;
      await scene.friends.add(actorOf(alice), namesOf([bob]), '{"met":"arena"}');
      assert.deepEqual([await metadataOf(alice), await metadataOf(bob)], [{ met: 'arena' }, {}]);
      await scene.nk('friendMetadataUpdate', bob.id, alice.id, { rank: 1, note: 'old' });
      await scene.friends.add(actorOf(bob), namesOf([alice]), '{"note":"new"}');
      assert.deepEqual([await metadataOf(alice), await metadataOf(bob)], [{ met: 'arena' }, { rank: 1, note: 'new' }]);
      await scene.friends.add(actorOf(bob), namesOf([alice]), '{"note":"too late"}');
      assert.deepEqual(await metadataOf(bob), { rank: 1, note: 'new' });
    });

    it('tells connections at once', async () => {
      const [alice, bob] = [await scene.user(), await scene.user()];
      const phone = scene.realtime.connect(bob);
      await scene.add(alice, bob);
      const [push] = phone.takenOf('notifications');
      const [{ id, create_time, ...rest }] = push.notifications;
      assert.deepEqual(rest, {
        subject: `${alice.username} wants to add you as a friend`,
        content: JSON.stringify({ username: alice.username }),
        code: -2,
        sender_id: alice.id,
        persistent: true,
      });
    });
  });

  describe('deleting', () => {
    it('ends what there is, and tells the other one', async () => {
      const [alice, friend, invited, inviter, stranger] = await scene.users(5);
      await scene.befriend(alice!, friend!);
      await scene.add(alice!, invited!);
      await scene.add(inviter!, alice!);
      await scene.delete(alice!, friend!, invited!, inviter!, stranger!);
      for (const other of [friend!, invited!, inviter!]) {
        assert.deepEqual(await scene.between(alice!, other), [null, null]);
        assert.deepEqual((await scene.told(other)).at(-1), [-9, alice!.username]);
      }
      assert.deepEqual(await scene.told(stranger!), []);
      assert.deepEqual(await scene.edgeCounts(alice!, friend!, invited!, inviter!), [0, 0, 0, 0]);
    });

    it('lifts the own block but not that of the other, and tells nobody', async () => {
      const [alice, bob] = [await scene.user(), await scene.user()];
      await scene.block(alice, bob);
      await scene.block(bob, alice);
      await scene.delete(alice, bob);
      await scene.delete(alice, bob);
      assert.deepEqual(await scene.between(alice, bob), [null, 3]);
      assert.deepEqual(await scene.edgeCounts(alice, bob), [0, 1]);
      assert.deepEqual(await scene.told(bob), []);
    });
  });

  describe('blocking', () => {
    it('takes the place of what there was, and tells nobody', async () => {
      const [alice, friend, stranger] = await scene.users(3);
      await scene.befriend(alice!, friend!);
      const before = (await scene.told(friend!)).length;
      await scene.block(alice!, friend!, stranger!);
      await scene.block(alice!, friend!);
      assert.deepEqual(await scene.between(alice!, friend!), [3, null]);
      assert.deepEqual(await scene.between(alice!, stranger!), [3, null]);
      assert.deepEqual(await scene.edgeCounts(alice!, friend!, stranger!), [2, 0, 0]);
      assert.equal((await scene.told(friend!)).length, before);
    });

    it('ends the direct chat for both without a presence event', async () => {
      const [alice, bob] = [await scene.user(), await scene.user()];
      const { tracker } = scene.realtime;
      const stream = directStream(alice.id, bob.id);
      for (const user of [alice, bob]) tracker.track(scene.realtime.connect(user), stream, {});
      await scene.realtime.told();
      const changes: unknown[] = [];
      tracker.onChange((change) => changes.push(change));
      await scene.block(bob, alice);
      await scene.realtime.told();
      assert.equal(tracker.count(stream), 0);
      assert.deepEqual(changes, []);
    });
  });

  describe('naming users', () => {
    it('refuses oneself and what cannot be a user, before any effect', async () => {
      const [alice, bob] = [await scene.user(), await scene.user()];
      const actor = actorOf(alice);
      const wrong = [
        { ids: [bob.id, alice.id], usernames: [] },
        { ids: [bob.id, alice.id.toUpperCase()], usernames: [] },
        { ids: [bob.id], usernames: [alice.username] },
        { ids: [bob.id, 'not-an-id'], usernames: [] },
        { ids: [bob.id, NIL], usernames: [] },
        { ids: [bob.id], usernames: [''] },
      ];
      for (const users of wrong) {
        await assert.rejects(scene.friends.add(actor, users, '{}'), refused);
        await assert.rejects(scene.friends.delete(actor, users), refused);
        await assert.rejects(scene.friends.block(actor, users), refused);
      }
      assert.deepEqual(await scene.between(alice, bob), [null, null]);
    });

    it('refuses oneself by a name that the session does not know of yet', async () => {
      const alice = await scene.user();
      const actor = { userId: alice.id, username: 'the name before' };
      await assert.rejects(scene.friends.add(actor, { ids: [], usernames: [alice.username] }, '{}'), refused);
    });

    it('refuses names that nobody has unless something is to be deleted', async () => {
      const actor = actorOf(await scene.user());
      const users = { ids: [], usernames: ['nobody at all'] };
      await assert.rejects(scene.friends.add(actor, users, '{}'), refused);
      await assert.rejects(scene.friends.block(actor, users), refused);
      await scene.friends.delete(actor, users);
    });

    it('is a mistake in the arguments for modules', async () => {
      const alice = await scene.user();
      for (const [ids, names] of [
        [[alice.id], null],
        [null, ['nobody at all']],
        [[], []],
        [[NIL], null],
      ]) {
        await assert.rejects(scene.nk('friendsAdd', alice.id, alice.username, ids, names, {}), ArgumentError);
        await assert.rejects(scene.nk('friendsBlock', alice.id, alice.username, ids, names), ArgumentError);
      }
      await assert.rejects(scene.nk('friendsDelete', alice.id, alice.username, [], []), ArgumentError);
      await assert.rejects(scene.nk('friendsAdd', alice.id, alice.username, null, null, {}), ArgumentError);
      const zero = { note: '\u0000' };
      await assert.rejects(scene.nk('friendsAdd', alice.id, alice.username, [randomUUID()], null, zero), ArgumentError);
    });
  });

  describe('an account that ends', () => {
    const deleteAccount = (userId: string) =>
      db.transaction().execute(async (transaction) => {
        await friendUserData.deleteOf(transaction, userId);
        await transaction.deleteFrom('users').where('id', '=', userId).execute();
      });

    it('lowers the counts of all who had an entry about it', async () => {
      const [alice, friend, blocker, blocked] = await scene.users(4);
      await scene.befriend(alice!, friend!);
      await scene.befriend(friend!, blocked!);
      await scene.block(blocker!, alice!);
      await scene.block(alice!, blocked!);
      await deleteAccount(alice!.id);
      assert.deepEqual(await scene.edgeCounts(friend!, blocker!, blocked!), [1, 0, 1]);
    });

    it('is exported with entries that name users by their ids alone', async () => {
      const [alice, bob] = [await scene.user(), await scene.user()];
      assert.deepEqual(await friendUserData.exportOf(db, alice.id), {});
      await scene.friends.add(actorOf(alice), namesOf([bob]), '{"a":1}');
      const { friends } = (await friendUserData.exportOf(db, alice.id)) as { friends: Record<string, unknown>[] };
      assert.deepEqual(
        friends.map(({ update_time, ...rest }) => rest),
        [{ user: { id: bob.id }, state: 1, metadata: '{"a": 1}' }],
      );
    });
  });

  it('a call takes the same statements for one user as for fifty', async () => {
    const counted = countStatements(db);
    const quiet = new FriendsScene(counted.db);
    for (const count of [1, 50]) {
      const alice = await scene.user();
      const others = await scene.users(count);
      const statementsOf = async (call: Promise<void>) => {
        await call;
        return counted.taken();
      };
      counted.taken();
      const invited = ['select', 'select', 'insert', 'update', 'insert'];
      assert.deepEqual(await statementsOf(quiet.add(alice, ...others)), invited);
      for (const other of others) await scene.add(other, alice);
      assert.deepEqual(await statementsOf(quiet.add(alice, ...others)), ['select', 'select']);
      assert.deepEqual(await statementsOf(quiet.block(alice, ...others)), [
        'select',
        'select',
        'delete',
        'insert',
        'update',
      ]);
      assert.deepEqual(await statementsOf(quiet.delete(alice, ...others)), ['select', 'select', 'delete', 'update']);
    }
  });
});
