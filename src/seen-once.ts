/** Texts that are remembered at most; then all are forgotten. */
const MAX_TEXTS = 1024;

/** Tells which texts come again: what is kept for those would be wasted on the many that never do. */
export class SeenOnce {
  readonly #texts = new Set<string>();

  /** True when the text has come before. It is forgotten then: from now on the caller knows it. */
  hasComeBefore(text: string): boolean {
    if (this.#texts.delete(text)) return true;
    if (this.#texts.size >= MAX_TEXTS) this.#texts.clear();
    this.#texts.add(text);
    return false;
  }
}
