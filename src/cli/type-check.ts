import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageFile } from '../own-files.ts';
import { type BuildProblem, problemAt } from '../runtime/bundle/build-error.ts';
import { readTsConfig, tsconfigFiles } from '../runtime/bundle/tsconfig.ts';

/** What a type check of a modules folder found. */
export interface TypeCheck {
  /** Empty when all is well. */
  readonly problems: readonly BuildProblem[];
  /** The compiler's version; null when nothing was checked. */
  readonly compiler: string | null;
  /** Why nothing was checked. */
  readonly skipped?: string;
}

interface Compiler {
  readonly script: string;
  readonly version: string;
  /** True for the project's own, which is run with the project's tsconfig.json as it stands. */
  readonly own: boolean;
}

/** More problems than this are counted, not shown. */
const maxProblems = 20;
const outputLimitBytes = 16 * 1024 * 1024;
/** Beside the modules, so that relative paths and packages are found from it; removed after the check. */
const temporaryConfig = '.nk-check.tsconfig.json';
const runtimeApi = fileURLToPath(packageFile('runtime-api/'));

/**
 * Checks the types of a modules folder with the project's own TypeScript if it has one, else with the one beside this
 * server. The latter reads older projects too (`outFile`, target ES5) and brings the `nkruntime` types where the
 * project has none installed.
 * @param files what is checked when the folder has no tsconfig.json, absolute
 */
export async function checkTypes(folder: string, files: readonly string[]): Promise<TypeCheck> {
  const config = await readTsConfig(folder);
  const sources = config ? await tsconfigFiles(folder) : files.filter((file) => /\.[cm]?tsx?$/.test(file));
  if (!sources || sources.length === 0) return { problems: [], compiler: null, skipped: 'there is no TypeScript' };
  const compiler = findCompiler(folder);
  if (!compiler) {
    return { problems: [], compiler: null, skipped: 'there is no compiler: npm install --save-dev typescript' };
  }
  if (config && compiler.own) {
    return { problems: await run(compiler, folder, 'tsconfig.json'), compiler: compiler.version };
  }
  const path = join(folder, temporaryConfig);
  await writeFile(
    path,
    JSON.stringify(completeConfig(folder, config !== null, config?.compilerOptions?.types, sources)),
  );
  try {
    return { problems: await run(compiler, folder, temporaryConfig), compiler: compiler.version };
  } finally {
    await rm(path, { force: true });
  }
}

/** A tsconfig that adds to the project's what a present-day compiler needs. */
function completeConfig(
  folder: string,
  extendsOwn: boolean,
  types: readonly string[] | undefined,
  sources: readonly string[],
): object {
  const typesInstalled = ['nk-server', 'nakama-runtime'].some((name) => resolves(folder, `${name}/package.json`));
  // Without a tsconfig nobody names the types that are installed.
  const areNamed = typesInstalled && extendsOwn;
  const declarations = areNamed ? [] : [join(runtimeApi, 'index.d.ts'), join(runtimeApi, 'globals.d.ts')];
  const usual = extendsOwn ? {} : { strict: true, lib: ['esnext'], resolveJsonModule: true };
  return {
    ...(extendsOwn ? { extends: './tsconfig.json' } : {}),
    files: [...sources, ...declarations],
    compilerOptions: {
      ...usual,
      target: 'esnext',
      module: 'esnext',
      moduleResolution: 'bundler',
      outFile: null,
      noEmit: true,
      skipLibCheck: true,
      allowImportingTsExtensions: true,
      types: areNamed ? types : (types ?? []).filter((name) => !/^(nk-server|nakama-runtime)\b/.test(name)),
    },
  };
}

function findCompiler(folder: string): Compiler | null {
  const ours = resolves(fileURLToPath(packageFile('.')), 'typescript/package.json');
  const path = resolves(folder, 'typescript/package.json') ?? ours;
  if (!path) return null;
  const { version } = createRequire(path)('./package.json') as { version: string };
  return { script: join(dirname(path), 'bin', 'tsc'), version, own: path !== ours };
}

function resolves(folder: string, name: string): string | undefined {
  try {
    return createRequire(join(folder, 'package.json')).resolve(name);
  } catch {
    return undefined;
  }
}

async function run(compiler: Compiler, folder: string, config: string): Promise<BuildProblem[]> {
  const args = [compiler.script, '-p', config, '--noEmit', '--pretty', 'false'];
  const output = await new Promise<string>((done, fail) => {
    execFile(process.execPath, args, { cwd: folder, maxBuffer: outputLimitBytes }, (error, stdout, stderr) => {
      // The compiler exits with 1 or 2 when it found something; what it found is on stdout.
      if (error && stdout === '') fail(new Error(`The TypeScript compiler failed: ${stderr || error.message}`));
      else done(stdout);
    });
  });
  return await problemsIn(output, folder);
}

const diagnosticPattern = /^(.+?)\((\d+),(\d+)\): error (TS\d+: .*)$/;
const globalPattern = /^error (TS\d+: .*)$/;

async function problemsIn(output: string, folder: string): Promise<BuildProblem[]> {
  const problems: BuildProblem[] = [];
  const sources = new Map<string, string>();
  let found = 0;
  for (const diagnostic of diagnosticsIn(output)) {
    found++;
    if (found > maxProblems) continue;
    const [, name, line, column, text] = diagnosticPattern.exec(diagnostic) ?? [];
    if (name === undefined) {
      // What has no place is a matter of the settings.
      problems.push({ file: 'tsconfig.json', text: globalPattern.exec(diagnostic)?.[1] ?? diagnostic });
      continue;
    }
    const path = resolve(folder, name);
    if (!sources.has(path)) sources.set(path, await readFile(path, 'utf8').catch(() => ''));
    const file = relative(folder, path).split(sep).join('/');
    problems.push(problemAt({ file, line: Number(line), column: Number(column) }, sources.get(path)!, text!));
  }
  if (found > maxProblems) problems.push({ text: `and ${found - maxProblems} more` });
  return problems;
}

/** The diagnostics' first lines; their explanations, which are indented, are left to the compiler itself. */
function diagnosticsIn(output: string): string[] {
  return output.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith(' '));
}
