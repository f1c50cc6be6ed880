import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { Db } from '../../../src/database/database.ts';
import { friendUserData } from '../../../src/features/friends/user-data.ts';
import { forEachDatabase } from '../../support/databases.ts';
import { FriendsScene } from './friends-scene.ts';

/** How often each race is run: the outcome is to be the same whoever wins. */
const ROUNDS = 8;

forEachDatabase((_name, open) => {
  let db: Db;
  let scene: FriendsScene;

  before(async () => {
    ({ db } = await open());
    scene = new FriendsScene(db);
  });

  describe('at once', () => {
    it('an invitation is accepted once, however often', async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const [alice, bob] = [await scene.user(), await scene.user()];
        await scene.add(alice, bob);
        await Promise.all([scene.add(bob, alice), scene.add(bob, alice), scene.add(bob, alice)]);
        assert.deepEqual(await scene.between(alice, bob), [0, 0]);
        assert.deepEqual(await scene.told(alice), [[-3, bob.username]]);
        assert.deepEqual(await scene.edgeCounts(alice, bob), [1, 1]);
      }
    });

    it('two who invite each other become friends: one invited, the other accepted', async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const [alice, bob] = [await scene.user(), await scene.user()];
        await Promise.all([scene.add(alice, bob), scene.add(bob, alice)]);
        assert.deepEqual(await scene.between(alice, bob), [0, 0]);
        const codes = [...(await scene.told(alice)), ...(await scene.told(bob))].map(([code]) => code);
        assert.deepEqual(codes.sort(), [-2, -3]);
        assert.deepEqual(await scene.edgeCounts(alice, bob), [1, 1]);
      }
    });

    it('a block outlasts an invitation, whichever was first', async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const [alice, bob] = [await scene.user(), await scene.user()];
        await Promise.all([scene.add(alice, bob), scene.block(bob, alice)]);
        assert.deepEqual(await scene.between(alice, bob), [null, 3]);
        assert.deepEqual(await scene.edgeCounts(alice, bob), [0, 1]);
      }
    });

    it('two who block each other both do', async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const [alice, bob] = [await scene.user(), await scene.user()];
        await scene.befriend(alice, bob);
        await Promise.all([scene.block(alice, bob), scene.block(bob, alice)]);
        assert.deepEqual(await scene.between(alice, bob), [3, 3]);
        assert.deepEqual(await scene.edgeCounts(alice, bob), [1, 1]);
      }
    });

    it('two who end a friendship end it once', async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const [alice, bob] = [await scene.user(), await scene.user()];
        await scene.befriend(alice, bob);
        await Promise.all([scene.delete(alice, bob), scene.delete(bob, alice)]);
        const codes = [...(await scene.told(alice)), ...(await scene.told(bob))].map(([code]) => code);
        assert.deepEqual(codes.filter((code) => code === -9).length, 1);
        assert.deepEqual(await scene.edgeCounts(alice, bob), [0, 0]);
      }
    });

    it('all of a crowd befriend each other, in whatever order they name each other', async () => {
      const crowd = await scene.users(6);
      const others = (user: (typeof crowd)[number]) =>
        crowd.filter((other) => other !== user).sort(() => Math.random() - 0.5);
      await Promise.all(crowd.map((user) => scene.add(user, ...others(user))));
      for (const [i, one] of crowd.entries()) {
        for (const other of crowd.slice(i + 1)) assert.deepEqual(await scene.between(one, other), [0, 0]);
      }
      assert.deepEqual(
        await scene.edgeCounts(...crowd),
        crowd.map(() => 5),
      );
    });

    it('an invitation to an account that is being deleted leaves nothing behind', async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const [alice, bob] = [await scene.user(), await scene.user()];
        const deletion = db.transaction().execute(async (transaction) => {
          await friendUserData.deleteOf(transaction, bob.id);
          await transaction.deleteFrom('users').where('id', '=', bob.id).execute();
        });
        await Promise.all([scene.add(alice, bob), deletion]);
        assert.deepEqual(await scene.edgeCounts(alice), [0]);
      }
    });
  });
});
