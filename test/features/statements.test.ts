import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { type ObjectWrite, versionOf } from '../../src/features/storage/storage-object.ts';
import { forEachDatabase } from '../support/databases.ts';
import type { FakeUser } from '../support/fake-session.ts';
import { anybody, PlayerScene } from '../support/player-scene.ts';
import { type CountedDatabase, countStatements } from '../support/statements.ts';

const MANY = 20;

forEachDatabase((_name, open) => {
  let counted: CountedDatabase;
  let scene: PlayerScene;
  let alice: FakeUser & { readonly deviceId: string };

  before(async () => {
    counted = countStatements((await open()).db);
    scene = new PlayerScene(counted.db);
    alice = await scene.withDevice();
  });

  /** The statements of some work, without the begin and end of its transaction. */
  const statements = async (work: () => Promise<unknown>): Promise<string[]> => {
    counted.taken();
    await work();
    return counted.taken();
  };
  const object = (key: string, version = ''): ObjectWrite => ({
    collection: 'c',
    key,
    userId: alice.id,
    value: '{}',
    version,
    permissionRead: 1,
    permissionWrite: 1,
  });
  const many = Array.from({ length: MANY }, (_, i) => `k${i}`);
  const me = () => ({ userId: alice.id });

  describe('the statements of', () => {
    it('a sign-in: one for a device, known or new; two for another new identity', async () => {
      for (const id of [alice.deviceId, `device-${randomUUID()}`]) {
        assert.deepEqual(await statements(() => scene.authentication.byDevice(id, anybody)), ['with']);
      }
      assert.equal((await statements(() => scene.authentication.byCustomId(randomUUID(), anybody))).length, 2);
    });

    it('accounts and users: one, however many', async () => {
      const ids = [alice.id, ...Array.from({ length: MANY }, () => randomUUID())];
      assert.deepEqual(await statements(() => scene.accounts.get(alice.id)), ['select']);
      assert.deepEqual(await statements(() => scene.accounts.list(ids)), ['select']);
      assert.deepEqual(await statements(() => scene.accounts.users(ids, ids, ids)), ['select']);
      const username = `name-${randomUUID()}`;
      assert.deepEqual(await statements(() => scene.accounts.update(alice.id, { username })), ['update']);
    });

    it('bans: the accounts and their tokens, however many; one to lift them', async () => {
      const users = await Promise.all(many.map(() => scene.user()));
      const ids = [...users, ...users].map(({ id }) => id);
      assert.deepEqual(await statements(() => scene.accounts.ban(ids)), ['update', 'with']);
      assert.deepEqual(await statements(() => scene.accounts.unban(ids)), ['update']);
    });

    it('storage: one to write, to read and to list, however many objects', async () => {
      const write = (...objects: ObjectWrite[]) => statements(() => scene.storage.write(objects, me()));
      for (const key of ['one', 'one']) assert.deepEqual(await write(object(key)), ['insert']);
      assert.deepEqual(await write(...many.map((key) => object(key))), ['insert']);
      const fresh = many.map((key) => object(`fresh-${key}`, '*'));
      assert.deepEqual(await write(...fresh), ['insert']);
      assert.deepEqual(await write(...fresh.map((written) => ({ ...written, version: versionOf('{}') }))), ['update']);
      const ids = many.map((key) => object(key));
      assert.deepEqual(await statements(() => scene.storage.read([object('one')], me())), ['select']);
      assert.deepEqual(await statements(() => scene.storage.read(ids, me())), ['select']);
      assert.deepEqual(await statements(() => scene.storage.list('c', alice.id, me(), 100, '')), ['select']);
      assert.deepEqual(await statements(() => scene.storage.delete(ids, me())), ['delete']);
    });

    it('profiles that a module changes together: one, however many', async () => {
      const users = await Promise.all(many.map(() => scene.user()));
      const profiles = users.map(({ id }, i) => ({ userId: id, location: `Place ${i}`, metadata: { i } }));
      assert.deepEqual(await statements(() => scene.nk('multiUpdate', profiles)), ['update']);
    });

    it('wallets: lock, store and ledger, however many', async () => {
      const users = await Promise.all(many.map(() => scene.user()));
      const changes = users.map(({ id }) => ({ userId: id, changeset: { gold: 1 }, metadata: {} }));
      const [one] = changes;
      assert.deepEqual(await statements(() => scene.wallets.update([one!], false)), ['select', 'update']);
      assert.deepEqual(await statements(() => scene.wallets.update(changes, true)), ['select', 'update', 'insert']);
      assert.deepEqual(await statements(() => scene.wallets.ledger(one!.userId, 100, '')), ['select']);
    });

    it('leaderboards: one for a score, changed or not, one for a page or for owners, three for a window', async () => {
      for (const hasRanks of [false, true]) {
        const id = `board-${randomUUID()}`;
        await scene.nk('leaderboardCreate', id, false, 'desc', 'best', null, null, hasRanks);
        const score = (value: number) => scene.nk('leaderboardRecordWrite', id, alice.id, null, value);
        // The board is read once, and its ranks when they are first needed.
        await score(5);
        assert.deepEqual(await statements(() => score(6)), ['with']);
        assert.deepEqual(await statements(() => score(5)), ['with']);
        const page = (owners: string[], limit?: number) => scene.nk('leaderboardRecordsList', id, owners, limit);
        assert.deepEqual(await statements(() => page([], 100)), ['select']);
        assert.deepEqual(await statements(() => page([alice.id, randomUUID()])), ['select']);
        const window = () => scene.nk('leaderboardRecordsHaystack', id, alice.id, 10);
        assert.deepEqual(await statements(window), ['select', 'select', 'select']);
        assert.deepEqual(await statements(() => scene.nk('leaderboardRecordDelete', id, alice.id)), ['delete']);
      }
    });

    it('a session: none to begin and to verify, one to refresh', async () => {
      const { token, refreshToken } = await scene.sessions.begin(alice.id, alice.username, {});
      assert.deepEqual(await statements(() => scene.sessions.begin(alice.id, alice.username, {})), []);
      assert.deepEqual(await statements(async () => scene.tokens.verify(token)), []);
      assert.deepEqual(await statements(() => scene.sessions.refresh(refreshToken, {})), ['select']);
    });
  });
});
