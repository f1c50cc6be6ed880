import type { NamedParameter } from '../parameters.ts';
import { answerText, argumentReader, binaryAnswer, failureText } from '../wire-values.ts';

/** An nk function that the worker's main thread runs. */
export interface WorkerFunction {
  readonly name: string;
  readonly parameters: readonly NamedParameter[];
  /** Answers JSON, an ArrayBuffer as `{base64}`, or a promise of either. */
  run(...args: readonly unknown[]): unknown;
}

/** Runs worker functions for isolates; answers are texts as the prelude reads them. */
export class WorkerFunctionRunner {
  readonly #byName = new Map<string, { readonly fn: WorkerFunction; readonly read: (text: string) => unknown[] }>();

  constructor(functions: readonly WorkerFunction[]) {
    for (const fn of functions) this.#byName.set(fn.name, { fn, read: argumentReader(fn.name, fn.parameters) });
  }

  async run(name: string, argumentsText: string): Promise<string> {
    const known = this.#byName.get(name);
    if (!known) return failureText(`nk.${name} is unknown`);
    try {
      const value = await known.fn.run(...known.read(argumentsText));
      return isBase64(value) ? binaryAnswer(value.base64) : answerText(value);
    } catch (error) {
      return failureText(error);
    }
  }
}

function isBase64(value: unknown): value is { base64: string } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const keys = Object.keys(value);
  return keys.length === 1 && keys[0] === 'base64' && typeof (value as { base64: unknown }).base64 === 'string';
}
