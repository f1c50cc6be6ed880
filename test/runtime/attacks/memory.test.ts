import { attackTests } from './support.ts';

attackTests([
  { name: 'filling an array of a thousand million', source: `Array(1e9).fill(0);`, outcome: 'limit' },
  {
    name: 'a flood of entries in a Set',
    source: `const s = new Set(); let k = 0; while (true) s.add(k++);`,
    outcome: 'limit',
  },
  {
    name: 'a flood of entries in a Map',
    source: `const m = new Map(); let k = 0; while (true) m.set(k++, k);`,
    outcome: 'limit',
  },
  { name: 'a flood of objects', source: `const a = []; while (true) a.push({ a: 1 });`, outcome: 'limit' },
  {
    name: 'texts that double and are flattened',
    source: `let s = 'x'; const kept = []; while (true) { s = s + s; if (s.length > 2 ** 24) { kept.push([...s]); } }`,
    outcome: 'either',
  },
  { name: 'a text spread into letters', source: `return String([...'x'.repeat(5e8)].length);`, outcome: 'either' },
  {
    name: 'a flood of ArrayBuffers',
    source: `const a = []; while (true) a.push(new Uint8Array(1e6).fill(1));`,
    outcome: 'either',
  },
  {
    name: 'a buffer that grows',
    source: `const b = new ArrayBuffer(1, { maxByteLength: 4e9 }); b.resize(3e9); new Uint8Array(b).fill(1);`,
    outcome: 'harmless',
  },
  {
    name: 'memory of WebAssembly',
    source: `new WebAssembly.Memory({ initial: 1, maximum: 65536 }).grow(40000);`,
    outcome: 'harmless',
  },
  { name: 'shared memory', source: `new SharedArrayBuffer(1e9);`, outcome: 'harmless' },
  { name: 'waiting on shared memory', source: `Atomics.wait(new Int32Array(4), 0, 0);`, outcome: 'harmless' },
  { name: 'sorting a large typed array', source: `new Float64Array(4e6).map((_, i) => -i).sort();`, outcome: 'either' },
  {
    name: 'a million promises',
    source: `const all = []; for (let i = 0; i < 1e6; i++) all.push(new Promise(() => {})); return Promise.all(all);`,
    outcome: 'limit',
  },
  { name: 'code of 60 MB', source: `eval('1;'.repeat(3e7));`, outcome: 'either' },
]);
