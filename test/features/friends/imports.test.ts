import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, it } from 'node:test';
import type { Db } from '../../../src/database/database.ts';
import { Status } from '../../../src/protocol/status.ts';
import { forEachDatabase } from '../../support/databases.ts';
import type { FakeUser } from '../../support/fake-session.ts';
import { actorOf, FriendsScene } from './friends-scene.ts';

forEachDatabase((_name, open) => {
  let db: Db;
  let scene: FriendsScene;
  /** Who the service says are friends of the owner of a token. */
  const friendsByToken = new Map<string, string[]>();

  before(async () => {
    ({ db } = await open());
    const facebook = { friendIdsOf: async (token: string) => friendsByToken.get(token) ?? [] };
    scene = new FriendsScene(db, { facebook });
  });

  const onFacebook = async (user: FakeUser) => {
    const id = `fb-${user.id}`;
    await db.updateTable('users').set({ facebook_id: id }).where('id', '=', user.id).execute();
    return id;
  };

  describe('importing friends', () => {
    it('makes friends of all that play at once, and tells them', async () => {
      const [alice, stranger, invited, inviter] = await scene.users(4);
      await scene.add(alice!, invited!);
      await scene.add(inviter!, alice!);
      const ids = await Promise.all([stranger!, invited!, inviter!].map(onFacebook));
      friendsByToken.set('alice', [...ids, 'one who does not play']);
      await scene.friends.importFrom('facebook', actorOf(alice!), 'alice', false);
      for (const friend of [stranger!, invited!, inviter!]) {
        assert.deepEqual(await scene.between(alice!, friend), [0, 0]);
        assert.deepEqual((await scene.told(friend)).at(-1), [-6, alice!.username]);
      }
      assert.deepEqual(await scene.edgeCounts(alice!, stranger!, invited!, inviter!), [3, 1, 1, 1]);
      const [{ metadata }] = await scene.nk('usersGetFriendStatus', stranger!.id, [alice!.id]);
      assert.deepEqual(metadata, { provider: 'facebook' });
    });

    it('passes over friends, blocks, oneself and who is unknown, and does nothing when repeated', async () => {
      const [alice, friend, blocked, blocker] = await scene.users(4);
      await scene.befriend(alice!, friend!);
      await scene.block(alice!, blocked!);
      await scene.block(blocker!, alice!);
      const ids = [friend!.id, blocked!.id, blocker!.id, alice!.id, randomUUID(), friend!.id];
      const before = (await scene.told(friend!)).length;
      await scene.friends.importFriends(actorOf(alice!), ids, false, 'steam');
      await scene.friends.importFriends(actorOf(alice!), ids, false, 'steam');
      assert.deepEqual(await scene.between(alice!, friend!), [0, 0]);
      assert.deepEqual(await scene.between(alice!, blocked!), [3, null]);
      assert.deepEqual(await scene.between(alice!, blocker!), [null, 3]);
      assert.equal((await scene.told(friend!)).length, before);
      assert.deepEqual(await scene.edgeCounts(alice!, friend!, blocked!, blocker!), [2, 1, 0, 1]);
    });

    it('with reset puts the imported friends in the place of all others, blocks apart', async () => {
      const [alice, old, kept, blocked, blocker] = await scene.users(5);
      await scene.befriend(alice!, old!, kept!);
      await scene.block(alice!, blocked!);
      await scene.block(blocker!, alice!);
      await scene.friends.importFriends(actorOf(alice!), [kept!.id], true, 'facebook');
      assert.deepEqual(await scene.between(alice!, old!), [null, null]);
      assert.deepEqual(await scene.between(alice!, kept!), [0, 0]);
      assert.deepEqual(await scene.between(alice!, blocked!), [3, null]);
      assert.deepEqual(await scene.between(alice!, blocker!), [null, 3]);
      assert.deepEqual(await scene.edgeCounts(alice!, old!, kept!, blocked!, blocker!), [2, 0, 1, 0, 1]);
      await scene.friends.importFriends(actorOf(alice!), [], true, 'facebook');
      assert.deepEqual(await scene.edgeCounts(alice!, kept!), [1, 0]);
    });

    it('is refused for a service that is not set up', async () => {
      const alice = await scene.user();
      await assert.rejects(scene.friends.importFrom('steam', actorOf(alice), 'token', false), {
        code: Status.FAILED_PRECONDITION,
      });
    });
  });
});
