import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Makes dist/ from src/: what the package and bin/nk.js run.
const root = fileURLToPath(new URL('..', import.meta.url));

process.chdir(root);
rmSync('dist', { recursive: true, force: true });
node('node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json');
copy('protocol/gen');
copy('cli/templates');
node('src/runtime/worker/build-prelude.ts', 'src/runtime/worker/prelude/main.ts', 'dist/runtime/worker/prelude.js');
node('dist/database/pglite/make-snapshot.js');

function node(...args: string[]): void {
  try {
    execFileSync(process.execPath, args, { stdio: 'inherit' });
  } catch {
    console.error(`build: ${args.join(' ')} failed`);
    process.exit(1);
  }
}

/** Copies a folder that tsc leaves behind: what is no TypeScript of ours. */
function copy(folder: string): void {
  cpSync(join('src', folder), join('dist', folder), { recursive: true });
}
