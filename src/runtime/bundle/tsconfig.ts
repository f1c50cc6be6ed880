import { glob, readFile } from 'node:fs/promises';
import { basename, dirname, relative, resolve, sep } from 'node:path';
import { transform } from 'esbuild';
import { ModuleFolderError } from './build-error.ts';
import { withBuildErrors } from './esbuild-errors.ts';
import { withEsbuild } from './esbuild-process.ts';

/** What of a tsconfig.json matters here, with what it inherits. */
export interface TsConfig {
  readonly extends?: string | readonly string[];
  readonly files?: readonly string[];
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly compilerOptions?: {
    readonly allowJs?: boolean;
    readonly outDir?: string;
    readonly outFile?: string;
    readonly types?: readonly string[];
  };
}

/** `extends` chains longer than this are cut. */
const maxExtendsDepth = 8;
const alwaysExcluded = ['node_modules', '.nk', 'bower_components', 'jspm_packages'];

/**
 * The source files of a folder's tsconfig.json, in its order: `files` as listed, then what `include` matches in name
 * order. Declarations are left out. Null when there is no tsconfig.json.
 * @returns absolute paths
 * @throws ModuleBuildError when the file is not JSON with comments
 */
export async function tsconfigFiles(folder: string): Promise<string[] | null> {
  const config = await readTsConfig(folder);
  if (!config) return null;

  const listed = (config.files ?? []).map((file) => resolve(folder, file));
  const include = config.include ?? (config.files ? [] : ['**/*']);
  const matched = await includedFiles(folder, include, config);
  return [...new Set([...listed, ...matched])].filter((file) => !/\.d\.[cm]?ts$/.test(file));
}

/** A folder's tsconfig.json; null when there is none. @throws ModuleBuildError when it is not JSON with comments */
export function readTsConfig(folder: string): Promise<TsConfig | null> {
  return readWithBases(resolve(folder, 'tsconfig.json'), 0);
}

async function readWithBases(path: string, depth: number): Promise<TsConfig | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return null;
  }
  const json = withoutComments(text);
  let own: TsConfig;
  try {
    own = JSON.parse(json) as TsConfig;
  } catch (error) {
    return refuse(path, json, error instanceof Error ? error.message : String(error));
  }
  if (depth >= maxExtendsDepth) return own;

  let merged: TsConfig = own;
  for (const base of [own.extends ?? []].flat().toReversed()) {
    if (!base.startsWith('.')) continue;
    const basePath = resolve(dirname(path), base.endsWith('.json') ? base : `${base}.json`);
    const inherited = await readWithBases(basePath, depth + 1);
    if (inherited) {
      merged = {
        ...inherited,
        ...merged,
        compilerOptions: { ...inherited.compilerOptions, ...merged.compilerOptions },
      };
    }
  }
  return merged;
}

/** V8's parser does not always say where the mistake is; esbuild's does. */
async function refuse(path: string, json: string, message: string): Promise<never> {
  const options = { loader: 'json', sourcefile: basename(path), logLevel: 'silent' } as const;
  await withEsbuild(() => withBuildErrors(dirname(path), () => transform(json, options)));
  throw new ModuleFolderError(`${path} is not valid JSON: ${message}`);
}

async function includedFiles(folder: string, include: readonly string[], config: TsConfig): Promise<string[]> {
  const extensions = config.compilerOptions?.allowJs ? /\.[cm]?[jt]sx?$/ : /\.[cm]?tsx?$/;
  const { outDir, outFile } = config.compilerOptions ?? {};
  const excluded = [...(config.exclude ?? []), ...(outDir ? [outDir] : []), ...(outFile ? [outFile] : [])]
    .map((pattern) => relative(folder, resolve(folder, pattern)))
    .filter((pattern) => pattern !== '');
  const exclude = [...alwaysExcluded.map((name) => `**/${name}`), ...excluded];

  const found: string[] = [];
  for (const pattern of include) {
    const patterns = /[*?]/.test(pattern) || extensions.test(pattern) ? [pattern] : [`${pattern}/**/*`];
    for await (const file of glob(patterns, { cwd: folder, exclude })) {
      if (extensions.test(file)) found.push(resolve(folder, file));
    }
  }
  return found.sort(byPath);
}

/** Files of a folder before those of its subfolders, names in code unit order: the same on every system. */
function byPath(a: string, b: string): number {
  const depth = a.split(sep).length - b.split(sep).length;
  return depth !== 0 ? depth : a < b ? -1 : a > b ? 1 : 0;
}

/** JSON as tsconfig.json is written: comments and trailing commas made blanks, so that what is left stays in its place. */
function withoutComments(text: string): string {
  const blank = (part: string) => (part.startsWith('"') ? part : part.replace(/[^\n]/g, ' '));
  const bare = text.replace(/^\uFEFF/, ' ').replace(/"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, blank);
  return bare.replace(/"(?:[^"\\]|\\.)*"|,(?=\s*[}\]])/g, blank);
}
