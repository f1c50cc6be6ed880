import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { moduleFolder } from '../support/module-folder.ts';
import { openSocket, type Player, signIn } from '../support/players.ts';
import { databaseKinds, suiteServer } from '../support/server.ts';

/** What `accountExportId` and `accountImportId` are called with crosses a real isolate, both ways. */
const modulesDir = await moduleFolder(
  { after },
  {
    'main.js': `
function furnish(ctx, logger, nk, payload) {
  const friend = JSON.parse(payload).friend;
  const userId = ctx.userId;
  nk.accountUpdateId(userId, null, 'Ada ⚓', 'UTC', null, 'fi', null, { level: 3, deep: { list: [1, null, 'ü'] } });
  nk.walletUpdate(userId, { gold: 5 }, { reason: 'quest' }, true);
  nk.storageWrite([{ collection: 'saves', key: 'one', userId, value: { text: 'a\\u2028b' }, permissionWrite: 0 }]);
  nk.notificationSend(userId, 'news', { n: 1 }, 7, null, true, { vars: { game: 'chess' } });
  nk.leaderboardRecordWrite('arena', userId, ctx.username, 42, 1, { car: 'red' });
  nk.friendsAdd(userId, ctx.username, [friend], [], {});
}
function give(ctx, logger, nk) { return nk.accountExportId(ctx.userId); }
function remove(ctx, logger, nk) { nk.accountDeleteId(ctx.userId); }
function take(ctx, logger, nk, payload) {
  const { text, userId } = JSON.parse(payload);
  try {
    const account = nk.accountImportId(text, userId);
    return JSON.stringify({ id: account.user.userId, name: account.user.displayName, wallet: account.wallet,
      level: account.user.metadata.level });
  } catch (error) {
    return JSON.stringify({ refused: error.name + ': ' + error.message });
  }
}
function InitModule(ctx, logger, nk, initializer) {
  nk.leaderboardCreate('arena', false, 'desc', 'best', null, null, true);
  initializer.registerRpc('furnish', furnish);
  initializer.registerRpc('give', give);
  initializer.registerRpc('remove', remove);
  initializer.registerRpc('take', take);
}`,
  },
);

for (const kind of databaseKinds) {
  describe(`an account that a module carries over, on ${kind}`, () => {
    const server = suiteServer(kind, { modulesDir });

    // biome-ignore lint/suspicious/noExplicitAny: what is exported is what is being tested
    const rpc = async ({ client, session }: Player, id: string, payload: object = {}): Promise<any> =>
      (await client.rpc(session, id, payload)).payload;
    /** What a user has, but for what an import makes anew, and what it leaves to groups and channels. */
    // biome-ignore lint/suspicious/noExplicitAny: see above
    const essence = ({ account, friends, groups, messages, ...rest }: any) => {
      const { update_time, edge_count, online, ...user } = account.user;
      return { ...rest, account: { ...account, user }, friends: friends.map(stateAndId) };
    };
    const stateAndId = ({ user, state }: { user: { id: string }; state: number }) => [state, user.id];

    test('is exported whole, deleted, and made again as it was', async () => {
      const [ada, bob, porter] = [await signIn(server), await signIn(server), await signIn(server)];
      await rpc(ada, 'furnish', { friend: bob.userId });
      const { id: groupId } = await ada.client.createGroup(ada.session, { name: `group of ${ada.userId}`, open: true });
      const socket = await openSocket(ada);
      const room = await socket.joinChat('harbour', 1, true, false);
      await socket.writeChatMessage(room.id, { text: 'ahoy' });
      const exported = await rpc(ada, 'give');
      assert.deepEqual(Object.keys(exported).toSorted(), [
        'account',
        'friends',
        'groups',
        'leaderboard_records',
        'messages',
        'notifications',
        'objects',
        'wallet_ledgers',
      ]);
      assert.deepEqual(
        exported.groups.map(({ id, nk_state }: Record<string, unknown>) => [id, nk_state ?? 0]),
        [[groupId, 0]],
      );
      assert.deepEqual(JSON.parse(exported.messages[0].content), { text: 'ahoy' });

      await rpc(ada, 'remove');
      const taken = await rpc(porter, 'take', { text: JSON.stringify(exported) });
      assert.deepEqual(taken, { id: ada.userId, name: 'Ada ⚓', wallet: { gold: 5 }, level: 3 });
      const again: Player = {
        ...ada,
        session: await ada.client.authenticateDevice(exported.account.devices[0].id, false),
      };
      assert.equal(again.session.user_id, ada.userId);
      assert.deepEqual(essence(await rpc(again, 'give')), essence(exported));
      const { owner_records } = await again.client.listLeaderboardRecords(again.session, 'arena', [ada.userId]);
      assert.equal(owner_records?.[0]?.score, 42);
    });

    test('goes to another user, who keeps their name; what is no export is a TypeError', async () => {
      const [ada, bob, eve] = [await signIn(server), await signIn(server), await signIn(server)];
      await rpc(ada, 'furnish', { friend: bob.userId });
      const exported = await rpc(ada, 'give');
      const taken = await rpc(bob, 'take', { text: JSON.stringify(exported), userId: eve.userId });
      assert.deepEqual(taken, { id: eve.userId, name: 'Ada ⚓', wallet: { gold: 5 }, level: 3 });
      const theirs = await rpc(eve, 'give');
      assert.deepEqual(JSON.parse(theirs.objects[0].value), { text: 'a\u2028b' });
      assert.deepEqual(theirs.notifications[0].nk_vars, { game: 'chess' });
      assert.notEqual(theirs.account.user.username, exported.account.user.username);
      const { refused } = await rpc(bob, 'take', { text: '[]' });
      assert.match(refused, /^TypeError: nk\.accountImportId: an account export is text of a JSON object$/);
    });
  });
}
