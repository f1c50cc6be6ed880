import { resolve } from 'node:path';
import { build } from 'esbuild';
import { withBuildErrors } from './esbuild-errors.ts';
import { withEsbuild } from './esbuild-process.ts';

/** `script`: neither imports nor exports anything, so that its top level is the global scope. */
export type SourceFormat = 'script' | 'module';

/**
 * Whether files are scripts or modules (ES modules or CommonJS), by their syntax. Nothing that they import is read.
 * @param files absolute paths
 * @throws ModuleBuildError when a file cannot be parsed
 */
export async function sourceFormats(folder: string, files: readonly string[]): Promise<Map<string, SourceFormat>> {
  const result = await withEsbuild(() =>
    withBuildErrors(folder, () =>
      build({
        absWorkingDir: folder,
        entryPoints: [...files],
        bundle: true,
        packages: 'external',
        plugins: [
          {
            name: 'nothing-imported',
            setup: ({ onResolve }) =>
              onResolve({ filter: /.*/ }, (found) =>
                found.kind === 'entry-point' ? undefined : { path: found.path, external: true },
              ),
          },
        ],
        format: 'esm',
        platform: 'neutral',
        outdir: resolve(folder, '.nk'),
        write: false,
        metafile: true,
        logLevel: 'silent',
      }),
    ),
  );
  const formats = new Map<string, SourceFormat>(files.map((file) => [file, 'module']));
  for (const [path, input] of Object.entries(result.metafile.inputs)) {
    const isScript = input.format === undefined && input.imports.length === 0;
    if (isScript) formats.set(resolve(folder, path), 'script');
  }
  return formats;
}
