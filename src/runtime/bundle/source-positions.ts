import { FlattenMap, originalPositionFor, sourceContentFor, type TraceMap } from '@jridgewell/trace-mapping';
import type { Position } from '../module-bundle.ts';

/** Mapped positions that are kept; log lines come from few places. When full, the cache starts anew. */
const cacheLimit = 1000;

/** Where the positions of a script stand in the author's files. The source map is parsed on the first question. */
export class SourcePositions {
  readonly #mapText: string;
  readonly #cache = new Map<number, Position | undefined>();
  #map: TraceMap | undefined;

  constructor(mapText: string) {
    this.#mapText = mapText;
  }

  /**
   * The original of a position, with the file relative to the modules folder; undefined where the map knows none.
   * @param line from 1
   * @param column from 1
   */
  of(line: number, column: number): Position | undefined {
    const key = line * 1e6 + column;
    if (this.#cache.has(key)) return this.#cache.get(key);
    if (this.#cache.size >= cacheLimit) this.#cache.clear();
    const position = this.#lookUp(line, column);
    this.#cache.set(key, position);
    return position;
  }

  /** The text of a file of the bundle, by its name in positions. */
  source(file: string): string | undefined {
    return sourceContentFor(this.#parsed(), file) ?? undefined;
  }

  #lookUp(line: number, column: number): Position | undefined {
    if (line < 1 || column < 1) return undefined;
    const found = originalPositionFor(this.#parsed(), { line, column: column - 1 });
    if (found.source === null || isGenerated(found.source)) return undefined;
    return { file: found.source, line: found.line, column: found.column + 1 };
  }

  #parsed(): TraceMap {
    this.#map ??= FlattenMap(this.#mapText);
    return this.#map;
  }
}

/** The name of the lines that the bundler adds. */
export const generatedSource = 'nk:module';

/** Whether a source is no file: esbuild's own lines (`<define:…>`) and the bundler's (`nk:module`, `nkruntime:…`). */
export function isGenerated(source: string): boolean {
  return /^<|^nk\w*:/.test(source);
}
