import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addField, type FieldValues, nothing, PatternError, parseQuery, QueryError } from '../../src/query/index.ts';

const hero = documentOf({
  name: 'Dot the Sly',
  job: 'thief',
  level: 20,
  debt: -5,
  alive: true,
  tags: ['tall', 'calm'],
  stats: { str: 9, worn: [{ slot: 'head' }] },
  born: '2024-03-01T10:00:00Z',
  code: '007',
  lucky: 7,
  odd: 'a"b:c\\d',
});

function documentOf(value: object): Map<string, FieldValues> {
  const document = new Map<string, FieldValues>();
  addField(document, 'value', value);
  return document;
}

const found = [
  '',
  '*',
  '+value.job:thief',
  'value.job:thief',
  '+value.name:Dot\\ the\\ Sly',
  '+value.name:"Dot the Sly"',
  '+value.level:20',
  '+value.level:20.0',
  '+value.level:>19.5',
  '+value.level:>=20',
  '+value.level:<21 +value.level:<=20',
  '+value.debt:-5',
  '+value.debt:>-6',
  '+value.alive:T',
  '-value.alive:F',
  '+value.tags:tall +value.tags:calm',
  '+value.stats.str:>=9',
  '+value.stats.worn.slot:head',
  '+value.job:/t.*|mage/',
  '+value.job:/\\^thief$/',
  '+value.name:Dot*',
  '+value.name:*Sly',
  '+value.job:th?ef',
  '+value.level:*',
  '+value.job:theif~2',
  '+value.born:>"2024-01-01T00:00:00Z" +value.born:<"2024-03-01T12:00:00+01:00"',
  '+value.born:"2024-03-01T10:00:00Z"',
  '+value.code:007',
  '+value.lucky:007',
  '+value.born:*',
  '+value.odd:a"b\\:c\\\\d',
  'value.job:mage value.job:thief',
  '+value.job:thief value.job:mage',
  '+value.job:thief -value.job:mage^3',
  '+ value.job:thief',
];

const notFound = [
  '+value.job:Thief',
  '+value.job:thie',
  'value.job:mage',
  'value.job:mage value.level:<3',
  '-value.job:thief',
  'value.job:thief -value.alive:T',
  '+value.job:thief +value.level:>20',
  '+value.level:>20',
  '+value.level:<20',
  '+value.job:>1',
  '+value.alive:true',
  '+value.absent:*',
  '+value.job:/hie/',
  '+value.job:th?f',
  '+value.job:thxxf~1',
  '+value.born:<"2024-01-01T00:00:00Z"',
  'thief',
  '+thief',
  '+value.stats:9',
  '+value.born:2024-03-01T10\\:00\\:00Z',
  '+value.born:2024-*',
  '+value.born:/2024.*/',
];

const unreadable = [
  ' ',
  '+',
  '+value.level:>=',
  '+value.level:',
  '+value.level:>>3',
  '+value.level:=3',
  '+value.level:>abc',
  '+value.level:-abc',
  '+value.name:"open',
  '+value.born:>"yesterday"',
  '+value.born:>"2024-01-01"',
  '+value.job:thief^much',
  '+value.job:theif~9',
  '+value.level:20~1',
  '7:x',
  '+-value.job:thief',
  '+value.job:/[/',
  '+value.job:/^thief$/',
  '+value.job:/(?=a)/',
  '+value.job:/((a{100}){100}){100}/',
  `+value.name:${'x'.repeat(10_000)}`,
];

describe('a query', () => {
  for (const query of found) it(`finds the hero: ${query}`, () => assert.equal(parseQuery(query).matches(hero), true));

  for (const query of notFound) {
    it(`does not find the hero: ${query}`, () => {
      assert.equal(parseQuery(query).matches(hero), false);
      assert.equal(parseQuery(query).score(hero), undefined);
    });
  }

  for (const query of unreadable) {
    it(`cannot be read: ${query.slice(0, 40)}`, () => assert.throws(() => parseQuery(query), QueryError));
  }

  it('says in words what is wrong', () => {
    assert.throws(() => parseQuery('+value.level:>='), { message: 'the query ends where something is expected' });
    assert.throws(() => parseQuery('+value.level:>abc'), { message: '"abc" is not expected here' });
  });

  it('scores by what is fulfilled, with weights', () => {
    assert.equal(parseQuery('*').score(hero), 1);
    assert.equal(parseQuery('-value.job:mage').score(hero), 1);
    assert.equal(parseQuery('+value.job:thief').score(hero), 1);
    assert.equal(parseQuery('+value.job:thief value.level:20^5 value.alive:F^9').score(hero), 6);
    assert.equal(parseQuery('value.tags:tall^2.5 value.tags:none').score(hero), 2.5);
  });

  it('tells what every match has, to look fewer up', () => {
    const { requirements } = parseQuery('+value.job:thief +value.level:7 +value.name:A* value.tags:x -value.alive:F');
    assert.deepEqual(requirements, [
      { field: 'value.job', values: ['thief'] },
      { field: 'value.level', values: ['7', 7] },
    ]);
  });

  it('tells in which range every match has a number', () => {
    const { ranges } = parseQuery('+value.level:>=10 +value.level:<20 +value.debt:<-1.5 value.x:>1 -value.y:>1');
    assert.deepEqual(ranges, [
      { field: 'value.level', min: 10, max: Infinity },
      { field: 'value.level', min: -Infinity, max: 20 },
      { field: 'value.debt', min: -Infinity, max: -1.5 },
    ]);
    assert.deepEqual(parseQuery('+value.born:>"2024-01-01T00:00:00Z"').ranges, []);
  });

  it('tells the best score there can be', () => {
    const best = (text: string) => parseQuery(text).maxScore;
    assert.equal(best('*'), 1);
    assert.equal(best('-value.job:mage'), 1);
    assert.equal(best('+value.job:thief value.level:20^5 value.alive:F^9'), 15);
    assert.equal(best('value.tags:tall^2.5 value.tags:none^-3'), 2.5);
  });

  it('tells apart what cannot be read from what cannot be searched for', () => {
    for (const text of ['+value.job:/[/', '+value.job:/((a{100}){100}){100}/', '+value.job:theif~9']) {
      assert.throws(() => parseQuery(text), PatternError, text);
    }
    assert.throws(
      () => parseQuery('+value.job:'),
      (error) => !(error instanceof PatternError),
    );
    assert.equal(nothing.matches(hero), false);
    assert.equal(nothing.score(hero), undefined);
  });

  it('takes time in proportion to the text, whatever the pattern', () => {
    const document = new Map([['text', ['a'.repeat(20_000)]]]);
    assert.equal(parseQuery('+text:/(a*)*b/').matches(document), false);
    assert.equal(parseQuery(`+text:${'*a'.repeat(30)}b`).matches(document), false);
  });

  it('does not look into what is nested without end', () => {
    let value: unknown = 'deep';
    for (let i = 0; i < 100_000; i++) value = [value];
    assert.equal(parseQuery('+value.x:deep').matches(documentOf({ x: value })), false);
  });
});
