import type { KeptReads, ModuleFunction } from '../module-function.ts';

/** Facts of which answers are kept at most; past it all are forgotten. */
const MAX_FACTS = 10_000;
/** UTF-16 units of an answer with its arguments; larger ones are not kept. */
const MAX_ANSWER_UNITS = 4096;

/**
 * Which answers isolates keep, by the fact that they tell. A change makes them forget before anything that the change
 * has caused reaches them, since all crosses in order.
 */
export class KeptAnswers {
  readonly #reads = new Map<string, KeptReads<readonly unknown[]>>();
  /** Function name and fact, with the arguments that asked for it. */
  readonly #kept = new Map<string, Set<string>>();
  readonly #forget: (record: string) => void;

  /** `forget` gets the record that tells all isolates which answers they must no longer use. */
  constructor(functions: readonly ModuleFunction[], forget: (record: string) => void) {
    this.#forget = forget;
    for (const { name, keep } of functions) {
      if (!keep) continue;
      this.#reads.set(name, keep);
      keep.onChange((fact) => (fact === undefined ? this.#changedAll() : this.#changed(name, fact)));
    }
  }

  /** Notes an answer that goes to an isolate. False when it must not be kept. */
  note(name: string, args: readonly unknown[], argumentsText: string, answer: string): boolean {
    const fact = this.#reads.get(name)?.factOf(...args);
    if (fact === undefined || answer.length + argumentsText.length > MAX_ANSWER_UNITS) return false;
    if (this.#kept.size >= MAX_FACTS) this.#changedAll();
    const key = `${name} ${fact}`;
    const askedBy = this.#kept.get(key);
    if (askedBy) askedBy.add(argumentsText);
    else this.#kept.set(key, new Set([argumentsText]));
    return true;
  }

  #changed(name: string, fact: string): void {
    const key = `${name} ${fact}`;
    const askedBy = this.#kept.get(key);
    if (!askedBy) return;
    this.#kept.delete(key);
    for (const argumentsText of askedBy) this.#forget(`F ${name}\t${argumentsText}`);
  }

  #changedAll(): void {
    if (this.#kept.size === 0) return;
    this.#kept.clear();
    this.#forget('F\t');
  }
}
