/** What a call has of its context. */
interface InContext {
  /** The number of its context; 0 for a call that brings its own. */
  readonly context: number;
  readonly contextText: string;
}

/** Which callers' contexts an isolate has: of each it is told with the first call that needs it. */
export class SlotContexts {
  readonly #known = new Set<number>();
  #mustForget = false;

  /** What an entry begins with. */
  opening(): string {
    const record = this.#mustForget ? 'o\t\n' : '';
    this.#mustForget = false;
    return record;
  }

  /** What must be told before a call. */
  before({ context, contextText }: InContext): string {
    if (context === 0 || this.#known.has(context)) return '';
    this.#known.add(context);
    return `O ${context}\t${contextText}\n`;
  }

  /** Has the isolate forget them all with its next entry. */
  forget(): void {
    this.#mustForget = true;
    this.#known.clear();
  }

  /** The isolate may not have read what it was told: each is told again, under the same number. */
  lose(): void {
    this.#known.clear();
  }
}
