import { glob, readFile } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import { ModuleFolderError } from './build-error.ts';

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
 * @throws ModuleFolderError when the file is not readable as JSON with comments or lists a missing file
 */
export async function tsconfigFiles(folder: string): Promise<string[] | null> {
  const config = await readTsConfig(folder);
  if (!config) return null;

  const listed = (config.files ?? []).map((file) => resolve(folder, file));
  const include = config.include ?? (config.files ? [] : ['**/*']);
  const matched = await includedFiles(folder, include, config);
  return [...new Set([...listed, ...matched])].filter((file) => !/\.d\.[cm]?ts$/.test(file));
}

/** A folder's tsconfig.json; null when there is none. @throws ModuleFolderError when it cannot be read */
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
  let own: TsConfig;
  try {
    own = JSON.parse(withoutComments(text)) as TsConfig;
  } catch (error) {
    throw new ModuleFolderError(`${path} is not valid JSON: ${error instanceof Error ? error.message : String(error)}`);
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

/** JSON as tsconfig.json is written: comments and trailing commas taken out, strings untouched. */
function withoutComments(text: string): string {
  const bare = text
    .replace(/^\uFEFF/, '')
    .replace(/"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (part) => (part.startsWith('"') ? part : ''));
  return bare.replace(/"(?:[^"\\]|\\.)*"|,(?=\s*[}\]])/g, (part) => (part.startsWith('"') ? part : ''));
}
