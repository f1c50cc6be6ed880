import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { ArgumentError } from '../../../src/runtime/argument-check.ts';
import { forEachDatabase } from '../../support/databases.ts';
import type { FakeUser } from '../../support/fake-session.ts';
import { GroupScene } from './group-scene.ts';

const NIL = '00000000-0000-0000-0000-000000000000';
const onMembers = ['groupUsersAdd', 'groupUsersKick', 'groupUsersBan', 'groupUsersPromote', 'groupUsersDemote'];

forEachDatabase((_name, open) => {
  let scene: GroupScene;
  let nk: GroupScene['nk'];
  let alice: FakeUser;
  let bob: FakeUser;

  before(async () => {
    scene = new GroupScene((await open()).db);
    nk = scene.nk;
    [alice, bob] = await Promise.all([scene.user('alice'), scene.user('bob')]);
  });

  const refused = (work: Promise<unknown>) => assert.rejects(work, (error) => !(error instanceof ArgumentError));
  const refusedAsArgument = (work: Promise<unknown>) => assert.rejects(work, ArgumentError);

  describe('groupCreate and groupUpdate', () => {
    it('have defaults for what is left out, null, or no number of places', async () => {
      const name = `Wolves ${randomUUID()}`;
      const group = await nk('groupCreate', alice.id, name, null, null, null, null, null, null, 0);
      const { id, createTime, updateTime, ...rest } = group;
      assert.deepEqual(rest, {
        creatorId: NIL,
        name,
        description: '',
        avatarUrl: '',
        langTag: 'en',
        metadata: {},
        open: false,
        edgeCount: 1,
        maxCount: 100,
      });
      assert.ok(Number.isInteger(createTime) && Number.isInteger(updateTime));
      assert.deepEqual(await nk('groupsGetId', [id, randomUUID()]), [group]);
    });

    it('replace metadata, clear the picture, and leave what is null', async () => {
      const { id } = await nk(
        'groupCreate',
        alice.id,
        `g ${randomUUID()}`,
        bob.id,
        'fr',
        'Old',
        'https://x',
        true,
        { a: 1 },
        9,
      );
      await nk('groupUpdate', id, null, null, null, '', null, '', null, { b: [2] }, 0);
      const [group] = await nk('groupsGetId', [id]);
      assert.deepEqual(
        [
          group.creatorId,
          group.langTag,
          group.description,
          group.avatarUrl,
          group.open,
          group.metadata,
          group.maxCount,
        ],
        [bob.id, 'fr', 'Old', '', true, { b: [2] }, 9],
      );
    });

    it('tell bad arguments from refusals', async () => {
      const name = `g ${randomUUID()}`;
      const { id } = await nk('groupCreate', alice.id, name);
      await refused(nk('groupCreate', alice.id, name));
      await refused(nk('groupCreate', NIL, `g ${randomUUID()}`));
      await refusedAsArgument(nk('groupCreate', alice.id, ''));
      await refused(nk('groupUpdate', id, null));
      await refused(nk('groupUpdate', id, bob.id, `g ${randomUUID()}`));
      await refusedAsArgument(nk('groupUpdate', 'guild', null, `g ${randomUUID()}`));
      await refused(nk('groupsGetId', ['guild']));
    });
  });

  describe('the functions on members', () => {
    it('are the server unless they name a caller, whose rank then counts', async () => {
      const groupId = await scene.group(alice);
      await nk('groupUsersAdd', groupId, [bob.id], NIL);
      await refused(nk('groupUsersKick', groupId, [alice.id], bob.id));
      await nk('groupUsersKick', groupId, [bob.id], alice.id);
      assert.deepEqual(await scene.states(groupId, alice, bob), [0, undefined]);
    });

    it('refuse the nil id, and do nothing for no users', async () => {
      const groupId = await scene.group(alice);
      for (const name of onMembers) {
        await refusedAsArgument(nk(name, groupId, [NIL]));
        await nk(name, randomUUID(), []);
        await refused(nk(name, randomUUID(), [bob.id]));
      }
    });
  });

  it('listings take -1 for any state, and end with a null cursor', async () => {
    const groupId = await scene.group(alice);
    await nk('groupUserJoin', groupId, bob.id, bob.username);
    const first = await nk('groupUsersList', groupId, 1, -1);
    assert.deepEqual([first.groupUsers[0].user.userId, first.groupUsers[0].state], [alice.id, 0]);
    const second = await nk('groupUsersList', groupId, 1, null, first.cursor);
    assert.deepEqual([second.groupUsers[0].user.userId, second.cursor], [bob.id, null]);
    const { userGroups, cursor } = await nk('userGroupsList', bob.id);
    assert.deepEqual([userGroups[0].group.id, userGroups[0].state, cursor], [groupId, 2, null]);
    await nk('groupUserLeave', groupId, bob.id, bob.username);
    assert.deepEqual(await nk('userGroupsList', bob.id), { userGroups: [], cursor: null });
    await nk('groupDelete', groupId);
    await nk('groupDelete', groupId);
    assert.deepEqual(await nk('groupsGetId', [groupId]), []);
  });
});
