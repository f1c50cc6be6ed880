import { writeFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** The oldest language level that an isolate has. */
const TARGET = 'es2024';

/** Bundles the prelude into one classic script, the code of the isolates' snapshot. */
export async function bundlePrelude(entry: URL): Promise<string> {
  const result = await build({
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: TARGET,
    legalComments: 'none',
    // Every isolate holds the text.
    minifyWhitespace: true,
    logLevel: 'silent',
  });
  return `'use strict';\n${result.outputFiles[0]!.text}`;
}

// Run by the build: writes the script beside this file's compiled form.
if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const source = process.argv[2];
  const target = process.argv[3];
  if (source === undefined || target === undefined) throw new Error('usage: build-prelude <main.ts> <prelude.js>');
  await writeFile(target, await bundlePrelude(pathToFileURL(source)));
}
