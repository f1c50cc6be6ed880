import { ArgumentError, argumentChecker } from '../../argument-check.ts';
import type { NamedParameter, Parameter } from '../../parameters.ts';
import { goError } from './errors.ts';
import { captureStackTrace, NativeTypeError, ownKeys } from './primordials.ts';
import { json, jsonWithNulls, state } from './state.ts';
import { withoutBuffers } from './wire-values.ts';

type Where = (...args: never[]) => unknown;

/** The arguments of one nk function: how they are checked and written. What that takes is found out at its first call. */
export class FunctionArguments {
  readonly name: string;
  readonly parameters: readonly NamedParameter[];
  #checker: ((given: readonly unknown[]) => unknown[]) | undefined;
  /** Whether some may be buffers, and whether some are of the module's own shape. */
  #kinds: { readonly buffers: boolean; readonly free: boolean } | undefined;

  constructor(name: string, parameters: readonly NamedParameter[]) {
    this.name = name;
    this.parameters = parameters;
  }

  /** As many as there are parameters. @throws a TypeError of the module's, at `below` */
  check(given: readonly unknown[], below: Where): unknown[] {
    this.#checker ??= argumentChecker(this.name, this.parameters);
    try {
      return this.#checker(given);
    } catch (error) {
      if (!(error instanceof ArgumentError)) throw error;
      const ofTheModule = new NativeTypeError(error.message);
      captureStackTrace(ofTheModule, below);
      throw ofTheModule;
    }
  }

  /** JSON of checked arguments: undefined is null, an ArrayBuffer `{"base64":…}`. Runs the module's `toJSON`s. */
  text(args: readonly unknown[], below: Where): string {
    this.#kinds ??= { buffers: some(this.parameters, isBinary), free: some(this.parameters, isFree) };
    let text: string;
    try {
      const values = this.#kinds.buffers ? withoutBuffers(args, 0) : args;
      text = this.#kinds.free ? jsonWithNulls(values) : json(values);
    } catch (error) {
      throw goError(`nk.${this.name}: the arguments cannot be written as JSON (${(error as Error).message})`, below);
    }
    const { payloadBytes } = state.setup;
    if (text.length > payloadBytes) {
      throw goError(
        `nk.${this.name}: the arguments are larger than ${payloadBytes} characters (limit payloadBytes)`,
        below,
      );
    }
    return text;
  }
}

/** True when a parameter, or one within it, is such. */
function some(parameters: readonly NamedParameter[], test: (parameter: Parameter) => boolean): boolean {
  for (let i = 0; i < parameters.length; i++) if (holds(parameters[i]![1], test)) return true;
  return false;
}

function holds(parameter: Parameter, test: (parameter: Parameter) => boolean): boolean {
  switch (parameter.kind) {
    case 'optional':
    case 'list':
      return holds(parameter.of, test);
    case 'record': {
      const names = ownKeys(parameter.fields);
      for (let i = 0; i < names.length; i++) if (holds(parameter.fields[names[i]!]!, test)) return true;
      return false;
    }
    default:
      return test(parameter);
  }
}

function isBinary({ kind }: Parameter): boolean {
  return kind === 'binary' || kind === 'textOrBinary';
}

/** Of the module's own shape. */
function isFree({ kind }: Parameter): boolean {
  return kind === 'object' || kind === 'json';
}
