/**
 * The lines around a module's code, which hand its InitModule to the isolate: what `module-bundle.ts` describes.
 * The names that they use start with `__nk` and are not seen by other modules.
 */

/** Appended to an entry file: reaches an InitModule that is declared but not exported (the bundlers' old idiom). */
export const entryEpilogue = "\n;if (typeof InitModule === 'function') __nkInitModule = InitModule;\n";

/** A source map's text without the epilogue in the entry's source: its author never wrote it. */
export function withoutEpilogue(sourceMapText: string): string {
  return sourceMapText.replace(JSON.stringify(entryEpilogue).slice(1, -1), () => '');
}

/** How often the epilogue says `InitModule`: a bundle that says it no more often has none. */
export const epilogueMentions = 2;

/** The source of the file that stands before an entry and takes its exports. */
export function entryImporter(entryFile: string): string {
  return `import * as entry from ${JSON.stringify(entryFile)};\n__nkEntry = entry;\n`;
}

const findInitModule =
  '[__nkEntry.InitModule, __nkEntry.default?.InitModule, __nkInitModule, __nkEntry.default].find((f) => typeof f === "function")';

/** Around a bundle whose top level is a function's scope: the module shares no name with anything. */
export const functionScope = {
  before: "'use strict';\n(() => {\nlet __nkEntry, __nkInitModule;",
  after: `globalThis.__nkModule = { InitModule: ${findInitModule} };\n})();`,
} as const;

/** Around a bundle whose top level is the script's, so that what it holds can be listed. */
export const openScope = {
  before: "'use strict';\nlet __nkEntry, __nkInitModule;",
  after: `globalThis.__nkModule = { InitModule: ${findInitModule} };`,
} as const;

/** Around a program of scripts, whose top level is the script's by their nature. */
export const scriptScope = {
  before: "'use strict';",
  after: "globalThis.__nkModule = { InitModule: typeof InitModule === 'function' ? InitModule : undefined };",
} as const;

/** The last line of a script whose objects are frozen after it ran: what its top-level names hold. */
export function announcedGlobals(names: readonly string[]): string {
  return `\nglobalThis.__nkGlobals = () => [${names.join(', ')}];`;
}
