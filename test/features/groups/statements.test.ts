import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { KyselyPlugin } from 'kysely';
import { ban, kick, promote } from '../../../src/features/groups/acts.ts';
import { forEachDatabase } from '../../support/databases.ts';
import type { FakeUser } from '../../support/fake-session.ts';
import { GroupScene } from './group-scene.ts';

const MANY = 20;

forEachDatabase((_name, open) => {
  let statements = 0;
  let scene: GroupScene;
  let alice: FakeUser;
  let crowd: FakeUser[];

  before(async () => {
    const counter: KyselyPlugin = {
      transformQuery: ({ node }) => {
        statements++;
        return node;
      },
      transformResult: async ({ result }) => result,
    };
    scene = new GroupScene((await open()).db.withPlugin(counter));
    alice = await scene.user('alice');
    crowd = await scene.users(MANY);
  });

  const counted = async (work: () => Promise<unknown>) => {
    statements = 0;
    await work();
    return statements;
  };
  const ids = () => crowd.map(({ id }) => id);

  describe('statements, beside the begin and end of the transaction', () => {
    it('do not grow with the users of a call', async () => {
      const groupId = await scene.group(alice);
      const by = { userId: alice.id };
      // Users, group, ranks, rows, count, messages; then the notifications.
      assert.equal(await counted(() => scene.memberships.add(groupId, ids(), by)), 7);
      assert.equal(await counted(() => scene.memberships.apply(promote, groupId, ids(), by)), 5);
      assert.equal(await counted(() => scene.memberships.apply(ban, groupId, ids(), by)), 7);
      assert.equal(await counted(() => scene.memberships.apply(kick, groupId, ids(), by)), 4);
    });

    it('are few for one user', async () => {
      const groupId = await scene.group(alice);
      assert.equal(await counted(() => scene.join(groupId, crowd[0]!)), 6);
      assert.equal(await counted(() => scene.leave(groupId, crowd[0]!)), 6);
      assert.equal(await counted(() => scene.group(alice)), 3);
    });

    it('of a listing are one', async () => {
      const groupId = await scene.group(alice);
      await scene.memberships.add(groupId, ids(), 'server');
      assert.equal(await counted(() => scene.groups.members(groupId, undefined, 100, '')), 1);
      assert.equal(await counted(() => scene.groups.ofUser(alice.id, undefined, 100, '')), 1);
      const all = { name: '', langTag: '', open: undefined, members: undefined };
      assert.equal(await counted(() => scene.groups.find(all, 100, '')), 1);
    });

    it('of the end of an account do not grow with its groups', async () => {
      const user = await scene.user();
      for (let i = 0; i < 3; i++) await scene.join(await scene.group(alice), user);
      const few = await counted(() => end(user));
      const other = await scene.user();
      for (let i = 0; i < 9; i++) await scene.join(await scene.group(alice), other);
      assert.equal(await counted(() => end(other)), few);
    });
  });

  const end = (user: FakeUser) =>
    scene.db
      .transaction()
      .execute(async (transaction) => scene.feature.userData?.deleteOf?.(transaction, user.id, () => {}));
});
