import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createLocalCacheFeature } from '../../../src/features/local-cache/index.ts';
import { LocalCache } from '../../../src/features/local-cache/service.ts';
import { moduleCalls } from '../../support/module-calls.ts';

describe('nk.localcache', () => {
  const nk = moduleCalls(createLocalCacheFeature());

  test('texts, numbers and booleans are kept as they are', async () => {
    for (const value of ['high', '', 3.5, 0, true, false]) {
      await nk('localcachePut', 'tide', value);
      assert.equal(await nk('localcacheGet', 'tide', 'unknown'), value);
    }
  });
  test('what is not there is undefined, or the default', async () => {
    assert.equal(await nk('localcacheGet', 'nothing'), undefined);
    assert.equal(await nk('localcacheGet', 'nothing', null), undefined);
    assert.deepEqual(await nk('localcacheGet', 'nothing', { a: 1 }), { a: 1 });
  });
  test('delete and clear; neither minds what is not there', async () => {
    await nk('localcachePut', 'a', 1);
    await nk('localcachePut', 'b', 2);
    await nk('localcacheDelete', 'a');
    await nk('localcacheDelete', 'a');
    assert.equal(await nk('localcacheGet', 'a'), undefined);
    await nk('localcacheClear');
    assert.equal(await nk('localcacheGet', 'b'), undefined);
  });
  test('objects, lists and nothing are no values, the empty text no key, times are whole and not negative', async () => {
    for (const wrong of [{ a: 1 }, [1], null, undefined])
      await assert.rejects(nk('localcachePut', 'k', wrong), TypeError);
    for (const wrong of [-1, 1.5, '1']) await assert.rejects(nk('localcachePut', 'k', 'x', wrong), TypeError);
    await assert.rejects(nk('localcachePut', '', 'x'), TypeError);
  });
});

describe('LocalCache', () => {
  test('an entry ends with its time; 0 is for ever', () => {
    let nowMs = 0;
    const cache = new LocalCache(() => nowMs);
    cache.put('brief', 'x', 1);
    cache.put('kept', 'y', 0);
    nowMs = 999;
    assert.equal(cache.get('brief'), 'x');
    nowMs = 1000;
    assert.equal(cache.get('brief'), undefined);
    nowMs = 1e12;
    assert.equal(cache.get('kept'), 'y');
  });
  test('entries whose time is over are swept out though nobody asks', () => {
    let nowMs = 0;
    const cache = new LocalCache(() => nowMs);
    for (let i = 0; i < 100; i++) cache.put(`k${i}`, i, 1);
    nowMs = 120_000;
    cache.put('one', 1, 0);
    assert.equal(cache.size, 1);
  });
  test('above the number of entries or the amount of text the oldest go', () => {
    const cache = new LocalCache(() => 0, { maxEntries: 3, maxTextUnits: 100 });
    for (const key of ['a', 'b', 'c']) cache.put(key, 1, 0);
    cache.put('a', 2, 0);
    cache.put('d', 1, 0);
    assert.equal(cache.get('b'), undefined);
    assert.equal(cache.get('a'), 2);
    cache.put('big', 'x'.repeat(97), 0);
    assert.equal(cache.size, 1);
    cache.put('big', 'x', 0);
    cache.put('more', 'x'.repeat(90), 0);
    assert.equal(cache.size, 2, 'a replaced value no longer counts');
  });
  test('it tells of every key that changes, and of all at once when it is cleared', () => {
    let nowMs = 0;
    const cache = new LocalCache(() => nowMs, { maxEntries: 2, maxTextUnits: 100 });
    const told = new Set<string | undefined>();
    const changes = () => {
      const names = [...told];
      told.clear();
      return names;
    };
    cache.onChange((key) => told.add(key));
    cache.put('a', 1, 0);
    cache.put('b', 1, 1);
    assert.deepEqual(changes(), ['a', 'b']);
    cache.put('c', 1, 0);
    assert.deepEqual(changes(), ['c', 'a'], 'the oldest made room');
    nowMs = 1000;
    cache.get('b');
    cache.delete('nothing');
    assert.deepEqual(changes(), ['b']);
    cache.clear();
    assert.deepEqual(changes(), [undefined]);
  });
  test('a value with a time to live is not lasting; what is not there is', () => {
    const cache = new LocalCache(() => 0);
    cache.put('brief', 1, 5);
    cache.put('long', 1, 0);
    assert.deepEqual(
      ['brief', 'long', 'none'].map((key) => cache.isLasting(key)),
      [false, true, true],
    );
  });
});
