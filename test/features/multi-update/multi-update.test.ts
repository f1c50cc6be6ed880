import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, beforeEach, describe, it } from 'node:test';
import { Status } from '../../../src/protocol/status.ts';
import { ArgumentError } from '../../../src/runtime/argument-check.ts';
import { forEachDatabase } from '../../support/databases.ts';
import type { FakeUser } from '../../support/fake-session.ts';
import { PlayerScene } from '../../support/player-scene.ts';

forEachDatabase((_name, open) => {
  let scene: PlayerScene;
  let alice: FakeUser;
  let bob: FakeUser;

  before(async () => {
    scene = new PlayerScene((await open()).db);
  });
  beforeEach(async () => {
    [alice, bob] = await Promise.all([scene.user('alice'), scene.user('bob')]);
    await scene.nk('storageWrite', [{ collection: 'c', key: 'old', userId: alice.id, value: {} }]);
  });

  const multiUpdate = (...args: unknown[]) => scene.nk('multiUpdate', ...args);
  const state = async () => {
    const { user, wallet } = await scene.nk('accountGetId', alice.id);
    const { objects } = await scene.nk('storageList', alice.id, 'c');
    const ledger = await scene.nk('walletLedgerList', alice.id);
    return [user.displayName, wallet, objects.map(({ key }: { key: string }) => key), ledger.items.length];
  };

  describe('nk.multiUpdate', () => {
    it('changes accounts, objects and wallets together, and acknowledges in the order asked', async () => {
      const writes = ['b', 'a'].map((key) => ({ collection: 'c', key, userId: alice.id, value: {} }));
      const { storageWriteAcks, walletUpdateAcks } = await multiUpdate(
        [{ userId: alice.id, displayName: 'Alice', metadata: { level: 1 } }],
        writes,
        [{ collection: 'c', key: 'old', userId: alice.id }],
        [bob, alice].map(({ id }) => ({ userId: id, changeset: { gold: 5 } })),
        true,
      );
      assert.deepEqual(
        storageWriteAcks.map(({ key }: { key: string }) => key),
        ['b', 'a'],
      );
      assert.deepEqual(
        walletUpdateAcks.map(({ userId, updated }: { userId: string; updated: object }) => [userId, updated]),
        [
          [bob.id, { gold: 5 }],
          [alice.id, { gold: 5 }],
        ],
      );
      assert.deepEqual(await state(), ['Alice', { gold: 5 }, ['a', 'b'], 1]);
    });

    it('changes nothing when one part fails, whichever it is', async () => {
      const profile = [{ userId: alice.id, displayName: 'Alice' }];
      const writes = [{ collection: 'c', key: 'new', userId: alice.id, value: {} }];
      const deletes = [{ collection: 'c', key: 'old', userId: alice.id }];
      const wallets = [{ userId: alice.id, changeset: { gold: 5 } }];
      const failing: unknown[][] = [
        [[...profile, { userId: alice.id, username: bob.username }], writes, deletes, wallets, true],
        [profile, [...writes, { ...writes[0], version: '*' }], deletes, wallets, true],
        [profile, writes, [{ ...deletes[0], version: 'other' }], wallets, true],
        [profile, writes, deletes, [...wallets, { userId: bob.id, changeset: { gold: -1 } }], true],
      ];
      for (const args of failing) {
        await assert.rejects(multiUpdate(...args), (error) => !(error instanceof ArgumentError));
        assert.deepEqual(await state(), ['', {}, ['old'], 0]);
      }
    });

    it('changes profiles as if one after the other, each by what it names', async () => {
      const freed = alice.username;
      await multiUpdate([
        { userId: alice.id, username: `${freed}-2`, displayName: 'Alice', location: 'Oslo', metadata: { level: 1 } },
        { userId: bob.id, username: freed, timezone: 'UTC' },
        { userId: alice.id, displayName: '', avatarUrl: 'a' },
        { userId: alice.id, displayName: 'Alice II' },
        { userId: bob.id, timezone: '' },
        { userId: randomUUID(), displayName: 'nobody' },
      ]);
      const users = await scene.nk('usersGetId', [alice.id, bob.id]);
      const shown = new Map(
        users.map(({ userId, username, displayName, location, timezone, avatarUrl, langTag, metadata }: never) => [
          userId,
          [username, displayName, location, timezone, avatarUrl, langTag, metadata],
        ]),
      );
      assert.deepEqual(shown.get(alice.id), [`${freed}-2`, 'Alice II', 'Oslo', '', 'a', 'en', { level: 1 }]);
      assert.deepEqual(shown.get(bob.id), [freed, '', '', '', '', 'en', {}]);
    });

    it('moves the time of a profile only where something is different', async () => {
      const longAgo = new Date(0);
      const changed = async (location: string) => {
        await scene.db.updateTable('users').set({ update_time: longAgo }).where('id', '=', alice.id).execute();
        await multiUpdate([{ userId: alice.id, location }]);
        const [{ updateTime }] = await scene.nk('usersGetId', [alice.id]);
        return updateTime > 0;
      };
      assert.deepEqual([await changed('Oslo'), await changed('Oslo')], [true, false]);
    });

    it('takes nothing for nothing', async () => {
      const nothing = { storageWriteAcks: [], walletUpdateAcks: [] };
      assert.deepEqual(await multiUpdate(), nothing);
      assert.deepEqual(await multiUpdate(null, null, null, null, null), nothing);
      await multiUpdate([], [], [{ collection: 'c', key: randomUUID(), userId: alice.id }]);
      const taken = multiUpdate([{ userId: alice.id, username: bob.username }]);
      await assert.rejects(taken, { code: Status.ALREADY_EXISTS });
    });
  });
});
