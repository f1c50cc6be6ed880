import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { create, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf';
import type { Db } from '../../../src/database/database.ts';
import {
  AddFriendsRequestSchema,
  FriendListSchema,
  FriendsOfFriendsListSchema,
  ImportFacebookFriendsRequestSchema,
  ImportSteamFriendsRequestSchema,
  ListFriendsOfFriendsRequestSchema,
  ListFriendsRequestSchema,
} from '../../../src/protocol/gen/nakama/api/api_pb.js';
import { toWireJson } from '../../../src/protocol/json-codec.ts';
import { Status } from '../../../src/protocol/status.ts';
import { forEachDatabase } from '../../support/databases.ts';
import type { FakeUser } from '../../support/fake-session.ts';
import { actorOf, FriendsScene } from './friends-scene.ts';

const refused = { code: Status.INVALID_ARGUMENT };

forEachDatabase((_name, open) => {
  let db: Db;
  let scene: FriendsScene;

  before(async () => {
    ({ db } = await open());
    scene = new FriendsScene(db);
  });

  /** Calls an operation as a user. */
  async function call<D extends DescMessage>(name: string, user: FakeUser, schema: D, request: MessageInitShape<D>) {
    const found = scene.feature.operations!.find(({ method }) => method.name === name)!;
    const identity = { ...actorOf(user), expiresAt: 0, tokenId: '', vars: {} };
    return found.handle(create(schema, request) as never, { identity } as never) as Promise<object>;
  }

  const list = async (user: FakeUser, request: MessageInitShape<typeof ListFriendsRequestSchema> = {}) =>
    JSON.parse(toWireJson(FriendListSchema, await call('ListFriends', user, ListFriendsRequestSchema, request)));

  describe('ListFriends', () => {
    it('gives users without their edge count, times in whole seconds, and a state that is 0 too', async () => {
      const [alice, bob] = [await scene.user(), await scene.user()];
      assert.deepEqual(await list(alice), {});
      await scene.befriend(alice, bob);
      const [friend] = (await list(alice)).friends;
      const { create_time, update_time, ...user } = friend.user;
      assert.deepEqual(user, { id: bob.id, username: bob.username, lang_tag: 'en', metadata: '{}' });
      assert.deepEqual([friend.state, friend.metadata], [0, '{}']);
      for (const time of [create_time, update_time, friend.update_time]) {
        assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      }
    });

    it('takes limits from 1 to 1000 and states from 0 to 3', async () => {
      const alice = await scene.user();
      for (const request of [{ limit: 0 }, { limit: 1001 }, { state: -1 }, { state: 4 }, { cursor: 'nonsense' }]) {
        await assert.rejects(list(alice, request), refused);
      }
      assert.deepEqual(await list(alice, { limit: 1000, state: 3 }), {});
    });
  });

  it('ListFriendsOfFriends gives ten by default and a hundred at most, users with their edge count', async () => {
    const [alice, bob, ...others] = await scene.users(13);
    await scene.befriend(alice!, bob!);
    await scene.befriend(bob!, ...others);
    const request = (limit?: number) =>
      call('ListFriendsOfFriends', alice!, ListFriendsOfFriendsRequestSchema, limit === undefined ? {} : { limit });
    const page = JSON.parse(toWireJson(FriendsOfFriendsListSchema, await request()));
    assert.equal(page.friends_of_friends.length, 10);
    assert.ok(page.cursor);
    assert.equal(page.friends_of_friends[0].referrer, bob!.id);
    assert.equal(page.friends_of_friends[0].user.edge_count, 1);
    for (const limit of [0, 101]) await assert.rejects(request(limit), refused);
  });

  it('AddFriends takes metadata that is the text of a JSON object', async () => {
    const [alice, bob] = [await scene.user(), await scene.user()];
    for (const metadata of ['{', '[1]', 'null', '"text"', '{"a":"\\u0000"}']) {
      await assert.rejects(call('AddFriends', alice, AddFriendsRequestSchema, { ids: [bob.id], metadata }), refused);
    }
    const metadata = '{"a":"\\\\u0000"}';
    await call('AddFriends', alice, AddFriendsRequestSchema, { ids: [bob.id], metadata });
    assert.equal((await list(alice)).friends[0].metadata, '{"a": "\\\\u0000"}');
  });

  it('imports ask for a token, but not of a service that is not set up', async () => {
    const alice = await scene.user();
    await assert.rejects(call('ImportFacebookFriends', alice, ImportFacebookFriendsRequestSchema, {}), refused);
    await assert.rejects(
      call('ImportFacebookFriends', alice, ImportFacebookFriendsRequestSchema, { account: { token: '' } }),
      refused,
    );
    await assert.rejects(call('ImportSteamFriends', alice, ImportSteamFriendsRequestSchema, {}), {
      code: Status.FAILED_PRECONDITION,
    });
  });
});
