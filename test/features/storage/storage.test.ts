import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { before, beforeEach, describe, it } from 'node:test';
import { Nakama } from '../../../src/protocol/gen/nakama/api/service_pb.js';
import { Status } from '../../../src/protocol/status.ts';
import { ArgumentError } from '../../../src/runtime/argument-check.ts';
import { forEachDatabase } from '../../support/databases.ts';
import type { FakeUser } from '../../support/fake-session.ts';
import { PlayerScene } from '../../support/player-scene.ts';

const NIL = '00000000-0000-0000-0000-000000000000';
const refused = { code: Status.INVALID_ARGUMENT };
const md5 = (text: string) => createHash('md5').update(text).digest('hex');
const { deleteStorageObjects, listStorageObjects, readStorageObjects, writeStorageObjects } = Nakama.method;

interface Written {
  readonly key?: string;
  readonly value?: string;
  readonly version?: string;
  readonly permissionRead?: number;
  readonly permissionWrite?: number;
}

forEachDatabase((_name, open) => {
  let scene: PlayerScene;
  let alice: FakeUser;
  let bob: FakeUser;
  /** Of this test alone. */
  let collection: string;

  before(async () => {
    scene = new PlayerScene((await open()).db);
    [alice, bob] = await Promise.all([scene.user('alice'), scene.user('bob')]);
  });
  beforeEach(() => {
    collection = `c-${randomUUID()}`;
  });

  const write = async (user: FakeUser, ...objects: Written[]) => {
    const named = objects.map((object) => ({ collection, key: 'k', value: '{}', ...object }));
    return (await scene.call(writeStorageObjects, user, { objects: named })).acks;
  };
  const read = async (user: FakeUser, owner: FakeUser | null, ...keys: string[]) => {
    const objectIds = (keys.length === 0 ? ['k'] : keys).map((key) => ({ collection, key, userId: owner?.id ?? '' }));
    return (await scene.call(readStorageObjects, user, { objectIds })).objects ?? [];
  };
  const remove = (user: FakeUser, ...ids: { key?: string; version?: string }[]) =>
    scene.call(deleteStorageObjects, user, { objectIds: ids.map((id) => ({ collection, key: 'k', ...id })) });
  const list = (user: FakeUser, request: object) => scene.call(listStorageObjects, user, { collection, ...request });
  const serverWrite = (owner: FakeUser | null, object: object) =>
    scene.nk('storageWrite', [{ collection, key: 'k', userId: owner?.id ?? null, value: {}, ...object }]);

  describe('a write', () => {
    it('is acknowledged with the hash of its text as the version, and times with fractions', async () => {
      const value = '{ "b": 1, "a": [2] }';
      const [ack] = await write(alice, { value });
      const { create_time, update_time, ...rest } = ack;
      assert.deepEqual(rest, { collection, key: 'k', user_id: alice.id, version: md5(value) });
      assert.equal(create_time, update_time);
      const [object] = await read(alice, alice);
      assert.deepEqual(JSON.parse(object.value), { a: [2], b: 1 });
      assert.deepEqual([object.version, object.permission_read, object.permission_write], [md5(value), 1, 1]);
      assert.match(object.create_time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    });

    it('over an object keeps its time of creation, and sets permissions back to 1', async () => {
      const [first] = await write(alice, { permissionRead: 2 });
      const [second] = await write(alice, { value: '{"a":1}' });
      assert.equal(second.create_time, first.create_time);
      assert.notEqual(second.update_time, first.update_time);
      assert.equal((await read(alice, alice))[0].permission_read, 1);
    });

    it('takes text of one JSON object, with names and permissions that there are', async () => {
      const values = ['', ' ', '[]', '1', '"x"', 'null', '{', '{}{}', '{"a":}'];
      for (const value of values) await assert.rejects(write(alice, { value }), refused, value);
      for (const object of [
        { key: '' },
        { key: 'x'.repeat(129) },
        { permissionRead: 3 },
        { permissionRead: -1 },
        { permissionWrite: 2 },
        { permissionWrite: -1 },
      ]) {
        await assert.rejects(write(alice, object), refused, JSON.stringify(object));
      }
      await write(alice, { key: 'x'.repeat(128) }, { key: '🧭'.repeat(128) }, { value: ' \n{} ' });
      assert.deepEqual(await scene.call(writeStorageObjects, alice, {}), {});
    });

    it('of what cannot be stored is the error of who asks for it', async () => {
      const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
      for (const value of ['{"a":"\\u0000"}', '{"a":"\\ud800"}', '{"a":1e200000}', '{"a":1e100000}', deep]) {
        await assert.rejects(write(alice, { value }), refused, value.slice(0, 30));
        await assert.rejects(write(alice, { value }, { key: 'other' }), refused, value.slice(0, 30));
      }
      await assert.rejects(write(alice, { key: 'a\0b' }), refused);
      assert.deepEqual(await read(alice, alice, 'other'), []);
    });

    it('keeps numbers of any length, and text of any script', async () => {
      const value = '{"big": 123456789012345678901234567890.000100, "text": "„Ä“ \\u2028 🧭"}';
      await write(alice, { value });
      const stored = (await read(alice, alice))[0].value;
      assert.match(stored, /123456789012345678901234567890\.000100/);
      assert.equal(JSON.parse(stored).text, '„Ä“ \u2028 🧭');
    });

    it('names its object exactly', async () => {
      const keys = ['key', 'KEY', ' key', 'key ', 'ключ', '键'];
      await write(alice, ...keys.map((key) => ({ key, value: JSON.stringify({ key }) })));
      for (const key of keys) assert.deepEqual(JSON.parse((await read(alice, alice, key))[0].value), { key });
    });
  });

  describe('a condition', () => {
    it('of * writes only what is not there', async () => {
      await write(alice, { version: '*' });
      await assert.rejects(write(alice, { version: '*' }), refused);
      await write(bob, { version: '*' });
    });

    it('of a version writes only over this one', async () => {
      await assert.rejects(write(alice, { version: md5('{}') }), refused);
      const [{ version }] = await write(alice, {});
      await assert.rejects(write(alice, { value: '{"a":1}', version: md5('other') }), refused);
      await write(alice, { value: '{"a":1}', version });
      await assert.rejects(write(alice, { value: '{"a":2}', version }), refused);
    });

    it('that two writers have at once lets one of them through', async () => {
      for (const version of ['*', md5('{"n":0}')]) {
        const attempts = [1, 2, 3, 4].map((n) => write(alice, { value: `{"n":${n}}`, version }));
        const outcomes = await Promise.allSettled(attempts);
        const won = outcomes.findIndex(({ status }) => status === 'fulfilled');
        assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
        assert.deepEqual(JSON.parse((await read(alice, alice))[0].value), { n: won + 1 });
        await write(alice, { value: '{"n":0}' });
      }
    });
  });

  describe('a batch', () => {
    it('is written whole or not at all', async () => {
      await write(alice, { key: 'there', permissionWrite: 0, permissionRead: 1 });
      for (const bad of [{ key: 'there' }, { key: 'there', version: '*' }, { key: 'new', version: 'x' }, { key: '' }]) {
        await assert.rejects(write(alice, { key: 'good' }, bad, { key: 'better' }), refused);
      }
      assert.deepEqual(await read(alice, alice, 'good', 'better', 'new'), []);
    });

    it('may name an object twice: each is acknowledged, the later one stays', async () => {
      const acks = await write(alice, { value: '{"n":1}' }, { key: 'other' }, { value: '{"n":2}' });
      assert.deepEqual(
        acks.map(({ key, version }: { key: string; version: string }) => [key, version]),
        [
          ['k', md5('{"n":1}')],
          ['other', md5('{}')],
          ['k', md5('{"n":2}')],
        ],
      );
      assert.deepEqual(JSON.parse((await read(alice, alice))[0].value), { n: 2 });
      await write(alice, { key: 'fresh', version: '*' }, { key: 'fresh', value: '{"n":1}', version: md5('{}') });
      await assert.rejects(write(alice, { key: 'twice', version: '*' }, { key: 'twice', version: '*' }), refused);
    });

    it('minds the condition of each of its objects', async () => {
      const [first, second] = await write(alice, { key: 'first' }, { key: 'second' });
      const over = (ack: { key: string; version: string }, n: number) => ({ ...ack, value: `{"n":${n}}` });
      const mixed = [{ key: 'any' }, { key: 'new', version: '*' }, { key: 'newer', version: '*' }];
      const stale = over({ key: 'second', version: md5('{"n":0}') }, 2);
      await assert.rejects(write(alice, ...mixed, over(first, 1), stale), refused);
      assert.deepEqual(await read(alice, alice, 'any', 'new', 'newer'), []);
      const acks = await write(alice, ...mixed, over(first, 1), over(second, 2));
      assert.deepEqual(
        acks.map(({ key }: { key: string }) => key),
        ['any', 'new', 'newer', 'first', 'second'],
      );
      assert.deepEqual(
        acks.map(({ version }: { version: string }) => version),
        ['{}', '{}', '{}', '{"n":1}', '{"n":2}'].map(md5),
      );
      assert.equal((await read(alice, alice, 'any', 'new', 'newer', 'first', 'second')).length, 5);
    });

    it('that meets another with the same objects in another order does not wait for it for ever', async () => {
      const keys = Array.from({ length: 20 }, (_, i) => ({ key: `k${i}` }));
      const batches = [keys, keys.toReversed(), keys, keys.toReversed()];
      await Promise.all(batches.map((batch) => write(alice, ...batch)));
      assert.equal((await list(alice, { userId: alice.id, limit: 100 })).objects.length, 20);
    });
  });

  describe('permissions', () => {
    it('to read: 2 everybody, 1 the owner, 0 no client', async () => {
      for (const permissionRead of [0, 1, 2]) await write(alice, { key: `r${permissionRead}`, permissionRead });
      const seen = async (user: FakeUser) =>
        (await read(user, alice, 'r0', 'r1', 'r2', 'missing')).map(({ key }: { key: string }) => key).sort();
      assert.deepEqual(await seen(alice), ['r1', 'r2']);
      assert.deepEqual(await seen(bob), ['r2']);
      const all = await scene.nk(
        'storageRead',
        ['r0', 'r1', 'r2', 'missing'].map((key) => ({ collection, key, userId: alice.id })),
      );
      assert.equal(all.length, 3);
    });

    it('to write: 0 keeps the owner from changing and deleting it, not the server', async () => {
      const [{ version }] = await write(alice, { permissionWrite: 0 });
      for (const object of [{}, { version }, { version: '*' }]) await assert.rejects(write(alice, object), refused);
      for (const id of [{}, { version }]) await assert.rejects(remove(alice, id), refused);
      await serverWrite(alice, { permissionWrite: 0, value: { n: 1 } });
      await scene.nk('storageDelete', [{ collection, key: 'k', userId: alice.id }]);
      assert.deepEqual(await read(alice, alice), []);
    });

    it('to write do not depend on those to read', async () => {
      await write(alice, { permissionRead: 0 });
      await write(alice, { permissionRead: 0, value: '{"a":1}' });
      await remove(alice, {});
    });
  });

  describe('a read', () => {
    it('without an owner is of the server, whose id is not to be spelled out', async () => {
      await serverWrite(null, { permissionRead: 2 });
      await write(alice, {});
      const objects = await read(alice, null);
      assert.deepEqual(
        objects.map(({ user_id }: { user_id: string }) => user_id),
        [NIL],
      );
      await assert.rejects(read(alice, { id: NIL, username: '' }), refused);
      await assert.rejects(read(alice, { id: 'bob', username: '' }), refused);
    });

    it('gives an object once, however often it is named, and nothing for nothing', async () => {
      await write(alice, {});
      assert.equal((await read(alice, alice, 'k', 'k')).length, 1);
      assert.deepEqual(await scene.call(readStorageObjects, alice, {}), {});
    });
  });

  describe('a listing', () => {
    const pages = async (user: FakeUser, request: object): Promise<string[][]> => {
      const found: string[][] = [];
      for (let cursor = ''; ; ) {
        const page = await list(user, { ...request, cursor });
        found.push((page.objects ?? []).map(({ key }: { key: string }) => key));
        if (!page.cursor) return found;
        cursor = page.cursor;
      }
    };

    it("of one owner's objects goes by read permission and key, a page at a time", async () => {
      const objects = ['b', 'a', 'C', 'd'].flatMap((key, i) => ({ key, permissionRead: i === 3 ? 2 : 1 }));
      await write(alice, ...objects, { key: 'hidden', permissionRead: 0 }, { key: '0', permissionRead: 2 });
      assert.deepEqual(await pages(alice, { userId: alice.id, limit: 2 }), [['C', 'a'], ['b', '0'], ['d']]);
      assert.deepEqual(await pages(bob, { userId: alice.id, limit: 100 }), [['0', 'd']]);
    });

    it("of everybody's shows a client what everybody may read, by key and owner", async () => {
      const owners = [alice, bob].sort((a, b) => (a.id < b.id ? -1 : 1));
      for (const owner of owners) {
        await write(owner, { key: 'b', permissionRead: 2 }, { key: 'a', permissionRead: 2 }, { key: 'own' });
      }
      assert.deepEqual(await pages(alice, { limit: 3 }), [['a', 'a', 'b'], ['b']]);
      const page = await list(alice, { limit: 2 });
      assert.deepEqual(
        page.objects.map(({ user_id }: { user_id: string }) => user_id),
        owners.map(({ id }) => id),
      );
    });

    it('takes limits from 1 to 100, 1 when there is none, and only cursors that it gave', async () => {
      await write(alice, { key: 'a' }, { key: 'b' });
      assert.equal((await list(alice, { userId: alice.id })).objects.length, 1);
      const forged = [
        [1, 'a', 'x'.repeat(36)],
        [1e15, 'a', NIL],
        [1, 'a\0', NIL],
        [1, 'a', '-'.repeat(36)],
        'text',
        null,
      ];
      const cursors = forged.map((parts) => Buffer.from(JSON.stringify(parts)).toString('base64url'));
      for (const request of [
        { limit: 0 },
        { limit: 101 },
        { userId: 'bob' },
        ...cursors.map((cursor) => ({ cursor })),
      ]) {
        await assert.rejects(list(alice, request), refused, JSON.stringify(request));
        await assert.rejects(list(alice, { userId: alice.id, ...request }), refused, JSON.stringify(request));
      }
    });

    it('by a module sees everything, or what a caller sees', async () => {
      await write(alice, { key: 'r0', permissionRead: 0 }, { key: 'r1' }, { key: 'r2', permissionRead: 2 });
      await serverWrite(null, { key: 'r0', permissionRead: 0 });
      const keys = async (...args: unknown[]) => {
        const page = await scene.nk('storageList', ...args);
        return page.objects.map(({ key }: { key: string }) => key);
      };
      assert.deepEqual(await keys(null, collection, 100), ['r0', 'r0', 'r1', 'r2']);
      assert.deepEqual(await keys(alice.id, collection, 100, null, alice.id), ['r1', 'r2']);
      assert.deepEqual(await keys(alice.id, collection, 100, null, bob.id), ['r2']);
      assert.deepEqual(await scene.nk('storageList', null, collection, 0), { objects: [], cursor: null });
      await assert.rejects(scene.nk('storageList', null, collection, -1), ArgumentError);
    });
  });

  describe('a deletion', () => {
    it('needs an object of the version that is named', async () => {
      const [{ version }] = await write(alice, {});
      for (const id of [{ key: 'missing' }, { version: md5('other') }, { version: '*' }, { key: '' }]) {
        await assert.rejects(remove(alice, id), refused);
      }
      await assert.rejects(remove(bob, {}), refused);
      assert.deepEqual(await remove(alice, { version }), {});
      assert.deepEqual(await read(alice, alice), []);
    });

    it('is of all that are named, or of none', async () => {
      await write(alice, { key: 'a' }, { key: 'b' });
      await assert.rejects(remove(alice, { key: 'a' }, { key: 'missing' }), refused);
      await assert.rejects(remove(alice, { key: 'a' }, { key: 'a' }), refused);
      assert.equal((await read(alice, alice, 'a', 'b')).length, 2);
      await remove(alice, { key: 'a' }, { key: 'b' });
      assert.deepEqual(await scene.call(deleteStorageObjects, alice, {}), {});
    });

    it('by a module minds versions alone', async () => {
      const [{ version }] = await serverWrite(alice, { permissionWrite: 0 });
      const id = { collection, key: 'k', userId: alice.id };
      const missing = { collection, key: 'missing', userId: alice.id };
      await assert.rejects(scene.nk('storageDelete', [missing, { ...id, version: 'other' }]), refused);
      await scene.nk('storageDelete', [missing, { ...id, version }]);
      await scene.nk('storageDelete', [missing]);
      assert.deepEqual(await read(alice, alice), []);
    });
  });

  describe('nk', () => {
    it('writes for the server unless an owner is named, with a version that the value decides', async () => {
      const [ack] = await serverWrite(null, { value: { b: 1, a: { d: [1], c: null } } });
      assert.deepEqual(ack, { collection, key: 'k', userId: NIL, version: md5('{"a":{"c":null,"d":[1]},"b":1}') });
      const [object] = await scene.nk('storageRead', [{ collection, key: 'k' }]);
      const { createTime, updateTime, ...rest } = object;
      assert.ok(Number.isInteger(createTime) && Number.isInteger(updateTime));
      assert.deepEqual(rest, {
        ...ack,
        permissionRead: 1,
        permissionWrite: 1,
        value: { a: { c: null, d: [1] }, b: 1 },
      });
    });

    it('takes ids in capitals as those of the same owner', async () => {
      const acks = await scene.nk('storageWrite', [
        { collection, key: 'a', userId: alice.id.toUpperCase(), value: {} },
        { collection, key: 'b', userId: alice.id, value: {} },
      ]);
      assert.deepEqual(
        acks.map(({ userId }: { userId: string }) => userId),
        [alice.id, alice.id],
      );
    });

    it('tells bad arguments from refusals', async () => {
      await serverWrite(alice, {});
      await assert.rejects(serverWrite(alice, { version: '*' }), refused);
      await assert.rejects(serverWrite({ id: randomUUID(), username: '' }, {}), { code: Status.NOT_FOUND });
      for (const object of [{ version: '' }, { key: '' }, { key: undefined }, { value: [] }, { permissionRead: 1.5 }]) {
        await assert.rejects(serverWrite(alice, object), ArgumentError, JSON.stringify(object));
      }
    });
  });
});
