import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

// Makes dist/ from src/: what the package and bin/nk.js run.
const root = fileURLToPath(new URL('..', import.meta.url));

/** What is run by itself, or imported from outside. */
const programs = ['cli/main.ts', 'testing.ts', 'runtime/worker/main.ts', 'database/pglite/worker.ts'];
/** Native addons, and packages that find files of their own beside their code. */
const unbundled = ['@electric-sql/pglite', '@node-rs/bcrypt', 'esbuild', 'isolated-vm', 'pg-native'];

/** Lines of the bundled code, so that a stack without its source map still says something. */
const MAX_LINE_UNITS = 160;

process.chdir(root);
rmSync('dist', { recursive: true, force: true });
node('node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json');
await bundle();
copy('protocol/gen', '.d.ts');
copy('cli/templates');
node('src/runtime/worker/build-prelude.ts', 'src/runtime/worker/prelude/main.ts', 'dist/runtime/worker/prelude.js');
node('src/database/pglite/make-snapshot.ts', 'dist/database/pglite/snapshot.tar.gz');

function node(...args: string[]): void {
  try {
    execFileSync(process.execPath, args, { stdio: 'inherit' });
  } catch {
    console.error(`build: ${args.join(' ')} failed`);
    process.exit(1);
  }
}

/**
 * tsc has checked and declared; the code itself goes into a few files, packages included. Loading some eight hundred
 * small ones took 380 ms and 17 MB more than loading these (Node 26, 2 cores).
 */
async function bundle(): Promise<void> {
  await build({
    entryPoints: programs.map((program) => join('src', program)),
    outdir: 'dist',
    outbase: 'src',
    bundle: true,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    platform: 'node',
    format: 'esm',
    target: 'node24',
    external: unbundled,
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'linked',
    // A process keeps the text of its code: without indents and comments it is 4 MB smaller.
    minifyWhitespace: true,
    lineLimit: MAX_LINE_UNITS,
    logLevel: 'warning',
    // Packages in CommonJS ask for Node's modules by `require`.
    banner: {
      js: "import { createRequire as nkRequire } from 'node:module'; const require = nkRequire(import.meta.url);",
    },
  });
}

/** Copies a folder that tsc leaves behind, or of it the files with an ending. */
function copy(folder: string, ending = ''): void {
  const isWanted = (path: string) => !path.includes('.') || path.endsWith(ending);
  cpSync(join('src', folder), join('dist', folder), { recursive: true, filter: ending ? isWanted : () => true });
}
