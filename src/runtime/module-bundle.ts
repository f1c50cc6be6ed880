/** A position in a script or source file; line and column count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * One module as the plugin host takes it: a single classic script, ready to run in an isolate.
 *
 * The script starts with `'use strict'` and leaves `globalThis.__nkModule`, an object whose `InitModule` is the
 * module's InitModule, if it has one. It may leave `globalThis.__nkGlobals`, a function that answers the list of
 * objects and functions which top-level `var`s and functions hold (frozen with `runtime.js_read_only_globals`).
 * Both are read and deleted right after the script ran.
 */
export interface ModuleBundle {
  /** The module's name in logs, limits and errors; unique among the bundles of one host. */
  readonly name: string;
  /** Counts up with every build. */
  readonly version: number;
  /** The script's name in stacks inside the isolate, for example `arena.js`. */
  readonly fileName: string;
  readonly code: string;
  readonly sourceMapText?: string;
  /** Where a position of the script stands in the author's source; undefined where the source map knows none. */
  mapPosition?(line: number, column: number): Position | undefined;
}
