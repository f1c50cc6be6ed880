import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isJsonObject, jsonObjectProblem } from '../../src/protocol/json-object.ts';

it('a JSON object is told from other texts', () => {
  for (const text of ['{}', ' {"a":1}\n', '{"a":[null]}']) assert.equal(isJsonObject(text), true, text);
  for (const text of ['', 'hello', '"hello"', '[]', '42', 'null', 'true', '{"a":', '{} {}', '{a:1}']) {
    assert.equal(jsonObjectProblem(text), 'must be the text of a JSON object', text);
  }
});

it('numbers that the database would write out with thousands of zeros are refused; those of a double are not', () => {
  for (const number of [
    '1e309',
    '-1e309',
    '1E+131071',
    '2.5e-16000',
    '1e-999999999',
    '0.1e400',
    `1${'0'.repeat(100)}e300`,
  ]) {
    for (const text of [`{"a":${number}}`, `{"a":[1,-2.5,{"b\\\\":"\\"","c":${number}}]}`]) {
      assert.match(jsonObjectProblem(text) ?? '', /^must not hold the number .+: its exponent is out of range$/, text);
    }
  }
  const kept = [
    '1.7976931348623157e308',
    '5e-324',
    '-1e-300',
    '1e+100',
    `1${'0'.repeat(400)}`,
    '0.0000001',
    'true',
    'false',
  ];
  for (const number of kept) assert.equal(jsonObjectProblem(`{"a":${number}}`), undefined, number);
  for (const text of ['1e999', '\\"1e999', '\\\\', '[1e999,']) {
    assert.equal(jsonObjectProblem(`{"4e100":"${text}","${text}":1}`), undefined, text);
  }
});

it('nesting deeper than the database can read is refused, what only looks like it is not', () => {
  const nested = (depth: number) => `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
  assert.equal(jsonObjectProblem(nested(2_000)), undefined);
  assert.equal(jsonObjectProblem(nested(2_001)), 'may be nested at most 2000 levels deep');
  assert.equal(jsonObjectProblem(nested(200_000)), 'may be nested at most 2000 levels deep');
  assert.equal(jsonObjectProblem(`{"a":"${'['.repeat(5_000)}\\"","b":[${'[],'.repeat(5_000)}1]}`), undefined);
});
