import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resultShaperOf } from '../../../../../src/runtime/worker/prelude/utilities/results.ts';

test('points in time in the rows of sqlQuery are Dates; all else is as it came', () => {
  const rows = [{ made: { epochMs: 5 }, bytes: [1, 2], nothing: null, word: 'x' }, {}];
  assert.deepEqual(resultShaperOf('sqlQuery')(rows), [
    { made: new Date(5), bytes: [1, 2], nothing: null, word: 'x' },
    {},
  ]);
});

test('results of other functions are left alone', () => {
  const result = { at: { epochMs: 5 } };
  assert.equal(resultShaperOf('sqlExec')(result), result);
});
