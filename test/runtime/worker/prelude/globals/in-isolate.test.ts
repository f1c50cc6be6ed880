import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const cases: [expression: string, expected: string | RegExp][] = [
  ["new URL('https://ex.org/a/../b?x=1#h').href", 'https://ex.org/b?x=1#h'],
  ["new URL('../c', 'https://ex.org/a/b').pathname", '/c'],
  [
    "(() => { const u = new URL('http://ex.org'); u.searchParams.append('a', 'b c'); return u.href; })()",
    'http://ex.org/?a=b+c',
  ],
  ["URL.canParse('nonsense')", 'false'],
  ["[...new URLSearchParams('a=1&b=2&a=3').getAll('a')]", '1,3'],
  ['structuredClone({ m: new Map([[1, { big: 1n }]]), d: new Date(5) }).m.get(1).big', '1'],
  ['(() => { const a = {}; a.self = a; const b = structuredClone(a); return b !== a && b.self === b; })()', 'true'],
  ['(() => { try { structuredClone(() => 1); } catch (e) { return e.name; } })()', 'DataCloneError'],
  [
    '[URL.name, TextDecoder.name, structuredClone.name, DOMException.name]',
    'URL,TextDecoder,structuredClone,DOMException',
  ],
  ["btoa('x') + atob('eA==')", 'eA==x'],
  ["(() => { try { btoa('⚓'); } catch (e) { return e.name; } })()", 'InvalidCharacterError'],
  ["new TextDecoder().decode(new TextEncoder().encode('ø⚓'))", 'ø⚓'],
  ['crypto.getRandomValues(new Uint8Array(2))', /^(1,1|2,2)$/],
  ['crypto.randomUUID()', /^(01010101-0101-4101-8101-010101010101|02020202-0202-4202-8202-020202020202)$/],
  ['nk.uuidv4().length', '36'],
  ["nk.sha256Hash('')", 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ["nk.aes128Decrypt(nk.aes128Encrypt('five!', 'sixteen-byte-key'), 'sixteen-byte-key')", 'five!   '],
  ["nk.hmacSha256Hash('a', 'b') instanceof ArrayBuffer", 'true'],
  [
    "(() => { try { nk.base16Decode('x'); } catch (e) { return [e.name, e.constructor.name, e instanceof Error]; } })()",
    'GoError,GoError,true',
  ],
  ["formatLog('%d %v', [1, { a: 2 }])", '1 map[a:2]'],
  ["Object.getOwnPropertyNames(globalThis).filter((name) => name.includes('core'))", ''],
  ['Object.keys(globalThis)', 'setRandomSource,formatLog,nk'],
];

test('globals and utilities work in isolates that start from a V8 snapshot', async () => {
  const script = fileURLToPath(new URL('./in-isolate.ts', import.meta.url));
  const child = spawn(process.execPath, ['--no-node-snapshot', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(cases.map(([expression]) => expression)));
  const [first, second]: string[][] = JSON.parse(await text(child.stdout));
  cases.forEach(([expression, expected], i) => {
    for (const given of [first![i]!, second![i]!]) {
      if (typeof expected === 'string') assert.equal(given, expected, expression);
      else assert.match(given, expected, expression);
    }
  });
  const random = cases.findIndex(([expression]) => expression === 'crypto.randomUUID()');
  assert.notEqual(first![random], second![random], 'isolates of one snapshot have randomness of their own');
});
