import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ArgumentError, checkArguments } from '../../src/runtime/argument-check.ts';
import {
  audience,
  binary,
  boolean,
  integer,
  json,
  list,
  type NamedParameter,
  number,
  object,
  optional,
  record,
  scalar,
  text,
  textOrBinary,
  texts,
  uuid,
} from '../../src/runtime/parameters.ts';
import { argumentReader } from '../../src/runtime/wire-values.ts';

const id = '6A5B3C1D-0000-4000-8000-00000000000F';
const bytes = new Uint8Array([1, 2]).buffer;

/** Values that a parameter takes, and what is said of those that it does not. */
const rules: [NamedParameter[1], good: unknown[], bad: [unknown, string][]][] = [
  [text(), ['', 'x'], [[7, 'must be text, not 7']]],
  [text({ minLength: 1 }), ['x'], [['', 'must not be empty']]],
  [
    uuid(),
    [id.toLowerCase()],
    [
      ['x', 'must be an identifier (a UUID), not "x"'],
      [`${id}0`, 'must be an identifier (a UUID), not "6A5B3C1D-0000-4000-8000-00000000000F0"'],
    ],
  ],
  [
    integer({ min: 1, max: 3 }),
    [1, 3],
    [
      [0, 'must be from 1 to 3, not 0'],
      [4, 'must be from 1 to 3, not 4'],
      [1.5, 'must be a whole number, not 1.5'],
      ['1', 'must be a whole number, not "1"'],
    ],
  ],
  [integer({ max: 3 }), [-5], [[4, 'must be at most 3, not 4']]],
  [integer({ min: 1 }), [2 ** 50], [[2 ** 53, 'must be a whole number, not 9007199254740992']]],
  [number(), [0.5], [[Number.NaN, 'must be a number, not NaN']]],
  [boolean(), [false], [[null, 'must be true or false, not null']]],
  [scalar(), ['x', 1, true], [[[], 'must be text, a number or a boolean, not a list']]],
  [binary(), [bytes], [['x', 'must be an ArrayBuffer, not "x"']]],
  [textOrBinary(), ['x', bytes], [[{}, 'must be text or an ArrayBuffer, not an object']]],
  [
    object(),
    [{}, { a: [1] }],
    [
      [[], 'must be an object, not a list'],
      [bytes, 'must be an object, not an object'],
    ],
  ],
  [texts(), [{ a: 'b' }], [[{ a: 'b', c: 1 }, '.c must be text, not 1']]],
  [json(), [null, 1, 'x'], [[undefined, 'must be a value, not undefined']]],
  [
    list(integer(), { max: 2 }),
    [[], [1, 2]],
    [
      [[1, 2, 3], 'may have 2 entries, not 3'],
      [[1, 'x'.repeat(50)], '[1] must be a whole number, not a long text'],
    ],
  ],
  [
    list(record({ key: text(), tags: optional(list(text())) })),
    [[{ key: 'a' }, { key: 'b', tags: ['c'] }]],
    [
      [[{}], '[0].key must be text, not undefined'],
      [[{ key: 'a' }, { key: 'b', tags: ['c', () => {}] }], '[1].tags[1] must be text, not a function'],
    ],
  ],
  [
    audience(),
    [{ vars: { game: 'chess' } }, { sessionIds: ['s'] }],
    [
      [{}, 'must have either vars, sessionIds or where'],
      [{ vars: {}, where: () => true }, 'must have either vars, sessionIds or where'],
      [{ vars: { level: 1 } }, '.vars.level must be text, not 1'],
      [{ sessionIds: ['s', 1] }, '.sessionIds[1] must be text, not 1'],
      [{ where: 'all' }, '.where must be a function, not "all"'],
    ],
  ],
];

describe('arguments', () => {
  for (const [parameter, good, bad] of rules) {
    it(`are checked: ${JSON.stringify(parameter)}`, () => {
      const check = (value: unknown) => checkArguments('give', [['what', parameter]], [value])[0];
      for (const value of good) assert.deepEqual(check(value), value);
      for (const [value, told] of bad) {
        const message = `nk.give: what${told.startsWith('.') || told.startsWith('[') ? '' : ' '}${told}`;
        assert.throws(() => check(value), { constructor: ArgumentError, message });
      }
    });
  }

  it('are as many as there are parameters; what may be left out is undefined', () => {
    const parameters: NamedParameter[] = [
      ['a', text()],
      ['b', optional(text(), { orNull: true })],
      ['c', optional(text())],
    ];
    assert.deepEqual(checkArguments('give', parameters, ['x']), ['x', undefined, undefined]);
    assert.deepEqual(checkArguments('give', parameters, ['x', null, 'y', 'more']), ['x', undefined, 'y']);
    assert.throws(() => checkArguments('give', parameters, ['x', 'y', null]), { message: /^nk\.give: c must be text/ });
  });

  it('are copies, without fields that nobody knows', () => {
    const given = [{ key: 'a', secret: 1 }];
    const [checked] = checkArguments('give', [['what', list(record({ key: text() }))]], [given]);
    assert.deepEqual(checked, [{ key: 'a' }]);
    assert.deepEqual(given, [{ key: 'a', secret: 1 }]);
  });

  it('an identifier is in small letters', () => {
    assert.deepEqual(checkArguments('give', [['what', uuid()]], [id]), [id.toLowerCase()]);
  });

  it("what a module's own getter throws is left as it is", () => {
    const thrown = new Error('mine');
    const given = {
      get key() {
        throw thrown;
      },
    };
    assert.throws(() => checkArguments('give', [['what', record({ key: text() })]], [given]), thrown);
  });
});

describe('arguments that an isolate sent', () => {
  const read = argumentReader('give', [
    ['data', binary()],
    ['either', textOrBinary()],
    ['some', optional(integer())],
    ['any', optional(json())],
    ['rows', list(record({ key: text(), note: optional(text()) }))],
  ]);

  it('have their buffers, and are undefined where they were left out', () => {
    const sent = [{ base64: 'AQI=' }, { base64: 'AQI=' }, null, null, [{ key: 'a', note: null }]];
    assert.deepEqual(read(JSON.stringify(sent)), [bytes, bytes, undefined, null, [{ key: 'a' }]]);
    assert.deepEqual(read('[{"base64":""},"text",5,{"b":1},[]]'), [new ArrayBuffer(0), 'text', 5, { b: 1 }, []]);
  });

  it('are checked again: an isolate is not trusted', () => {
    assert.throws(() => read('["AQI=","x",null,null,[]]'), { message: /^nk\.give: data must be an ArrayBuffer/ });
    assert.throws(() => read('[{"base64":""},"x",null,null,[{"key":null}]]'), {
      message: 'nk.give: rows[0].key must be text, not null',
    });
    assert.throws(() => read('[]'), ArgumentError);
    assert.throws(() => read('7'), ArgumentError);
  });
});
