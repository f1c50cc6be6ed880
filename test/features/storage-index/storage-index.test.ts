import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { sql } from 'kysely';
import { type Db, inTransaction } from '../../../src/database/database.ts';
import { AccountsService } from '../../../src/features/accounts/index.ts';
import { createStorageFeature, StorageService } from '../../../src/features/storage/index.ts';
import type { FilterFunction, IndexDefinition } from '../../../src/features/storage-index/definition.ts';
import { StorageIndexes } from '../../../src/features/storage-index/index.ts';
import { silentLog } from '../../../src/observability/log.ts';
import { StatusError } from '../../../src/protocol/status.ts';
import { forEachDatabase } from '../../support/databases.ts';
import type { FakeUser } from '../../support/fake-session.ts';
import { storedUser } from '../../support/realtime-scene.ts';

const heroes: IndexDefinition = {
  name: 'heroes',
  collection: 'heroes',
  key: '',
  fields: ['level', 'job'],
  sortableFields: ['level'],
  maxEntries: 1000,
  indexOnly: false,
  filter: undefined,
};

forEachDatabase((_name, open) => {
  let db: Db;
  let alice: FakeUser;
  let bob: FakeUser;
  let scene: Awaited<ReturnType<typeof newScene>>;

  /** Storage of its own: every test's objects are in another collection. */
  let collections = 0;
  async function newScene() {
    const { storage, feature } = createStorageFeature({ db });
    const indexes = new StorageIndexes({ db, storage, log: silentLog });
    storage.listen(indexes);
    const collection = `heroes${++collections}`;
    const use = (...changes: Partial<IndexDefinition>[]) =>
      indexes.use(changes.map((change) => ({ ...heroes, collection, ...change })));
    const object = (user: FakeUser, key: string, value: object, permissionRead = 1) => ({
      collection,
      key,
      userId: user.id,
      value: JSON.stringify(value),
      version: '',
      permissionRead,
      permissionWrite: 1,
    });
    const write = (user: FakeUser, key: string, value: object, permissionRead?: number) =>
      storage.write([object(user, key, value, permissionRead)], 'server');
    const list = (
      query: string,
      {
        limit = 100,
        order = [] as string[],
        callerId = undefined as string | undefined,
        cursor = '',
        index = 'heroes',
      } = {},
    ) => indexes.list({ index, query, limit, order }, callerId, cursor);
    const keys = async (query: string, options?: Parameters<typeof list>[1]) =>
      (await list(query, options)).objects.map(({ key }) => key);
    return { storage, feature, collection, use, object, write, list, keys };
  }

  beforeEach(async () => {
    ({ db } = await open());
    alice ??= await storedUser(db, 'alice');
    bob ??= await storedUser(db, 'bob');
    scene = await newScene();
  });

  describe('what is in an index', () => {
    it('is what was stored before it was there, and each change from then on', async () => {
      await scene.write(alice, 'old', { level: 1 });
      await scene.use({});
      assert.deepEqual(await scene.keys(''), ['old']);
      await scene.write(alice, 'new', { level: 2 });
      assert.deepEqual(await scene.keys('+value.level:>1'), ['new']);
      await scene.write(alice, 'old', { level: 3 });
      assert.deepEqual(await scene.keys('+value.level:>1'), ['new', 'old']);
      await scene.storage.delete(
        [{ collection: scene.collection, key: 'new', userId: alice.id, version: '' }],
        'server',
      );
      assert.deepEqual(await scene.keys(''), ['old']);
    });

    it('is one collection, or one key of it', async () => {
      await scene.use({}, { name: 'chosen', key: 'chosen' });
      await scene.write(alice, 'chosen', { level: 1 });
      await scene.write(bob, 'other', { level: 1 });
      await scene.storage.write(
        [{ ...scene.object(alice, 'chosen', { level: 1 }), collection: 'elsewhere' }],
        'server',
      );
      assert.deepEqual(await scene.keys(''), ['chosen', 'other']);
      assert.deepEqual(await scene.keys('', { index: 'chosen' }), ['chosen']);
    });

    it('are objects with at least one of its fields, by these fields only', async () => {
      await scene.use({});
      await scene.write(alice, 'without', { name: 'Arn' });
      await scene.write(alice, 'with', { name: 'Bea', level: 1 });
      assert.deepEqual(await scene.keys(''), ['with']);
      assert.deepEqual(await scene.keys('+value.name:Bea'), []);
      await scene.write(alice, 'with', { name: 'Bea' });
      assert.deepEqual(await scene.keys(''), []);
    });

    it('is nothing of a transaction that was undone, and all of one that was not', async () => {
      await scene.use({});
      const attempt = inTransaction(db, async (transaction) => {
        await scene.storage.write([scene.object(alice, 'undone', { level: 1 })], 'server', transaction);
        throw new Error('no');
      });
      await assert.rejects(attempt);
      assert.deepEqual(await scene.keys(''), []);
      await inTransaction(db, async (transaction) => {
        await scene.storage.write([scene.object(alice, 'done', { level: 1 })], 'server', transaction);
      });
      assert.deepEqual(await scene.keys(''), ['done']);
    });

    it('goes with the account of its owner', async () => {
      await scene.use({});
      const carol = await storedUser(db, 'carol');
      await scene.write(carol, 'hers', { level: 1 });
      await scene.write(alice, 'other', { level: 1 });
      assert.deepEqual(await scene.keys(''), ['hers', 'other']);
      const sessions = { logoutEverywhere: async () => {}, disconnectUser: () => {}, disconnectBanned: () => {} };
      const userData = () => [scene.feature.userData!];
      await new AccountsService({ db, isOnline: () => false, sessions, userData }).delete(carol.id);
      assert.deepEqual(await scene.keys('', { index: 'heroes' }), ['other']);
    });

    it('is the last of writes that overtake each other', async () => {
      await scene.use({});
      await Promise.all(Array.from({ length: 20 }, (_, level) => scene.write(alice, 'busy', { level })));
      const [stored] = await scene.storage.read([scene.object(alice, 'busy', {})], 'server');
      const { level } = JSON.parse(stored!.value) as { level: number };
      assert.deepEqual(await scene.keys(`+value.level:${level}`), ['busy']);
    });

    it('is the newest, once there are a tenth more than it may hold', async () => {
      await scene.use({ maxEntries: 10 });
      for (let i = 0; i < 11; i++) await scene.write(alice, `k${String(i).padStart(2, '0')}`, { level: i });
      assert.equal((await scene.keys('')).length, 11);
      await scene.write(alice, 'k00', { level: 100 });
      await scene.write(alice, 'k11', { level: 11 });
      assert.deepEqual(await scene.keys(''), [
        'k00',
        ...['03', '04', '05', '06', '07', '08', '09', '10', '11'].map((n) => `k${n}`),
      ]);
    });

    it('is the newest when it is loaded', async () => {
      const names = Array.from({ length: 30 }, (_, i) => `k${String(i + 1).padStart(2, '0')}`);
      await scene.storage.write(
        names.map((key, i) => scene.object(alice, key, { level: 30 - i })),
        'server',
      );
      await sql`update storage set update_time = now() - substr(key, 2)::int * interval '1 second'
        where collection = ${scene.collection}`.execute(db);
      await scene.use({ maxEntries: 5 });
      const found = await scene.keys('', { order: ['-value.level'] });
      assert.deepEqual(found.slice(0, 5), ['k01', 'k02', 'k03', 'k04', 'k05']);
      assert.ok(found.length <= 6);
    });

    it('may be more than is read at a time', async () => {
      const many = Array.from({ length: 1203 }, (_, i) => scene.object(alice, `k${i}`, { level: i }));
      await scene.storage.write(many, 'server');
      await scene.use({ maxEntries: 2000 });
      assert.equal((await scene.keys('', { limit: 10_000 })).length, 1203);
      await scene.storage.write(
        many.map((object) => ({ ...object, value: '{"level":5000}' })),
        'server',
      );
      assert.equal((await scene.keys('+value.level:5000', { limit: 10_000 })).length, 1203);
    });

    it('is corrected when something changed behind its back and is found', async () => {
      await scene.use({});
      await scene.write(alice, 'k', { level: 1 });
      assert.deepEqual(await scene.keys('+value.level:1'), ['k']);
      await db
        .updateTable('storage')
        .set({ value: '{"level":2}', version: 'other' })
        .where('collection', '=', scene.collection)
        .execute();
      assert.deepEqual(await scene.keys('+value.level:1'), ['k']);
      assert.deepEqual(await scene.keys('+value.level:1'), []);
      assert.deepEqual(await scene.keys('+value.level:2'), ['k']);
    });

    it('is read anew by the next listing when a change could not be read', async () => {
      let failures = 1;
      class FlakyStorage extends StorageService {
        override async read(...args: Parameters<StorageService['read']>) {
          if (failures-- > 0) throw new Error('the database is away');
          return super.read(...args);
        }
      }
      const storage = new FlakyStorage(db);
      const indexes = new StorageIndexes({ db, storage, log: silentLog });
      storage.listen(indexes);
      await indexes.use([{ ...heroes, collection: scene.collection }]);
      await storage.write([scene.object(alice, 'k', { level: 1 })], 'server');
      const listing = { index: 'heroes', query: '', limit: 10, order: [] };
      assert.equal((await indexes.list(listing, undefined, '')).objects.length, 0);
      assert.equal((await indexes.list(listing, undefined, '')).objects.length, 1);
    });
  });

  describe('a listing', () => {
    beforeEach(async () => {
      await scene.use({});
      const { storage, object } = scene;
      await storage.write(
        [
          object(alice, 'a', { level: 10, job: 'mage', more: 'x' }, 1),
          object(alice, 'b', { level: 9, job: 'thief' }, 2),
          object(bob, 'c', { level: 100, job: 'mage' }, 0),
          object(bob, 'd', { level: 'high', job: 'mage' }, 2),
          object(bob, 'e', { job: 'mage' }, 1),
        ],
        'server',
      );
    });

    it('is ordered by numbers, then text, and last what has none', async () => {
      assert.deepEqual(await scene.keys('', { order: ['value.level'] }), ['b', 'a', 'c', 'd', 'e']);
      assert.deepEqual(await scene.keys('', { order: ['-value.level'] }), ['d', 'c', 'a', 'b', 'e']);
    });

    it('passes over what cannot be sorted by', async () => {
      assert.deepEqual(await scene.keys('', { order: ['-value.job', '-value.level'] }), ['d', 'c', 'a', 'b', 'e']);
    });

    it('has the best fit first where no order is asked for', async () => {
      assert.deepEqual(await scene.keys('value.level:<50 value.job:mage^3'), ['a', 'c', 'd', 'e', 'b']);
    });

    it('goes on where a page ended, whatever changed before', async () => {
      const order = ['value.level'];
      const first = await scene.list('', { limit: 2, order });
      assert.deepEqual(
        first.objects.map(({ key }) => key),
        ['b', 'a'],
      );
      await scene.storage.delete([{ collection: scene.collection, key: 'b', userId: alice.id, version: '' }], 'server');
      const second = await scene.list('', { limit: 2, order, cursor: first.cursor! });
      assert.deepEqual(
        second.objects.map(({ key }) => key),
        ['c', 'd'],
      );
      const last = await scene.list('', { limit: 2, order, cursor: second.cursor! });
      assert.deepEqual(
        last.objects.map(({ key }) => key),
        ['e'],
      );
      assert.equal(last.cursor, null);
    });

    it('that is exactly full and last has no cursor', async () => {
      assert.equal((await scene.list('', { limit: 5 })).cursor, null);
    });

    it('refuses a cursor of another one', async () => {
      const { cursor } = await scene.list('', { limit: 2, order: ['value.level'] });
      const others = [
        { query: '+value.level:>0', limit: 2, order: ['value.level'] },
        { query: '', limit: 3, order: ['value.level'] },
        { query: '', limit: 2, order: ['-value.level'] },
      ];
      for (const { query, ...options } of others) {
        await assert.rejects(scene.list(query, { ...options, cursor: cursor! }), StatusError);
      }
      await assert.rejects(scene.list('', { limit: 2, order: ['value.level'], cursor: 'nonsense' }), StatusError);
      assert.deepEqual(await scene.keys('*', { limit: 2, order: ['value.level'], cursor: cursor! }), ['c', 'd']);
    });

    it('shows a player what they may read, in pages that may be short', async () => {
      assert.deepEqual(await scene.keys('', { callerId: alice.id }), ['a', 'b', 'd']);
      assert.deepEqual(await scene.keys('', { callerId: bob.id }), ['b', 'd', 'e']);
      const page = await scene.list('', { callerId: bob.id, limit: 1 });
      assert.deepEqual([page.objects.length, typeof page.cursor], [0, 'string']);
    });

    it('has whole objects, or of an index that answers on its own the indexed fields', async () => {
      const [whole] = (await scene.list('+key:a')).objects;
      assert.deepEqual(JSON.parse(whole!.value), { level: 10, job: 'mage', more: 'x' });
      await scene.use({ indexOnly: true });
      const [part] = (await scene.list('+key:a')).objects;
      assert.deepEqual(part, { ...whole, value: '{"level":10,"job":"mage"}' });
      assert.deepEqual(await scene.keys('', { callerId: alice.id }), ['a', 'b', 'd']);
      assert.deepEqual(await scene.keys('', { callerId: bob.id }), ['b', 'd', 'e']);
    });

    it('finds by what objects are, too', async () => {
      assert.deepEqual(await scene.keys(`+user_id:${bob.id} +read:2`), ['d']);
      assert.deepEqual(await scene.keys(`+collection:${scene.collection} +write:1 +key:/[ab]/`), ['a', 'b']);
    });

    it('refuses an unknown index and a query that cannot be read', async () => {
      await assert.rejects(scene.list('', { index: 'Heroes' }), /there is no storage index Heroes/);
      await assert.rejects(scene.list('+value.level:>'), /the query cannot be read: the query ends/);
    });
  });

  describe('a filter', () => {
    const upTo =
      (level: number): FilterFunction =>
      async (text) => {
        const { value } = JSON.parse(text) as { value: { level: number } };
        if (value.level === 13) throw new Error('bad luck');
        return String(value.level <= level);
      };

    it('decides what is loaded, what comes and what goes', async () => {
      await scene.write(alice, 'low', { level: 1 });
      await scene.write(alice, 'high', { level: 11 });
      await scene.use({ filter: upTo(10) });
      assert.deepEqual(await scene.keys(''), ['low']);
      await scene.write(alice, 'high', { level: 10 });
      await scene.write(alice, 'low', { level: 12 });
      assert.deepEqual(await scene.keys(''), ['high']);
    });

    it('that fails leaves what was there', async () => {
      await scene.use({ filter: upTo(10) });
      await scene.write(alice, 'k', { level: 2 });
      await scene.write(alice, 'k', { level: 13 });
      await scene.write(alice, 'new', { level: 13 });
      assert.deepEqual(await scene.keys(''), ['k']);
    });

    it('is told all of the object', async () => {
      const told: unknown[] = [];
      const filter: FilterFunction = async (text) => {
        told.push(JSON.parse(text));
        return 'true';
      };
      await scene.use({ filter });
      const [ack] = await scene.write(alice, 'k', { level: 2, extra: [1] }, 2);
      await scene.keys('');
      const { collection } = scene;
      const known = { collection, key: 'k', userId: alice.id, version: ack!.version };
      assert.deepEqual(told, [{ ...known, permissionRead: 2, permissionWrite: 1, value: { level: 2, extra: [1] } }]);
    });

    it('that never answers holds up neither writes nor, for long, listings', async () => {
      let calls = 0;
      await scene.use({ filter: () => (calls++ === 0 ? new Promise(() => {}) : Promise.resolve('true')) });
      await scene.write(alice, 'k', { level: 2 });
      assert.deepEqual(await scene.keys(''), []);
    });
  });

  describe('other indexes', () => {
    it('take the place of those there were', async () => {
      await scene.write(alice, 'k', { level: 1, name: 'Arn' });
      await scene.use({}, { name: 'second' });
      await scene.use({ fields: ['name'] });
      assert.deepEqual(await scene.keys('+value.name:Arn'), ['k']);
      await assert.rejects(scene.list('', { index: 'second' }), StatusError);
    });

    it('serve once they are loaded, with what changed meanwhile; until then the old ones do', async () => {
      await scene.write(alice, 'before', { level: 1 });
      await scene.use({});
      let letGo = () => {};
      const held = new Promise<void>((resolve) => {
        letGo = resolve;
      });
      const filter: FilterFunction = async () => {
        await held;
        return 'true';
      };
      const using = scene.use({ filter });
      await scene.write(alice, 'meanwhile', { level: 2 });
      assert.deepEqual(await scene.keys(''), ['before', 'meanwhile']);
      letGo();
      await using;
      assert.deepEqual(await scene.keys(''), ['before', 'meanwhile']);
    });
  });
});
