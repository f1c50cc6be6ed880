import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { originalPositionFor, sourceContentFor, TraceMap } from '@jridgewell/trace-mapping';
import { bundleModules } from '../../../src/runtime/bundle/bundler.ts';
import { failureText } from '../../../src/runtime/bundle/stack-trace.ts';
import { moduleFolder } from '../../support/module-folder.ts';

const files = {
  'a folder (of mine)/src/main.ts':
    "import { one } from './one.ts';\nexport function InitModule(): number {\n  return one;\n}\n",
  'a folder (of mine)/src/one.ts': 'export const one: number = 1;\n',
};

test('debuggers find the author’s files by a script: it has a URL in the modules folder, and its source map with it', async (t) => {
  const folder = join(await moduleFolder(t, files), 'a folder (of mine)');
  const { bundles } = await bundleModules(folder, { isInspected: true });
  const { fileName, code } = bundles[0]!;
  assert.match(fileName, /^file:\/\/\/[^\s()]+\/[^\s()/]+\.bundle\.js$/);
  assert.ok(code.endsWith(`\n//# sourceURL=${fileName}`));

  const map = new TraceMap(Buffer.from(/sourceMappingURL=[^,]*base64,(.*)/.exec(code)![1]!, 'base64').toString());
  const main = map.sources.find((source) => source?.endsWith('/main.ts'))!;
  assert.equal(
    new URL(main).href,
    new URL(pathToFileURL(join(folder, 'src/main.ts'))).href.replace('(', '%28').replace(')', '%29'),
  );
  assert.ok(sourceContentFor(map, main)!.startsWith(files['a folder (of mine)/src/main.ts']));
  const line = code.split('\n').findIndex((text) => text.includes('return one'));
  assert.equal(originalPositionFor(map, { line: line + 1, column: 4 }).line, 3);
});

test('scripts that are one program have one map, in which each has its source', async (t) => {
  const folder = await moduleFolder(t, {
    'tsconfig.json': '{ "files": ["a.ts", "b.ts"], "compilerOptions": { "outFile": "out.js" } }',
    'a.ts': 'const a: number = 1;',
    'b.ts': 'function InitModule(): number {\n  return a;\n}',
  });
  const [bundle] = (await bundleModules(folder, { isInspected: true })).bundles;
  const map = JSON.parse(Buffer.from(/base64,(.*)/.exec(bundle!.code)![1]!, 'base64').toString());
  assert.deepEqual(
    map.sources,
    ['a.ts', 'b.ts'].map((file) => pathToFileURL(join(folder, file)).href),
  );
});

test('stacks with the URL of a script lead to the author’s files', async (t) => {
  const folder = await moduleFolder(t, { 'main.ts': 'export function InitModule() {\n  throw new Error("no");\n}' });
  const { bundles } = await bundleModules(folder, { isInspected: true });
  const { fileName, code } = bundles[0]!;
  const line = code.split('\n').findIndex((text) => text.includes('throw new')) + 1;
  const error = Object.assign(new Error('no'), { stack: `Error: no\n    at InitModule (${fileName}:${line}:11)` });
  assert.match(failureText(error, bundles), /at InitModule \(main\.ts:2:9\)/);
});
