import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, parse, relative, resolve, sep } from 'node:path';
import { ModuleFolderError } from './build-error.ts';
import { sourceFormats } from './source-format.ts';
import { tsconfigFiles } from './tsconfig.ts';

/** Which rule chose what is loaded. */
export type DiscoveryRule = 'entry' | 'scripts' | 'main' | 'package' | 'files';

/** One module that will be loaded. */
export interface DiscoveredModule {
  /** What logs and errors call it: the file's name without extension, or the folder's where it is the only one. */
  readonly name: string;
  /** Absolute. More than one only for a program of scripts, in its order. */
  readonly files: readonly string[];
  /** True when the files are scripts of one global program, false for a module that is bundled from its one file. */
  readonly scripts: boolean;
}

/** What is loaded of a folder, and why. */
export interface Discovery {
  /** Absolute, without links. */
  readonly folder: string;
  readonly rule: DiscoveryRule;
  /** For the banner: `main.ts`, `5 scripts of tsconfig.json` … */
  readonly because: string;
  readonly modules: readonly DiscoveredModule[];
}

const mainNames = ['main.ts', 'main.js', 'index.ts', 'index.js'];

/**
 * Finds the modules of a folder. The first rule that finds something decides: the entry given; a tsconfig.json whose
 * files are all scripts; `main.ts|js` or `index.ts|js`, also below `src/`; `main` of package.json; every `.ts`/`.js`
 * file at the top of the folder, in name order.
 * @throws ModuleFolderError, one line, when the folder or the entry is missing or nothing can be loaded
 * @throws ModuleBuildError when a file of the tsconfig.json cannot be parsed
 */
export async function discoverModules(folder: string, options: { readonly entry?: string } = {}): Promise<Discovery> {
  if (!(await isFolder(folder))) {
    throw new ModuleFolderError(
      `There is no modules folder ${resolve(folder)}: name another with --modules, or create one with nk init ${folder}`,
    );
  }
  try {
    // Links are followed once, here: the bundler names files by where they really are.
    const root = await realpath(folder);
    return (
      (await byEntry(root, options.entry)) ??
      (await byScripts(root)) ??
      (await byMainFile(root)) ??
      (await byPackage(root)) ??
      (await byFiles(root))
    );
  } catch (error) {
    throw unreadable(error) ?? error;
  }
}

/** A file or folder that is there but cannot be read: a link to nothing or to itself, one of another user's. */
function unreadable(error: unknown): ModuleFolderError | undefined {
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === undefined || path === undefined) return undefined;
  const reasons: Readonly<Record<string, string>> = {
    EACCES: 'this user may not; change its permissions',
    EPERM: 'this user may not; change its permissions',
    ELOOP: 'it is a link that leads to itself; correct or delete it',
    ENOENT: 'it is a link to nothing; correct or delete it',
  };
  return new ModuleFolderError(`cannot read ${path}: ${reasons[code] ?? code}`);
}

async function byEntry(root: string, entry: string | undefined): Promise<Discovery | null> {
  if (!entry) return null;
  const file = resolve(root, entry);
  if (!(await isFile(file))) {
    throw new ModuleFolderError(
      `There is no file ${entry} in ${root}: correct --entry (runtime.js_entrypoint), or leave it out to let nk find the modules`,
    );
  }
  return single(root, 'entry', file, `${shown(root, file)} (given as the entry)`);
}

async function byScripts(root: string): Promise<Discovery | null> {
  const listed = await tsconfigFiles(root);
  if (!listed || listed.length === 0) return null;
  for (const file of listed) {
    if (!(await isFile(file))) {
      throw new ModuleFolderError(
        `${resolve(root, 'tsconfig.json')} lists ${shown(root, file)}, which is not there: correct its "files"`,
      );
    }
  }
  const files = await Promise.all(listed.map((file) => realpath(file)));
  const formats = await sourceFormats(root, files);
  if (!files.every((file) => formats.get(file) === 'script')) return null;
  return {
    folder: root,
    rule: 'scripts',
    because:
      files.length === 1 ? `${shown(root, files[0]!)} (tsconfig.json)` : `${files.length} scripts of tsconfig.json`,
    modules: [{ name: await projectName(root), files, scripts: true }],
  };
}

async function byMainFile(root: string): Promise<Discovery | null> {
  for (const base of [root, resolve(root, 'src')]) {
    for (const name of mainNames) {
      const file = resolve(base, name);
      if (await isFile(file)) return single(root, 'main', file, shown(root, file));
    }
  }
  return null;
}

async function byPackage(root: string): Promise<Discovery | null> {
  const main = (await readPackage(root))?.main;
  if (typeof main !== 'string' || main === '') return null;
  const file = resolve(root, main);
  for (const candidate of [file, `${file}.js`, resolve(file, 'index.js')]) {
    if (await isFile(candidate))
      return single(root, 'package', candidate, `${shown(root, candidate)} (main of package.json)`);
  }
  return null;
}

async function byFiles(root: string): Promise<Discovery> {
  const entries = await readdir(root, { withFileTypes: true });
  const files = entries
    .filter((entry) => !entry.isDirectory() && isModuleName(entry.name))
    .map((entry) => resolve(root, entry.name))
    .sort((a, b) => (a < b ? -1 : 1));
  if (files.length === 0) {
    const main = (await readPackage(root))?.main;
    if (typeof main === 'string' && main !== '') {
      throw new ModuleFolderError(
        `${resolve(root, 'package.json')} names ${main} as main, which is not there: correct it`,
      );
    }
    throw new ModuleFolderError(
      `There are no modules in ${root}: write a main.ts that exports InitModule, or create a project with nk init`,
    );
  }
  const initialised: string[] = [];
  for (const file of files) {
    if (await mentionsInitModule(file)) initialised.push(file);
  }
  if (initialised.length === 0) {
    throw new ModuleFolderError(
      `No InitModule in ${files.map((file) => shown(root, file)).join(', ')} (${root}): export one from a file, function InitModule(ctx, logger, nk, initializer)`,
    );
  }
  return {
    folder: root,
    rule: 'files',
    because: initialised.length === 1 ? shown(root, initialised[0]!) : `${initialised.length} files, one module each`,
    modules: await Promise.all(
      initialised.map(async (file) => ({
        name: uniqueName(file, initialised),
        files: [await realpath(file)],
        scripts: false,
      })),
    ),
  };
}

/** `chat`, or `chat.js` beside a `chat.ts`. */
function uniqueName(file: string, files: readonly string[]): string {
  const { name, base } = parse(file);
  return files.filter((other) => parse(other).name === name).length > 1 ? base : name;
}

async function single(root: string, rule: DiscoveryRule, path: string, because: string): Promise<Discovery> {
  const file = await realpath(path);
  const formats = await sourceFormats(root, [file]);
  const scripts = formats.get(file) === 'script';
  return { folder: root, rule, because, modules: [{ name: await projectName(root), files: [file], scripts }] };
}

/** Declarations, tests and tools' configuration are not modules. */
function isModuleName(name: string): boolean {
  return /\.[jt]s$/.test(name) && !/\.d\.ts$|\.(test|spec|config)\.[jt]s$/.test(name) && !name.startsWith('.');
}

/** A file beside the modules that only they import has none, and is not loaded on its own. */
async function mentionsInitModule(file: string): Promise<boolean> {
  return /\bInitModule\b|\bexport\s+default\b|\bexport\s*\*/.test(await readFile(file, 'utf8'));
}

async function projectName(root: string): Promise<string> {
  const name = (await readPackage(root))?.name;
  return typeof name === 'string' && name !== '' ? name : basename(root);
}

async function readPackage(root: string): Promise<{ main?: unknown; name?: unknown } | null> {
  const path = resolve(root, 'package.json');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return null;
  }
  try {
    return JSON.parse(text) as { main?: unknown; name?: unknown };
  } catch (error) {
    throw new ModuleFolderError(`${path} is not valid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A path as it is shown: relative to the modules folder, with `/` on every system. */
function shown(root: string, file: string): string {
  return relative(root, file).split(sep).join('/');
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isFile() ?? false;
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}
