import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** True when the TypeScript itself runs, as in tests; false in the build. */
export const isSource = import.meta.url.endsWith('.ts');

/** The package's folder. The build puts code that is shared into files of its own, so it is looked for upwards. */
const root = packageRoot(new URL('.', import.meta.url));

/** A file that comes with the package as it is: `runtime-api/`, `package.json`. */
export function packageFile(path: string): URL {
  return new URL(path, root);
}

/** A file of `src/`, or what the build makes of it: `cli/templates/`, `runtime/worker/prelude.js`. */
export function sourceFile(path: string): URL {
  return new URL(`${isSource ? 'src' : 'dist'}/${path}`, root);
}

/** A program that runs by itself (in a process or thread of its own), by its name without extension. */
export function programFile(name: string): string {
  return fileURLToPath(sourceFile(`${name}.${isSource ? 'ts' : 'js'}`));
}

const manifest = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as {
  readonly version: string;
  readonly devDependencies: { readonly node: string };
};

/** This package's version. */
export const { version } = manifest;

/** The version of Node that this package is developed with. */
export const { node: nodeVersion } = manifest.devDependencies;

/** The folder that holds this package. */
export const packageFolder = fileURLToPath(root);

function packageRoot(folder: URL): URL {
  let at = folder;
  while (!existsSync(new URL('package.json', at))) {
    const above = new URL('..', at);
    if (above.href === at.href) throw new Error(`no package.json above ${folder.href}`);
    at = above;
  }
  return at;
}
