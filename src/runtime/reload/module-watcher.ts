import { existsSync, type FSWatcher as NodeWatcher, watch as watchFolder } from 'node:fs';
import { basename, dirname, extname, isAbsolute, relative, resolve, sep } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import { SaveCoalescer } from './save-coalescer.ts';

/** Folders whose files are made by tools, or come with packages. Names that start with a dot are left out too. */
const ignoredFolders = new Set(['node_modules', 'dist']);
/** What can be part of a bundle; other files (data for nk.fileRead) are read when they are asked for. */
const sourceExtensions = new Set(['.ts', '.js', '.mts', '.mjs', '.cts', '.cjs', '.tsx', '.jsx', '.json', '.txt']);

/**
 * Tells when source files of a modules folder change, come or go; also single files elsewhere that modules import.
 * Works by the system's own notices (no polling) on Linux, macOS and Windows.
 */
export class ModuleWatcher {
  readonly #folder: string;
  readonly #saves: SaveCoalescer;
  readonly #parent: NodeWatcher | undefined;
  #watcher: FSWatcher;
  readonly #outside = new Set<string>();
  readonly ready: Promise<void>;

  /** @param onChange gets the absolute paths of what changed, once for changes that are close together */
  constructor(folder: string, onChange: (files: ReadonlySet<string>) => void) {
    this.#folder = resolve(folder);
    this.#saves = new SaveCoalescer(onChange);
    this.#watcher = this.#watch({ ignoreInitial: true });
    this.ready = new Promise((done) => this.#watcher.once('ready', () => done()));
    // Compilers that begin with an empty folder put another in the place of this one, and nothing would come from it.
    this.#parent = this.#watchParent();
  }

  /** Watches files that lie outside the folder as well; files inside it are watched anyway. */
  include(files: readonly string[]): void {
    const fresh = files.filter((file) => this.#isOutside(file) && !this.#outside.has(file));
    if (fresh.length === 0) return;
    for (const file of fresh) this.#outside.add(file);
    this.#watcher.add(fresh);
  }

  async close(): Promise<void> {
    this.#saves.stop();
    this.#parent?.close();
    await this.#watcher.close();
  }

  #watch(options: { readonly ignoreInitial: boolean }): FSWatcher {
    const watcher = watch([this.#folder, ...this.#outside], { ...options, ignored: (path) => this.#isIgnored(path) });
    watcher.on('all', (event, path) => {
      if (event === 'add' || event === 'change' || event === 'unlink') this.#saw(resolve(path));
    });
    // A folder that cannot be read is not fatal: what can be watched is.
    return watcher.on('error', () => {});
  }

  /** Undefined where the system does not allow it. */
  #watchParent(): NodeWatcher | undefined {
    try {
      return watchFolder(dirname(this.#folder), { persistent: false }, (event, name) => {
        if (event === 'rename' && name === basename(this.#folder)) this.#startAnew();
      }).on('error', () => {});
    } catch {
      return undefined;
    }
  }

  /** Watches the folder that has this name now, and takes all its files for changed. */
  #startAnew(): void {
    if (!existsSync(this.#folder)) return;
    void this.#watcher.close();
    this.#watcher = this.#watch({ ignoreInitial: false });
  }

  #saw(path: string): void {
    if (sourceExtensions.has(extname(path))) this.#saves.changed(path);
  }

  #isIgnored(path: string): boolean {
    if (this.#isOutside(path)) return path.split(sep).includes('node_modules');
    const parts = relative(this.#folder, resolve(path)).split(sep);
    return parts.some((part) => ignoredFolders.has(part) || part.startsWith('.'));
  }

  #isOutside(path: string): boolean {
    const way = relative(this.#folder, resolve(path));
    return way.startsWith('..') || isAbsolute(way);
  }
}
