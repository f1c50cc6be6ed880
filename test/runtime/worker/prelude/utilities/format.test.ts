import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatLog } from '../../../../../src/runtime/worker/prelude/utilities/format.ts';

const lines: [name: string, format: string, args: unknown[], expected: string][] = [
  ['no verb', 'low tide', [], 'low tide'],
  ['text and whole numbers', 'a ship of %d tons called %s', [120, 'Otter'], 'a ship of 120 tons called Otter'],
  ['a percent sign', '100%%', [], '100%'],
  ['any value', '%v %v %v', ['x', 1.5, true], 'x 1.5 true'],
  ['an object, keys in order', '%v', [{ b: 2, a: [1, 'x'] }], 'map[a:[1 x] b:2]'],
  ['nothing', '%v %v', [null, undefined], '<nil> <nil>'],
  ['quoted', '%q', ['say "ahoy"'], '"say \\"ahoy\\""'],
  ['hexadecimal', '%x %X %x', [255, 255, 'ø'], 'ff FF c3b8'],
  ['fractions', '%f %.2f %e', [1.5, 2.345, 12345], '1.500000 2.35 1.234500e+04'],
  ['booleans', '%t', [false], 'false'],
  ['width', '[%5d] [%-5s] [%05d] [%+d]', [7, 'ab', -42, 3], '[    7] [ab   ] [-0042] [+3]'],
  ['an error', '%v', [new RangeError('too deep')], 'RangeError: too deep'],
  ['a missing argument', '%s and %d', ['x'], 'x and %!d(MISSING)'],
  ['extra arguments', 'x', [1, 'y'], 'x%!(EXTRA number=1, string=y)'],
  ['the wrong type', '%d', ['x'], '%!d(string=x)'],
  ['no verb after the sign', 'half %', [], 'half %!(NOVERB)'],
  ['a verb nobody knows', '%z', [1], '%!z(number=1)'],
];
for (const [name, format, args, expected] of lines) {
  test(`formatLog: ${name}`, () => assert.equal(formatLog(format, args), expected));
}

test('formatLog never throws, whatever the argument does', () => {
  const poisoned = {
    get boom(): never {
      throw new Error('no');
    },
  };
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  assert.equal(formatLog('%v', [poisoned]), '%!v(PANIC)');
  assert.match(formatLog('%v', [cyclic]), /^map\[self:map\[/);
  assert.equal(formatLog('%s', [Symbol('x')]), 'Symbol(x)');
  assert.equal(formatLog('%c', [-1]), '%!v(PANIC)');
});

test('formatLog: a line is cut at 16384 units', () => {
  assert.equal(formatLog('%s', ['x'.repeat(100_000)]).length, 16_384);
  assert.equal(formatLog('%v', [Array.from({ length: 100_000 }, () => 'x'.repeat(1000))]).length, 16_384);
});

test('formatLog: lists that hold one another many times come to an end', () => {
  let nested: unknown[] = ['x'];
  for (let i = 0; i < 7; i++) nested = Array.from({ length: 150 }, () => nested);
  assert.match(formatLog('%v', [nested]), /\.\.\./);
});
