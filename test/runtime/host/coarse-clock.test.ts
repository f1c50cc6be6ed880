import assert from 'node:assert/strict';
import test from 'node:test';
import { gameHost, nobody } from './support.ts';

const STEP_MS = 50;

/** What tells a module the time, as epoch milliseconds or their last three digits. */
const clocks = {
  'Date.now': `Date.now()`,
  'new Date': `new Date().getTime()`,
  'a subclass of Date': `new (class extends Date {})().getTime()`,
  'the constructor of a date': `new (new Date(0).constructor)().getTime()`,
  'Intl format': `Number(new Intl.DateTimeFormat('en', { fractionalSecondDigits: 3 }).format())`,
  'Intl formatToParts': `Number(new Intl.DateTimeFormat('en', { fractionalSecondDigits: 3 }).formatToParts()[0].value)`,
  'Temporal.Now': `globalThis.Temporal ? Temporal.Now.instant().epochMilliseconds : 0`,
  'Temporal.Now.zonedDateTimeISO': `globalThis.Temporal ? Temporal.Now.zonedDateTimeISO().epochMilliseconds : 0`,
  'Temporal.Now.plainTimeISO': `globalThis.Temporal ? Temporal.Now.plainTimeISO('UTC').millisecond : 0`,
  'Temporal.Now.plainDateTimeISO': `globalThis.Temporal ? Temporal.Now.plainDateTimeISO('UTC').microsecond : 0`,
};

test('with a coarse clock, nothing tells a module the time more finely than its step', async (t) => {
  const reads = Object.values(clocks).map((source) => `() => ${source}`);
  const { host } = await gameHost(
    t,
    `initializer.registerRpc('read', () => {
       const fine = [${reads.join(',')}].map((read) => {
         const seen = new Set();
         for (let i = 0; i < 300; i++) seen.add(read() % ${STEP_MS});
         return [...seen];
       });
       return JSON.stringify(fine);
     });`,
    { coarseClockMs: STEP_MS },
  );
  const fine = JSON.parse(await host.rpc('read', nobody, '')) as number[][];
  for (const [i, name] of Object.keys(clocks).entries()) assert.deepEqual(fine[i], [0], name);
});

test('a coarse clock goes on, and dates are otherwise as ever', async (t) => {
  const { host } = await gameHost(
    t,
    `initializer.registerRpc('dates', () => {
       const first = Date.now();
       while (Date.now() === first);
       const date = new Date(2020, 1, 3);
       return JSON.stringify([
         Date.now() - first >= ${STEP_MS}, date.toISOString(), date instanceof Date, date.constructor === Date,
         Date.name, typeof Date(), new Date('2020-01-01').getTime() === Date.parse('2020-01-01'), new Date(0, 0).getFullYear(),
         new Intl.DateTimeFormat('en', { year: 'numeric' }).format(date),
       ]);
     });`,
    { coarseClockMs: STEP_MS },
  );
  const expected = [true, '2020-02-03T00:00:00.000Z', true, true, 'Date', 'string', true, 1900, '2020'];
  assert.deepEqual(JSON.parse(await host.rpc('dates', nobody, '')), expected);
});

test('without it, time passes as it does', async (t) => {
  const { host } = await gameHost(
    t,
    `initializer.registerRpc('steps', () => {
       const seen = new Set();
       while (seen.size < 5) seen.add(Date.now());
       return String(Math.min(...[...seen].map((ms, i, all) => (i === 0 ? Infinity : ms - all[i - 1]))));
     });`,
  );
  assert.equal(await host.rpc('steps', nobody, ''), '1');
});
