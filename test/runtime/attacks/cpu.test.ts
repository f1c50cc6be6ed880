import { attackTests } from './support.ts';

attackTests([
  { name: 'an endless loop', source: `while (true);`, outcome: 'limit' },
  {
    name: 'a regular expression that backtracks for ever',
    source: `/^(a+)+$/.test('a'.repeat(40) + 'b');`,
    outcome: 'limit',
  },
  { name: 'powers of a BigInt', source: `let b = 2n; while (true) b = b ** 2n;`, outcome: 'either' },
  {
    name: 'sorting and reversing a sparse array',
    source: `const a = []; a[4294967290] = 1; a.sort(); a.reverse();`,
    outcome: 'limit',
  },
  {
    name: 'writing and reading JSON of a huge value',
    source: `const a = Array.from({ length: 2e5 }, (_, i) => ({ i })); while (true) JSON.parse(JSON.stringify(a));`,
    outcome: 'limit',
  },
  {
    name: 'comparing huge texts by locale',
    source: `'a'.repeat(2 ** 28).localeCompare('a'.repeat(2 ** 28) + 'b');`,
    outcome: 'either',
  },
  {
    name: 'formatting numbers for ever',
    source: `while (true) new Intl.NumberFormat('de').format(1e9);`,
    outcome: 'limit',
  },
  {
    name: 'a flood of microtasks',
    source: `const again = () => Promise.resolve().then(again); again(); return new Promise(() => {});`,
    outcome: 'limit',
  },
  {
    name: 'an endless loop after an await',
    source: `return (async () => { await null; while (true); })();`,
    outcome: 'limit',
  },
  {
    name: 'an endless loop in a timer',
    source: `return new Promise(() => setTimeout(() => { while (true); }, 1));`,
    outcome: 'limit',
  },
  {
    name: 'a loop that goes on after the answer',
    source: `(async () => { await null; while (true); })(); return 'done';`,
    outcome: 'harmless',
  },
  {
    name: 'a loop in what V8 would call back when it frees an object',
    source: `globalThis.kept = new FinalizationRegistry(() => { while (true); }); for (let i = 0; i < 100; i++) kept.register({}, i); for (let k = 0; k < 30; k++) Array.from({ length: 2e4 }, (_, i) => ({ i })); return 'done';`,
    outcome: 'harmless',
  },
  { name: 'a promise that never settles', source: `return new Promise(() => {});`, outcome: 'limit' },
  { name: 'endless recursion', source: `const f = () => f() + 1; f();`, outcome: 'harmless' },
  { name: 'a flood of calls of nk functions', source: `while (true) nk.uuidv4();`, outcome: 'limit' },
]);
