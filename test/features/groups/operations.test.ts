import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { create, type DescMethodUnary } from '@bufbuild/protobuf';
import type { OperationCall } from '../../../src/features/feature.ts';
import { Nakama } from '../../../src/protocol/gen/nakama/api/service_pb.js';
import { Status } from '../../../src/protocol/status.ts';
import { forEachDatabase } from '../../support/databases.ts';
import type { FakeUser } from '../../support/fake-session.ts';
import { GroupScene } from './group-scene.ts';

const NIL = '00000000-0000-0000-0000-000000000000';
const { method } = Nakama;

forEachDatabase((_name, open) => {
  let scene: GroupScene;
  let alice: FakeUser;
  let bob: FakeUser;
  let groupId: string;

  before(async () => {
    scene = new GroupScene((await open()).db);
    [alice, bob] = await Promise.all([scene.user('alice'), scene.user('bob')]);
    groupId = await scene.group(alice);
  });

  /** Calls an operation as a client does whose request has been read. */
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into it
  const call = async (of: DescMethodUnary, input: object, user = alice): Promise<any> => {
    const found = scene.feature.operations?.find((operation) => operation.method === of);
    assert.ok(found);
    const identity = { userId: user.id, username: user.username, tokenId: '', issuedAt: 0, expiresAt: 0 };
    const request = create(of.input, input as never) as never;
    return found.handle(request, { identity } as OperationCall);
  };
  const refusedAsBad = (work: Promise<unknown>) =>
    assert.rejects(work, { name: 'StatusError', code: Status.INVALID_ARGUMENT });
  const onMembers = [
    method.addGroupUsers,
    method.kickGroupUsers,
    method.banGroupUsers,
    method.promoteGroupUsers,
    method.demoteGroupUsers,
  ];

  it('a new group has the defaults, and is answered with whole seconds', async () => {
    const name = `Wolves ${randomUUID()}`;
    const group = await call(method.createGroup, { name });
    assert.deepEqual(
      [group.name, group.creatorId, group.open, group.langTag, group.maxCount, group.edgeCount, group.metadata],
      [name, alice.id, false, 'en', 100, 1, '{}'],
    );
    assert.equal(group.createTime.nanos ?? 0, 0);
  });

  describe('ids', () => {
    it('of groups must be ids, with or without dashes', async () => {
      for (const of of [method.joinGroup, method.leaveGroup, method.deleteGroup, method.updateGroup, ...onMembers]) {
        await refusedAsBad(call(of, { groupId: 'wolves' }));
      }
      await call(method.joinGroup, { groupId: groupId.replaceAll('-', '').toUpperCase() }, bob);
      assert.deepEqual(await scene.states(groupId, bob), [2]);
    });

    it('of users must all be ids of users, or nothing is done', async () => {
      for (const of of onMembers) {
        for (const bad of ['bob', NIL]) await refusedAsBad(call(of, { groupId, userIds: [bob.id, bad] }));
      }
      assert.deepEqual(await scene.states(groupId, bob), [2]);
    });

    it('may be none, but for demoting', async () => {
      for (const of of onMembers.filter((of) => of !== method.demoteGroupUsers)) await call(of, { groupId });
      await refusedAsBad(call(method.demoteGroupUsers, { groupId }));
    });
  });

  it('listings have bounds, and defaults', async () => {
    for (const limit of [0, 101]) {
      await refusedAsBad(call(method.listGroups, { limit }));
      await refusedAsBad(call(method.listGroupUsers, { groupId, limit }));
      await refusedAsBad(call(method.listUserGroups, { userId: alice.id, limit }));
    }
    for (const state of [-1, 5]) {
      await refusedAsBad(call(method.listGroupUsers, { groupId, state }));
      await refusedAsBad(call(method.listUserGroups, { userId: alice.id, state }));
    }
    assert.equal((await call(method.listGroups, {})).groups.length, 1);
    scene.online.add(alice.id);
    const { groupUsers } = await call(method.listGroupUsers, { groupId });
    assert.deepEqual(
      // biome-ignore lint/suspicious/noExplicitAny: tests reach into it
      groupUsers.map(({ user, state }: any) => [user.username, user.online, state]),
      [
        [alice.username, true, 0],
        [bob.username, false, 2],
      ],
    );
    assert.deepEqual(await call(method.listGroupUsers, { groupId: randomUUID() }), { groupUsers: [], cursor: '' });
  });
});
