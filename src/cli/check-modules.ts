import { ModuleBuildError, ModuleFolderError, problemText } from '../runtime/bundle/build-error.ts';
import { type BuildOutcome, bundleModules } from '../runtime/bundle/bundler.ts';
import { failureText } from '../runtime/bundle/stack-trace.ts';
import type { Registration } from '../runtime/module-host.ts';
import { checkTypes } from './type-check.ts';
import { findUnimplementedCalls } from './unimplemented-calls.ts';

/** What loading modules for a check gave. */
export interface CheckedModules {
  readonly registrations: readonly Registration[];
  /** Names of the module API (`nk.*`, `initializer.*`) that the server does not implement. */
  readonly unimplemented: readonly string[];
}

/**
 * Starts what modules need (isolates, the nk functions, a database in memory), runs their InitModule and stops again.
 * Rejects when one fails; its stack is mapped to the author's files.
 */
export type LoadModules = (outcome: BuildOutcome) => Promise<CheckedModules>;

export interface CheckOptions {
  readonly folder: string;
  /** The one file to load, relative to the folder. */
  readonly entry?: string;
  /** False leaves the type check out. */
  readonly types: boolean;
  readonly loadModules: LoadModules;
  /** Takes the report, line by line. */
  readonly print: (line: string) => void;
}

/** Checks modules in the order in which mistakes hide each other. Resolves to true when they would serve. */
export async function checkModules(options: CheckOptions): Promise<boolean> {
  const { print } = options;
  let outcome: BuildOutcome;
  try {
    outcome = await bundleModules(options.folder, options.entry ? { entry: options.entry } : {});
  } catch (error) {
    if (!(error instanceof ModuleBuildError || error instanceof ModuleFolderError)) throw error;
    print(error.message);
    return false;
  }
  print(`modules   ${outcome.discovery.because}`);

  if (options.types && !(await typesAreGood(outcome.discovery.folder, outcome.files, print))) return false;

  let loaded: CheckedModules;
  try {
    loaded = await options.loadModules(outcome);
  } catch (error) {
    print(failureText(error, outcome.bundles));
    return false;
  }
  for (const line of registrationLines(loaded.registrations)) print(line);
  const missing = await findUnimplementedCalls(outcome.discovery.folder, outcome.files, loaded.unimplemented);
  for (const warning of [...outcome.warnings, ...missing]) {
    print(`\nwarning: ${problemText(warning)}`);
  }
  return true;
}

async function typesAreGood(folder: string, files: readonly string[], print: CheckOptions['print']): Promise<boolean> {
  const { problems, compiler, skipped } = await checkTypes(folder, files);
  if (problems.length > 0) {
    print(problems.map(problemText).join('\n\n'));
    return false;
  }
  print(compiler === null ? `types     not checked, ${skipped}` : `types     ok (TypeScript ${compiler})`);
  return true;
}

const kindNames: Readonly<Record<string, string>> = {
  rpc: 'RPC',
  before: 'before',
  after: 'after',
  rtBefore: 'before (socket)',
  rtAfter: 'after (socket)',
  match: 'match',
  storageIndex: 'storage index',
  storageIndexFilter: 'index filter',
  callback: 'callback',
};

/** One line for each function that is registered: what, its name, where. */
function registrationLines(registrations: readonly Registration[]): string[] {
  if (registrations.length === 0) return ['InitModule ran and registered nothing'];
  const rows = registrations.map(({ kind, name, module, place }) => [kindNames[kind] ?? kind, name, place ?? module]);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => `  ${row[0]!.padEnd(widths[0]!)}  ${row[1]!.padEnd(widths[1]!)}  ${row[2]}`);
}
