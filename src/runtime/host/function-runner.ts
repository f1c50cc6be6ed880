import type { FunctionCall, ModuleFunction } from '../module-function.ts';
import { checkArguments } from '../parameters.ts';
import { answerText, argumentsOf, failureText } from '../wire-values.ts';

/** Takes the text that answers a call; the arguments come along when it was answered at once. */
export type Answer = (text: string, args?: readonly unknown[]) => void;

/** Runs nk functions for modules. What an isolate sends is checked again: it is not trusted. */
export class FunctionRunner {
  readonly #byName = new Map<string, ModuleFunction>();

  readonly #payloadBytes: number;

  constructor(functions: readonly ModuleFunction[], payloadBytes: number) {
    this.#payloadBytes = payloadBytes;
    for (const fn of functions) this.#byName.set(fn.name, fn);
  }

  /**
   * Calls a function; `answer` gets the text that the isolate reads, at once where the function is synchronous: then
   * with the arguments too.
   */
  run(call: FunctionCall, name: string, argumentText: string, answer: Answer): void {
    let result: unknown;
    let args: readonly unknown[];
    try {
      const fn = this.#byName.get(name);
      if (!fn) throw new Error(`nk.${name} is unknown`);
      args = checkArguments(name, fn.parameters, argumentsOf(fn.parameters, argumentText));
      result = fn.run(call, args);
    } catch (error) {
      answer(failureText(error));
      return;
    }
    if (!isPromise(result)) {
      answer(this.#textOf(result), args);
      return;
    }
    result.then(
      (value) => answer(this.#textOf(value)),
      (error: unknown) => answer(failureText(error)),
    );
  }

  #textOf(value: unknown): string {
    try {
      const text = answerText(value);
      if (text.length <= this.#payloadBytes) return text;
      return failureText(`the result is larger than ${this.#payloadBytes} characters (limit payloadBytes)`);
    } catch (error) {
      return failureText(error);
    }
  }
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
