import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { IndexDefinition } from '../../../src/features/storage-index/definition.ts';
import { type Entry, entryOf } from '../../../src/features/storage-index/entry.ts';
import { MemoryIndex } from '../../../src/features/storage-index/memory-index.ts';
import { Order } from '../../../src/features/storage-index/order.ts';
import { parseQuery } from '../../../src/query/index.ts';

const definition: IndexDefinition = {
  name: 'cards',
  collection: 'cards',
  key: '',
  fields: ['suit', 'rank', 'tags'],
  sortableFields: ['rank'],
  maxEntries: 10_000,
  indexOnly: false,
  filter: undefined,
};
const userId = '11111111-1111-4111-8111-111111111111';

function card(key: string, value: object, updateTimeMs = 0): Entry {
  const row = {
    collection: 'cards',
    key,
    user_id: userId,
    value: JSON.stringify(value),
    version: '0',
    read: 1,
    write: 1,
    create_time: new Date(0),
    update_time: new Date(updateTimeMs),
  };
  return entryOf(row, definition)!;
}

const queries = [
  '',
  '+value.suit:hearts',
  '+value.suit:hearts +value.rank:3',
  '+value.rank:3 -value.suit:spades',
  '+value.tags:red +value.tags:big',
  '+value.tags:red value.suit:hearts',
  '+key:k7',
  '+value.absent:x',
  'value.suit:hearts',
];

it('a query finds the same, whatever was put, changed and taken out since it was first asked', () => {
  const index = new MemoryIndex(definition.maxEntries);
  const cards = new Map<string, Entry>();
  const suits = ['hearts', 'spades', 'clubs'];
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  for (let step = 0; step < 600; step++) {
    const key = `k${random(60)}`;
    const tags = ['red', 'big', 'red'].slice(random(4));
    const entry = card(key, { suit: suits[random(3)], rank: random(2) ? random(6) : String(random(6)), tags });
    if (random(4) === 0) {
      index.delete(entry.id);
      cards.delete(entry.id);
    } else {
      index.put(entry);
      cards.set(entry.id, entry);
    }
    const text = queries[step % queries.length]!;
    const query = parseQuery(text);
    const found = index.find(query, new Order(['value.rank'], ['rank']), undefined, 1000).map((each) => each.entry.key);
    const wanted = [...cards.values()].filter((each) => query.matches(each)).map((each) => each.key);
    assert.deepEqual(found.toSorted(), wanted.toSorted(), text);
    assert.equal(index.size, cards.size);
  }
});

it('the oldest go, and are not found by any way', () => {
  const index = new MemoryIndex(10);
  const find = (text: string) =>
    index.find(parseQuery(text), new Order([], []), undefined, 100).map(({ entry }) => entry.key);
  assert.deepEqual(find('+value.suit:hearts'), []);
  for (let i = 0; i < 12; i++) index.put(card(`k${10 + i}`, { suit: i < 6 ? 'hearts' : 'spades' }, 1000 - i));
  assert.equal(index.size, 10);
  assert.deepEqual(find('+value.suit:hearts'), ['k10', 'k11', 'k12', 'k13', 'k14', 'k15']);
  assert.deepEqual(find('+value.suit:spades'), ['k16', 'k17', 'k18', 'k19']);
});
