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

  const idsOf = ({ friends = [] }: { friends?: { user: { id?: string; userId?: string }; state: number }[] }) =>
    friends.map(({ user, state }) => [user.id ?? user.userId, state]);

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

    it('says who is online, whatever the users write about themselves', async () => {
      const [alice, ...others] = await scene.users(5);
      await scene.befriend(alice!, ...others);
      const metadata = JSON.stringify({ note: '{"user":{"id":"x","create_time":"y","online":true' });
      await db.updateTable('users').set({ metadata }).where('id', '=', others[2]!.id).execute();
      for (const who of [[], [0, 2], [1, 3], [0, 1, 2, 3]]) {
        scene.online.clear();
        for (const i of who) scene.online.add(others[i]!.id);
        const users = (await list(alice!)).friends.map(({ user }: { user: { id: string } }) => user);
        const shown = new Map(users.map((user: { id: string }) => [user.id, user])) as Map<
          string,
          { online?: boolean; metadata: string }
        >;
        assert.deepEqual(
          others.map(({ id }) => shown.get(id)?.online),
          others.map((_, i) => (who.includes(i) ? true : undefined)),
        );
        assert.deepEqual(JSON.parse(shown.get(others[2]!.id)!.metadata), JSON.parse(metadata));
      }
    });

    it('gives the pages that modules get', async () => {
      const [alice, ...others] = await scene.users(8);
      await scene.befriend(alice!, ...others.slice(0, 3));
      await scene.add(alice!, ...others.slice(3, 5));
      await scene.block(alice!, ...others.slice(5));
      for (const [limit, state] of [[1], [2], [3], [8], [2, 0], [3, 3], [9, 2]]) {
        let cursor = '';
        do {
          const asked = { limit: limit!, cursor, ...(state !== undefined && { state }) };
          const page = await list(alice!, asked);
          const same = await scene.nk('friendsList', alice!.id, limit, state, cursor || undefined);
          assert.deepEqual(idsOf(page), idsOf(same));
          assert.equal(page.cursor, same.cursor);
          cursor = page.cursor ?? '';
        } while (cursor !== '');
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
    for (const metadata of ['{', '[1]', 'null', '"text"', '{"a":"\\u0000"}', '{"a":1e100000}']) {
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
