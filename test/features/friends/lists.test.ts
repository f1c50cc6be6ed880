import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { Db } from '../../../src/database/database.ts';
import { Status } from '../../../src/protocol/status.ts';
import { ArgumentError } from '../../../src/runtime/argument-check.ts';
import { forEachDatabase } from '../../support/databases.ts';
import type { FakeUser } from '../../support/fake-session.ts';
import { countStatements } from '../../support/statements.ts';
import { FriendsScene } from './friends-scene.ts';

const refused = { code: Status.INVALID_ARGUMENT };
/** Pages that a test may read before it is clear that there is no end. */
const MAX_PAGES = 20;

forEachDatabase((_name, open) => {
  let db: Db;
  let scene: FriendsScene;

  before(async () => {
    ({ db } = await open());
    scene = new FriendsScene(db);
  });

  describe("a user's list", () => {
    type Listed = {
      friends: { user: { userId: string; online: boolean; edgeCount: number }; state: number }[];
      cursor?: string;
    };
    const list = (user: FakeUser, limit?: number, state?: number, cursor?: string): Promise<Listed> =>
      scene.nk('friendsList', user.id, limit, state, cursor);
    const idsIn = ({ friends }: Listed) => friends.map(({ user }) => user.userId);

    it('is by state, and in one state by when the relationship began', async () => {
      const [alice, invited, friend, blocked, inviter, lateFriend] = (await scene.users(6)) as FakeUser[] & {
        length: 6;
      };
      await scene.add(alice!, lateFriend!);
      await scene.add(alice!, invited!);
      await scene.befriend(alice!, friend!);
      await scene.block(alice!, blocked!);
      await scene.add(inviter!, alice!);
      await scene.add(lateFriend!, alice!);
      const all = await list(alice!);
      assert.deepEqual(
        all.friends.map(({ user, state }) => [user.userId, state]),
        [
          [lateFriend!.id, 0],
          [friend!.id, 0],
          [invited!.id, 1],
          [inviter!.id, 2],
          [blocked!.id, 3],
        ],
      );
      assert.equal('cursor' in all, false);
      assert.deepEqual(idsIn(await list(alice!, 10, 0)), [lateFriend!.id, friend!.id]);
    });

    it('has the users of one call in the order of a page after the other', async () => {
      const [alice, ...others] = await scene.users(8);
      await scene.add(alice!, ...others);
      const whole = idsIn(await list(alice!));
      const paged: string[] = [];
      for (let cursor: string | undefined, pages = 0; pages < MAX_PAGES; pages++) {
        const page = await list(alice!, 3, undefined, cursor);
        paged.push(...idsIn(page));
        cursor = page.cursor;
        if (!cursor) break;
      }
      assert.deepEqual(paged, whole);
      assert.equal(new Set(whole).size, 7);
    });

    it('goes on from a cursor into later states, but not into another one that is asked for', async () => {
      const [alice, friend, invited, blocked] = await scene.users(4);
      await scene.befriend(alice!, friend!);
      await scene.add(alice!, invited!);
      await scene.block(alice!, blocked!);
      const { cursor } = await list(alice!, 1);
      assert.deepEqual(idsIn(await list(alice!, 10, undefined, cursor)), [invited!.id, blocked!.id]);
      assert.deepEqual(idsIn(await list(alice!, 10, 1, cursor)), [invited!.id]);
      await assert.rejects(list(alice!, 10, 3, cursor), refused);
      await assert.rejects(list(alice!, 10, undefined, 'nonsense'), refused);
    });

    it('goes on when the entry that it would have begun with is gone', async () => {
      const [alice, ...others] = await scene.users(4);
      for (const other of others) await scene.add(alice!, other);
      const { cursor } = await list(alice!, 1);
      await scene.delete(alice!, others[1]!);
      assert.deepEqual(idsIn(await list(alice!, 10, undefined, cursor)), [others[2]!.id]);
    });

    it('says who is online, and how many entries each has', async () => {
      const [alice, bob] = [await scene.user(), await scene.user()];
      await scene.add(alice, bob);
      scene.online.add(bob.id);
      const [{ user }] = (await list(alice)).friends as [Listed['friends'][0]];
      assert.deepEqual([user.online, user.edgeCount], [true, 1]);
    });

    it('refuses limits and states that there are not', async () => {
      const alice = await scene.user();
      for (const limit of [0, 1001, 1.5]) await assert.rejects(list(alice, limit), ArgumentError);
      for (const state of [-1, 4]) await assert.rejects(list(alice, 10, state), ArgumentError);
    });

    it('is read by one statement', async () => {
      const counted = countStatements(db);
      const quiet = new FriendsScene(counted.db);
      const [alice, ...others] = await scene.users(30);
      await scene.add(alice!, ...others);
      const { cursor } = await quiet.nk('friendsList', alice!.id, 10);
      assert.deepEqual(counted.taken(), ['select']);
      await quiet.nk('friendsList', alice!.id, 10, 1, cursor);
      assert.deepEqual(counted.taken(), ['select']);
      await quiet.nk('friendsOfFriendsList', alice!.id);
      assert.deepEqual(counted.taken(), ['with']);
      await quiet.nk(
        'usersGetFriendStatus',
        alice!.id,
        others.map(({ id }) => id),
      );
      assert.deepEqual(counted.taken(), ['select']);
    });
  });

  describe('friends of friends', () => {
    type Listed = { friendsOfFriends: { referrer: string; user: { userId: string } }[]; cursor?: string };
    const list = (user: FakeUser, limit?: number, cursor?: string): Promise<Listed> =>
      scene.nk('friendsOfFriendsList', user.id, limit, cursor);
    const pairsIn = ({ friendsOfFriends }: Listed) =>
      friendsOfFriends.map(({ referrer, user }) => `${referrer} ${user.userId}`);

    it('are there once for each friend they are reached through, without oneself and the own friends', async () => {
      const [me, ann, ben, far, near, invited] = await scene.users(6);
      await scene.befriend(me!, ann!, ben!);
      await scene.befriend(ann!, far!, near!, ben!);
      await scene.befriend(ben!, far!);
      await scene.add(ben!, invited!);
      await scene.befriend(me!, near!);
      assert.deepEqual(pairsIn(await list(me!)), [`${ann!.id} ${far!.id}`, `${ben!.id} ${far!.id}`].sort());
    });

    it('are all on some page, whichever friend a page ends with', async () => {
      const [me, ...friends] = await scene.users(4);
      await scene.befriend(me!, ...friends);
      const expected: string[] = [];
      for (const friend of friends) {
        const theirs = await scene.users(3);
        await scene.befriend(friend, ...theirs);
        expected.push(...theirs.map(({ id }) => `${friend.id} ${id}`));
      }
      for (const limit of [1, 2, 3, 4, 9]) {
        const paged: string[] = [];
        for (let cursor: string | undefined, pages = 0; pages < MAX_PAGES; pages++) {
          const page = await list(me!, limit, cursor);
          assert.ok(page.friendsOfFriends.length <= limit);
          paged.push(...pairsIn(page));
          cursor = page.cursor;
          if (!cursor) break;
        }
        assert.deepEqual(paged, expected.sort(), `${limit} a page`);
      }
      await assert.rejects(list(me!, 10, 'nonsense'), refused);
    });
  });
});
