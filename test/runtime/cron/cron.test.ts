import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CronSyntaxError, momentAfter, momentBefore, parseCron } from '../../../src/runtime/cron/index.ts';

const seconds = (iso: string) => Date.parse(`${iso}Z`) / 1000;
const iso = (at: number | null) =>
  at === null ? 'never' : new Date(at * 1000).toISOString().slice(0, 19).replace('T', ' ');

/** The moments before and after, from noon of Wednesday the 15th of November 2023 unless said otherwise. */
function around(expression: string, from = '2023-11-15 12:00:00'): [string, string] {
  const parsed = parseCron(expression);
  return [iso(momentBefore(parsed, seconds(from))), iso(momentAfter(parsed, seconds(from)))];
}

const cases: [name: string, expression: string, before: string, after: string, from?: string][] = [
  ['daily', '0 0 * * *', '2023-11-15 00:00:00', '2023-11-16 00:00:00'],
  ['the given moment itself does not count', '0 12 * * *', '2023-11-14 12:00:00', '2023-11-16 12:00:00'],
  ['steps', '*/15 * * * *', '2023-11-15 12:00:00', '2023-11-15 12:15:00', '2023-11-15 12:01:01'],
  ['a step from a number on', '40/10 * * * *', '2023-11-15 11:50:00', '2023-11-15 12:40:00'],
  ['a range with a step', '0 8-18/4 * * *', '2023-11-15 08:00:00', '2023-11-15 16:00:00'],
  ['weekdays', '30 18 * * 1-5', '2023-11-17 18:30:00', '2023-11-20 18:30:00', '2023-11-17 19:00:00'],
  ['a list', '0 6,18 * * *', '2023-11-15 06:00:00', '2023-11-15 18:00:00'],
  ['the 29th of February', '0 0 29 2 *', '2020-02-29 00:00:00', '2024-02-29 00:00:00'],
  ['names, in any case and length', '0 9 1 JAN,february *', '2023-02-01 09:00:00', '2024-01-01 09:00:00'],
  ['7 is Sunday', '0 0 * * 7', '2023-11-12 00:00:00', '2023-11-19 00:00:00'],
  ['7 in a range', '0 0 * * 6-7', '2023-11-12 00:00:00', '2023-11-18 00:00:00'],
  ['? is *', '0 0 ? * ?', '2023-11-15 00:00:00', '2023-11-16 00:00:00'],
  ['day of month or day of week: either', '0 0 20 * 5', '2023-11-10 00:00:00', '2023-11-17 00:00:00'],
  ['either, with names', '0 9 * JAN SUN', '2023-01-29 09:00:00', '2024-01-07 09:00:00'],
  ['the last day of the month', '0 0 L * *', '2023-10-31 00:00:00', '2023-11-30 00:00:00'],
  ['the last Friday', '0 0 * * 5L', '2023-10-27 00:00:00', '2023-11-24 00:00:00'],
  ['the last Sunday, by name', '0 0 * * sunL', '2023-10-29 00:00:00', '2023-11-26 00:00:00'],
  ['the third Friday', '0 0 * * 5#3', '2023-10-20 00:00:00', '2023-11-17 00:00:00'],
  ['the fifth Monday', '0 0 * * mon#5', '2023-10-30 00:00:00', '2024-01-29 00:00:00'],
  ['the working day nearest to the 18th, a Saturday', '0 0 18W * *', '2023-10-18 00:00:00', '2023-11-17 00:00:00'],
  ['nearest to the 1st, a Saturday, stays in the month', '0 0 1W 7 *', '2023-07-03 00:00:00', '2024-07-01 00:00:00'],
  ['the last working day', '0 0 LW * *', '2023-10-31 00:00:00', '2023-11-30 00:00:00'],
  ['the last working day, the last being a Sunday', '0 0 LW 12 *', '2022-12-30 00:00:00', '2023-12-29 00:00:00'],
  ['a sixth field is the year', '0 0 1 1 * 2030', 'never', '2030-01-01 00:00:00'],
  ['with seven the seconds come first', '30 0 12 * * * 2023', '2023-11-14 12:00:30', '2023-11-15 12:00:30'],
  [
    'fields beyond the seventh count for nothing',
    '30 0 12 * * * * nonsense',
    '2023-11-14 12:00:30',
    '2023-11-15 12:00:30',
  ],
  ['@yearly', '@yearly', '2023-01-01 00:00:00', '2024-01-01 00:00:00'],
  ['@monthly', '@monthly', '2023-11-01 00:00:00', '2023-12-01 00:00:00'],
  ['@weekly', ' @weekly ', '2023-11-12 00:00:00', '2023-11-19 00:00:00'],
  ['@daily', '@daily', '2023-11-15 00:00:00', '2023-11-16 00:00:00'],
  ['@hourly', '@hourly', '2023-11-15 12:00:00', '2023-11-15 13:00:00', '2023-11-15 12:00:01'],
  ['no such day', '0 0 31 2 *', 'never', 'never'],
  ['not before 1970', '0 0 1 1 *', 'never', '1970-01-01 00:00:00', '1969-06-01 00:00:00'],
  ['nor in it, strictly', '0 0 1 1 *', 'never', '1971-01-01 00:00:00', '1970-01-01 00:00:00'],
  ['not after 2099', '0 0 1 1 *', '2099-01-01 00:00:00', 'never', '2150-06-01 00:00:00'],
  ['nor at its end', '59 59 23 31 12 * *', '2098-12-31 23:59:59', 'never', '2099-12-31 23:59:59'],
];

describe('the moments before and after', () => {
  for (const [name, expression, before, after, from] of cases) {
    test(`${name}: ${expression}`, () => assert.deepEqual(around(expression, from), [before, after]));
  }
});

test('going back from a moment and forward again comes to the same one', () => {
  for (const expression of ['*/7 3-5 * * *', '15 10 L * 2#1', '5 4 3 2 1 * *', '0 0 13 * 5']) {
    const parsed = parseCron(expression);
    let at = seconds('2023-01-01 00:00:00');
    for (let i = 0; i < 50; i++) {
      const next = momentAfter(parsed, at)!;
      assert.ok(next > at);
      assert.equal(momentBefore(parsed, next + 1), next);
      assert.equal(momentAfter(parsed, momentBefore(parsed, next) ?? at), next);
      at = next;
    }
  }
});

test('what is no expression is told', () => {
  const wrong = [
    '',
    '* * * *',
    '61 * * * *',
    '* 24 * * *',
    '* * 0 * *',
    '* * 32 * *',
    '* * * 13 *',
    '* * * * 8',
    '* * * * * 1969',
    '@every 5m',
    '@never',
    'x * * * *',
    '*/0 * * * *',
    '*/60 * * * *',
    '5-1 * * * *',
    '1- * * * *',
    '-1 * * * *',
    '1.5 * * * *',
    ', * * * *',
    '* * 5L * *',
    '* * * * 5#6',
    '* * * * 1W',
    '* * W * *',
    'a'.repeat(2000),
  ];
  for (const expression of wrong) assert.throws(() => parseCron(expression), CronSyntaxError, expression);
});
