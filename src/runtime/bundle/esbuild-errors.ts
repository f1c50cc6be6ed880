import { readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { relative, resolve, sep } from 'node:path';
import type { BuildFailure, Message } from 'esbuild';
import { type BuildProblem, ModuleBuildError, problemAt } from './build-error.ts';

/** More problems than this are not listed. */
const maxProblems = 10;

/**
 * Runs a build of esbuild and turns its failure into a ModuleBuildError in the module author's words.
 * @param folder the build's working directory
 */
export async function withBuildErrors<T>(folder: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    throw new ModuleBuildError(await Promise.all(error.errors.slice(0, maxProblems).map((e) => problemOf(folder, e))));
  }
}

/** What esbuild thinks is a mistake though it can be built, in the author's own files. */
export function warningsOf(folder: string, messages: readonly Message[]): Promise<BuildProblem[]> {
  const own = messages.filter((message) => message.location && !inPackage(message));
  return Promise.all(own.slice(0, maxProblems).map((message) => problemOf(folder, message)));
}

async function problemOf(folder: string, message: Message): Promise<BuildProblem> {
  const { text, hint } = wording(message);
  const location = message.location;
  if (!location) return { text, ...(hint ? { hint } : {}) };

  const path = resolve(folder, location.file);
  const file = relative(folder, path).split(sep).join('/');
  const line = Buffer.from(location.lineText);
  const before = line.subarray(0, location.column).toString();
  const marked = line.subarray(location.column, location.column + location.length).toString();
  const source = await readFile(path, 'utf8').catch(() => location.lineText);
  return problemAt({ file, line: location.line, column: before.length + 1, length: marked.length }, source, text, hint);
}

/** What esbuild says, said to somebody whose code runs in an isolate of a game server. */
function wording(message: Message): { text: string; hint?: string } {
  const unresolved = /^Could not resolve "(.+)"$/.exec(message.text)?.[1];
  if (unresolved !== undefined) return unresolvedWording(unresolved, message);

  const unloadable = /^No loader is configured for "\.(\w+)" files: (.+)$/.exec(message.text);
  if (unloadable?.[1] === 'node') {
    return {
      text: `${unloadable[2]} is a native addon: modules can only use packages of pure JavaScript`,
      hint: packageHint(message),
    };
  }
  if (unloadable) {
    return {
      text: `A module cannot import ${unloadable[2]}: only .ts, .js, .json and .txt`,
      hint: 'Data files are read with nk.fileRead(path).',
    };
  }
  if (message.text.startsWith('Top-level await')) {
    return { text: 'A module cannot await at its top level', hint: 'Make InitModule async and await in it.' };
  }
  if (/^Unexpected "\\x(ff|fe)"$/.test(message.text)) {
    return { text: 'The file is not UTF-8 but probably UTF-16', hint: 'Have your editor save it as UTF-8.' };
  }
  const note = message.notes[0]?.text;
  return { text: message.text, ...(note ? { hint: note } : {}) };
}

function unresolvedWording(name: string, message: Message): { text: string; hint?: string } {
  if (isNodeBuiltin(name)) {
    return {
      text: `"${name}" is a part of Node.js, and modules have no Node API`,
      hint: inPackage(message) ? packageHint(message) : (replacements[bareName(name)] ?? generalHint),
    };
  }
  if (name.startsWith('.') || name.startsWith('/')) return { text: `There is no file "${name}"` };
  return {
    text: `There is no package "${name}"`,
    hint: `Install it beside the modules: npm install ${packageName(name)}`,
  };
}

const generalHint = 'Modules reach the outside through nk: storage, httpRequest, fileRead, hashing and more.';
const requestHint = 'Use nk.httpRequest, or await nk.async.httpRequest.';
const hashHint = 'Use nk.uuidv4, nk.sha256Hash, nk.hmacSha256Hash, nk.secureRandomBytes …';

/** What a module uses instead of a part of Node.js. */
const replacements: Readonly<Record<string, string>> = {
  fs: 'Read files of the modules folder with nk.fileRead(path); keep data with nk.storageWrite.',
  'fs/promises': 'Read files of the modules folder with nk.fileRead(path); keep data with nk.storageWrite.',
  http: requestHint,
  https: requestHint,
  http2: requestHint,
  net: requestHint,
  crypto: hashHint,
  process: 'Settings of the environment are in ctx.env.',
  buffer: 'Use ArrayBuffer and Uint8Array, with nk.stringToBinary, nk.base64Encode …',
  util: 'Use what the language has; nk.stringToBinary and nk.binaryToString convert text.',
};

function packageHint(message: Message): string {
  const name = inPackage(message);
  return name
    ? `It is needed by the package ${name}, which is written for Node.js: use one that runs in browsers too.`
    : 'Use a package that runs in browsers too.';
}

/** The npm package in which the problem is, if it is not in the author's own files. */
function inPackage(message: Message): string | undefined {
  const path = message.location?.file.split(sep).join('/');
  const inside = path?.split('node_modules/').at(-1);
  return path === undefined || inside === path || inside === undefined ? undefined : packageName(inside);
}

function packageName(path: string): string {
  return path
    .split('/')
    .slice(0, path.startsWith('@') ? 2 : 1)
    .join('/');
}

const builtins = new Set(builtinModules);

function isNodeBuiltin(name: string): boolean {
  return name.startsWith('node:') || builtins.has(name) || builtins.has(name.split('/')[0]!);
}

function bareName(name: string): string {
  return name.replace(/^node:/, '');
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && Array.isArray((error as Partial<BuildFailure>).errors);
}
