import { relative } from 'node:path';
import { styleText } from 'node:util';
import type { Registration } from '../runtime/module-host.ts';

/** What the banner tells. */
export interface BannerFacts {
  readonly version: string;
  /** Where clients connect, `http://…`. */
  readonly url: string;
  readonly serverKey: string;
  /** `memory`, `pglite:FOLDER` or a PostgreSQL address without its password. */
  readonly database: string;
  readonly modulesFolder: string;
  /** Which rule chose the modules, and names of those that were loaded. */
  readonly chosenBy: string;
  readonly modules: readonly string[];
  readonly registrations: readonly Registration[];
  /** Where debuggers attach, if they may. */
  readonly debuggerUrl?: string | undefined;
  readonly isWatching: boolean;
  readonly readyMs: number;
  /** The folder that paths are shown relative to. */
  readonly workingFolder: string;
}

/** What the terminal shows when the server is ready: where it is, on which data, with what. */
export function banner(facts: BannerFacts, hasColours: boolean): string {
  const paint = (style: 'bold' | 'dim' | 'cyan' | 'green', text: string) =>
    hasColours ? styleText(style, text, { validateStream: false }) : text;
  const row = (label: string, value: string, remark = '') =>
    `  ${paint('dim', label.padEnd(10))}${value}${remark ? paint('dim', `  ${remark}`) : ''}`;
  return [
    '',
    `  ${paint('bold', paint('green', 'nk'))} ${facts.version}  ${paint('dim', `ready in ${Math.round(facts.readyMs)} ms`)}`,
    '',
    row('clients', paint('cyan', facts.url), `server key ${keyHint(facts.serverKey)}`),
    row('sockets', paint('cyan', `${facts.url.replace(/^http/, 'ws')}/ws`)),
    row('database', ...databaseTexts(facts)),
    row(
      'modules',
      shownPath(facts.modulesFolder, facts),
      `${facts.chosenBy}${facts.isWatching ? ', reloaded on change' : ''}`,
    ),
    ...(facts.debuggerUrl === undefined
      ? []
      : [row('debugger', paint('cyan', facts.debuggerUrl), 'attach with VS Code, chrome://inspect or node inspect')]),
    ...facts.modules.flatMap((module) => moduleLines(module, facts.registrations, paint)),
    '',
    '',
  ].join('\n');
}

function databaseTexts(facts: BannerFacts): [value: string, remark: string] {
  if (facts.database === 'memory') return ['memory', 'gone when the server ends'];
  if (!facts.database.startsWith('pglite:')) return [facts.database, ''];
  const folder = shownPath(facts.database.slice('pglite:'.length), facts);
  return [folder, 'embedded: survives a killed process, not a power cut'];
}

const kinds: readonly { readonly kind: Registration['kind']; readonly label: string }[] = [
  { kind: 'rpc', label: 'rpc' },
  { kind: 'before', label: 'before' },
  { kind: 'after', label: 'after' },
  { kind: 'rtBefore', label: 'rtBefore' },
  { kind: 'rtAfter', label: 'rtAfter' },
  { kind: 'callback', label: 'callback' },
  { kind: 'match', label: 'match' },
  { kind: 'storageIndex', label: 'index' },
];

function moduleLines(
  module: string,
  registrations: readonly Registration[],
  paint: (style: 'bold' | 'dim', text: string) => string,
): string[] {
  const own = registrations.filter((registration) => registration.module === module);
  const lines = kinds.flatMap(({ kind, label }) => {
    const names = own.filter((registration) => registration.kind === kind).map(({ name }) => name);
    return names.length === 0 ? [] : [`    ${paint('dim', label.padEnd(9))} ${names.join(', ')}`];
  });
  return [`  ${paint('bold', module)}`, ...(lines.length > 0 ? lines : [`    ${paint('dim', 'registers nothing')}`])];
}

/** The well-known default is shown for copying, any other only hinted at. */
function keyHint(serverKey: string): string {
  return serverKey === 'defaultkey' ? serverKey : `${serverKey.slice(0, 2)}…`;
}

function shownPath(path: string, { workingFolder }: BannerFacts): string {
  const shown = relative(workingFolder, path) || '.';
  return shown.startsWith('..') ? path : shown;
}
