import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export const repository = join(import.meta.dirname, '..', '..');
const require = createRequire(import.meta.url);
const compiler = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
const nodeTypes = dirname(require.resolve('@types/node/package.json'));

/** What a module's project sets in its tsconfig. */
export interface Project {
  /** Text by file name. */
  readonly files: Readonly<Record<string, string>>;
  readonly compilerOptions?: Readonly<Record<string, unknown>>;
  /** Its package.json; none by default. */
  readonly manifest?: object;
}

/** A module's project as `nk init` would make it: no DOM, no Node, our types by name. */
const usual = {
  target: 'es2024',
  lib: ['es2024'],
  module: 'nodenext',
  types: ['nk-server/runtime-api'],
  strict: true,
  noEmit: true,
};

/**
 * Type-checks a project that has this package (and the types of Node) installed, and returns the compiler's errors,
 * one a line; empty when there are none.
 */
export function typeCheck({ files, compilerOptions = {}, manifest }: Project): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'nk-types-'));
  try {
    install(folder);
    if (manifest) writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const config = { compilerOptions: { ...usual, ...compilerOptions }, files: Object.keys(files) };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    const run = spawnSync(process.execPath, [compiler, '-p', folder, '--pretty', 'false'], {
      cwd: folder,
      encoding: 'utf8',
    });
    if (run.error) throw run.error;
    const errors = run.stdout.split(/\r?\n/).filter((line) => line.includes('error TS'));
    if (run.status !== 0 && errors.length === 0) throw new Error(`tsc ended with ${run.status}: ${run.stderr}`);
    return errors;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function install(folder: string): void {
  mkdirSync(join(folder, 'node_modules', '@types'), { recursive: true });
  symlinkSync(repository, join(folder, 'node_modules', 'nk-server'), 'junction');
  symlinkSync(nodeTypes, join(folder, 'node_modules', '@types', 'node'), 'junction');
}
