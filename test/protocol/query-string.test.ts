import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseQueryString } from '../../src/protocol/query-string.ts';
import { Status, StatusError } from '../../src/protocol/status.ts';

test('parameters keep their order and repetitions', () => {
  assert.deepEqual(
    [...parseQueryString('a=1&b=&c&a=2&&=3')],
    [
      ['a', '1'],
      ['b', ''],
      ['c', ''],
      ['a', '2'],
      ['', '3'],
    ],
  );
  assert.equal(parseQueryString('').size, 0);
});

test('escapes, plus signs and further equals signs', () => {
  assert.deepEqual(
    [...parseQueryString('a%20b=c+d&x=y=z&p=%2B&u=%F0%9F%98%80')],
    [
      ['a b', 'c d'],
      ['x', 'y=z'],
      ['p', '+'],
      ['u', '😀'],
    ],
  );
});

test('broken escapes, escaped bytes that are not UTF-8, and semicolons are refused', () => {
  for (const text of ['a=%', 'a=%zz', '%4=a', 'a=%ff', 'a=1;b=2']) {
    assert.throws(
      () => parseQueryString(text),
      (error) => error instanceof StatusError && error.code === Status.INVALID_ARGUMENT,
    );
  }
});
