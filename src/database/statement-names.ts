import { SeenOnce } from '../seen-once.ts';

/** How many statements are prepared; further ones are planned at each call. */
const MAX_NAMES = 512;

/**
 * Names for prepared statements. A text is prepared from its second use on, so that texts that never come again
 * (lists of varying length) take no place. Names are never given back: a server's statements are few and fixed.
 */
export class StatementNames {
  readonly #names = new Map<string, string>();
  readonly #seenOnce = new SeenOnce();
  #given = 0;

  /** The name under which to prepare the text, or undefined to leave it unprepared. */
  nameOf(sql: string): string | undefined {
    const name = this.#names.get(sql);
    if (name !== undefined) return name;
    if (this.#names.size >= MAX_NAMES || !this.#seenOnce.hasComeBefore(sql)) return undefined;
    return this.#give(sql);
  }

  /** The text must be prepared anew, under another name: its old plan is of no use any more. */
  renew(sql: string): void {
    if (this.#names.has(sql)) this.#give(sql);
  }

  /** All texts must be prepared anew: nobody knows what is still prepared. */
  renewAll(): void {
    for (const sql of this.#names.keys()) this.#give(sql);
  }

  #give(sql: string): string {
    const name = `nk${this.#given++}`;
    this.#names.set(sql, name);
    return name;
  }
}
