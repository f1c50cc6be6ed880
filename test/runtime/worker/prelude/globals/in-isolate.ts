// Run with --no-node-snapshot, as isolated-vm asks. Reads expressions as JSON, prints what they give in two isolates
// that start from one V8 snapshot of the bundled entry.
import { text } from 'node:stream/consumers';
import { build } from 'esbuild';
import ivm from 'isolated-vm';

const { outputFiles } = await build({
  entryPoints: [new URL('./entry.ts', import.meta.url).pathname.replace(/^\/([A-Za-z]:)/, '$1')],
  bundle: true,
  write: false,
  platform: 'neutral',
  format: 'iife',
  mainFields: ['module', 'main'],
});
const snapshot = ivm.Isolate.createSnapshot([{ code: outputFiles[0]!.text }]);
const expressions: string[] = JSON.parse(await text(process.stdin));

const results = [1, 2].map((seed) => {
  const context = new ivm.Isolate({ snapshot }).createContextSync();
  context.evalSync(`setRandomSource((count) => new Uint8Array(count).fill(${seed}))`);
  return expressions.map((expression) => {
    try {
      return String(context.evalSync(`String(${expression})`));
    } catch (error) {
      return `${(error as Error).name}: ${(error as Error).message}`;
    }
  });
});
process.stdout.write(JSON.stringify(results));
