import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createContext, Script } from 'node:vm';
import { bundleModules, type SourceBundle } from '../../../src/runtime/bundle/bundler.ts';
import { errorReport, failureText, mapStack, positionText } from '../../../src/runtime/bundle/stack-trace.ts';
import { moduleFolder } from '../../support/module-folder.ts';

/** The stack of what InitModule throws, as the engine writes it. */
async function thrown(t: TestContext, files: Record<string, string>): Promise<{ stack: string; bundle: SourceBundle }> {
  const { bundles } = await bundleModules(await moduleFolder(t, files));
  const bundle = bundles[0]!;
  const scope = createContext({}) as { __nkModule?: { InitModule(): void } };
  new Script(bundle.code, { filename: bundle.fileName }).runInContext(scope as object);
  const { InitModule } = scope.__nkModule!;
  try {
    InitModule();
  } catch (error) {
    return { stack: (error as Error).stack!, bundle };
  }
  throw new Error('nothing was thrown');
}

const greet = `interface User {
  name: string;
}

export function greet(user: User | undefined): string {
  return \`Hello \${user!.name}\`;
}
`;

test('a stack leads to file, line and column of the TypeScript', async (t) => {
  const { stack, bundle } = await thrown(t, {
    'package.json': '{ "name": "game" }',
    'src/main.ts': `import { greet } from './people/greet';\nimport { each } from 'each-package';\n\nexport function InitModule(): void {\n  each([undefined], greet);\n}\n`,
    'src/people/greet.ts': greet,
    'node_modules/each-package/index.js': `exports.each = function visitAll(list, visit) {\n  for (const item of list) visit(item);\n};\n`,
  });
  const frames = mapStack(stack, [bundle]);
  assert.deepEqual(
    frames.map((frame) => [frame.functionName, positionText(frame.position), frame.inPackage]),
    [
      ['greet', 'src/people/greet.ts:6:25', false],
      ['visitAll', 'node_modules/each-package/index.js:2:28', true],
      ['InitModule', 'src/main.ts:5:3', false],
    ],
  );
  assert.equal(
    errorReport("Cannot read properties of undefined (reading 'name')", stack, [bundle]),
    `TypeError: Cannot read properties of undefined (reading 'name')
    at greet (src/people/greet.ts:6:25)
    at visitAll (node_modules/each-package/index.js:2:28)
    at InitModule (src/main.ts:5:3)

  3 | }
  4 |
  5 | export function greet(user: User | undefined): string {
> 6 |   return \`Hello \${user!.name}\`;
    |                         ^
  7 | }
  8 |`,
  );
});

test('the frame is that of the first file of the author, not of a package', async (t) => {
  const { stack, bundle } = await thrown(t, {
    'main.ts': `import { fail } from 'failing';\nexport const InitModule = () => fail();\n`,
    'node_modules/failing/index.js': `exports.fail = () => { throw new Error('deep'); };`,
  });
  assert.match(errorReport('deep', stack, [bundle]), /> 2 \| export const InitModule.*\n.*\^\n {2}3 \|$/);
});

test('every script of a program keeps its own lines', async (t) => {
  const { stack, bundle } = await thrown(t, {
    'tsconfig.json': '{ "files": ["main.ts", "second.ts"] }',
    'main.ts': 'interface Unused {}\n\nfunction InitModule(): void {\n  second();\n}',
    'second.ts': 'type Gone = 1;\n\nfunction second(): void {\n  throw new Error("x");\n}\n',
  });
  assert.deepEqual(
    mapStack(stack, [bundle]).map((frame) => positionText(frame.position)),
    ['second.ts:4:9', 'main.ts:4:3'],
  );
});

test("positions that are not the author's have no place", async (t) => {
  const { bundle } = await thrown(t, { 'main.ts': `export function InitModule() { throw new Error('x'); }` });
  assert.equal(bundle.mapPosition(1, 1), undefined);
  assert.equal(bundle.mapPosition(100000, 1), undefined);
  assert.deepEqual(mapStack('Error: x\n    at call (prelude.js:1:2)\n    at <anonymous>', [bundle]), []);
});

test('a report that is reported again stays as it is', async (t) => {
  const { stack, bundle } = await thrown(t, {
    'package.json': '{ "name": "game", "main": "game.js" }',
    'game.js': `export function InitModule() { throw new Error('x'); }`,
  });
  const report = errorReport('x', stack, [bundle]);
  assert.match(report, /game\.js:1:38/);
  assert.equal(failureText(new Error(report), [bundle]), report);
});
