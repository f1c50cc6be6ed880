/** Editors write a file in several steps, and "save all" writes many: changes this close together are one. */
export const quietMs = 30;
/** Changes that never pause (a generator at work) are handed on at least this often. */
export const longestWaitMs = 250;

/** Gathers changed files until they pause, and hands them on together. */
export class SaveCoalescer {
  readonly #handOn: (files: ReadonlySet<string>) => void;
  #files = new Set<string>();
  #quiet: NodeJS.Timeout | undefined;
  #longest: NodeJS.Timeout | undefined;

  constructor(handOn: (files: ReadonlySet<string>) => void) {
    this.#handOn = handOn;
  }

  changed(file: string): void {
    this.#files.add(file);
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => this.#flush(), quietMs);
    this.#longest ??= setTimeout(() => this.#flush(), longestWaitMs);
  }

  /** Forgets what was gathered. */
  stop(): void {
    clearTimeout(this.#quiet);
    clearTimeout(this.#longest);
    this.#longest = undefined;
    this.#files = new Set();
  }

  #flush(): void {
    const files = this.#files;
    this.stop();
    this.#handOn(files);
  }
}
