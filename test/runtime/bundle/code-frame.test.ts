import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeFrame } from '../../../src/runtime/bundle/code-frame.ts';

const source = Array.from({ length: 12 }, (_, i) => `line ${i + 1}`).join('\n');

test('a frame has three lines around the place and a caret below the column', () => {
  assert.equal(
    codeFrame(source, { line: 9, column: 6 }),
    `   6 | line 6
   7 | line 7
   8 | line 8
>  9 | line 9
     |      ^
  10 | line 10
  11 | line 11
  12 | line 12`,
  );
});

test('a caret stays below its character after tabs, and underlines a length', () => {
  assert.equal(codeFrame('\tfoo(bar);', { line: 1, column: 6, length: 3 }), '> 1 |  foo(bar);\n    |      ^^^');
});

test('of a very long line a window is shown', () => {
  const [line, caret] = codeFrame(`${'a'.repeat(5000)}!${'b'.repeat(5000)}`, { line: 1, column: 5001 }).split('\n');
  assert.ok(line!.length < 140);
  assert.equal(line![caret!.indexOf('^')], '!');
});

test('a line that is not there has no frame', () => {
  assert.equal(codeFrame(source, { line: 99, column: 1 }), '');
});

test('colours are optional', () => {
  assert.match(codeFrame(source, { line: 1, column: 1 }, { colour: true }), /31m/);
});
