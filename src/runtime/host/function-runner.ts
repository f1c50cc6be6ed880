import { databaseFailure } from '../../database/database-failure.ts';
import type { Log } from '../../observability/log.ts';
import { Status } from '../../protocol/status.ts';
import type { FunctionCall, ModuleFunction } from '../module-function.ts';
import { answerText, argumentReader, failureText } from '../wire-values.ts';
import { callFields } from './call-reports.ts';

/** Takes the text that answers a call; the arguments come along when it was answered at once. */
export type Answer = (text: string, args?: readonly unknown[]) => void;

/** Runs nk functions for modules. What an isolate sends is checked again: it is not trusted. */
export class FunctionRunner {
  readonly #byName = new Map<string, { readonly fn: ModuleFunction; readonly read: (text: string) => unknown[] }>();
  readonly #payloadBytes: number;
  readonly #log: Log;

  constructor(functions: readonly ModuleFunction[], payloadBytes: number, log: Log) {
    this.#payloadBytes = payloadBytes;
    this.#log = log;
    for (const fn of functions) this.#byName.set(fn.name, { fn, read: argumentReader(fn.name, fn.parameters) });
  }

  /**
   * Calls a function; `answer` gets the text that the isolate reads, at once where the function is synchronous: then
   * with the arguments too.
   */
  run(call: FunctionCall, name: string, argumentText: string, answer: Answer): void {
    let result: unknown;
    let args: readonly unknown[];
    try {
      const known = this.#byName.get(name);
      if (!known) throw new Error(`nk.${name} is unknown`);
      args = known.read(argumentText);
      result = known.fn.run(call, args);
    } catch (error) {
      answer(this.#failureTextOf(error, call, name));
      return;
    }
    if (!isPromise(result)) {
      answer(this.#textOf(result), args);
      return;
    }
    result.then(
      (value) => answer(this.#textOf(value)),
      (error: unknown) => answer(this.#failureTextOf(error, call, name)),
    );
  }

  /** What the module is told. The database's own words stay in the log. */
  #failureTextOf(error: unknown, call: FunctionCall, name: string): string {
    const told = databaseFailure(error);
    if (!told) return failureText(error);
    const fields = { err: error, module: call.module, ...callFields(call), function: name };
    const text = 'the database refused what an nk function asked of it';
    if (told.code === Status.INVALID_ARGUMENT) this.#log.warn(fields, text);
    else this.#log.error(fields, text);
    return failureText(told);
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
