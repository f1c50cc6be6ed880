import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bundleModules, ModuleBundler } from '../../../src/runtime/bundle/bundler.ts';
import { moduleFolder } from '../../support/module-folder.ts';

const polls = 500;

/** Waits until this process has, or has not, a child process. */
async function untilChild(expected: boolean): Promise<boolean> {
  for (let i = 0; i < polls; i++) {
    if (process.getActiveResourcesInfo().includes('ProcessWrap') === expected) return true;
    await new Promise((done) => setTimeout(done, 10));
  }
  return false;
}

test("esbuild's process ends with the last that uses it, and starts again when needed", async (t) => {
  const folder = await moduleFolder(t, { 'main.ts': 'export const InitModule = () => {};' });
  const watching = new ModuleBundler(folder);
  await watching.build();
  await bundleModules(folder);
  assert.ok(process.getActiveResourcesInfo().includes('ProcessWrap'), 'it stays for the one that builds again');
  await watching.build();
  await watching.close();
  await watching.close();
  assert.ok(await untilChild(false), 'an idle server has no child process of the bundler');
  await bundleModules(folder);
  assert.ok(await untilChild(false));
});
