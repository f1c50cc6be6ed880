import type { NamedParameter, Parameter } from '../../parameters.ts';
import { goError } from './errors.ts';
import { create, defineProperty, isArray, ownKeys } from './primordials.ts';
import { json, jsonWithNulls, state } from './state.ts';
import { decodeBase64, encodeBase64 } from './utilities/base64.ts';

const NativeBuffer = ArrayBuffer;
const Bytes = Uint8Array;

/** JSON text of checked arguments: undefined is null, an ArrayBuffer `{"base64":…}`. Runs the module's `toJSON`s. */
export function argumentsText(
  name: string,
  parameters: readonly NamedParameter[],
  args: readonly unknown[],
  below: (...args: never[]) => unknown,
): string {
  let text: string;
  try {
    const values = some(parameters, isBinary) ? withoutBuffers(args, 0) : args;
    text = some(parameters, isFree) ? jsonWithNulls(values) : json(values);
  } catch (error) {
    throw goError(`nk.${name}: the arguments cannot be written as JSON (${(error as Error).message})`, below);
  }
  if (text.length > state.setup.payloadBytes) {
    throw goError(
      `nk.${name}: the arguments are larger than ${state.setup.payloadBytes} characters (limit payloadBytes)`,
      below,
    );
  }
  return text;
}

/** An ArrayBuffer of the module's own from base64. */
export function binaryOf(base64: string): ArrayBuffer {
  return (decodeBase64(base64, 'standard', false) ?? new Bytes(0)).buffer;
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

const MAX_BUFFER_DEPTH = 8;

/** A copy in which buffers are their base64; only as deep as parameters nest. */
function withoutBuffers(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth > MAX_BUFFER_DEPTH) return value;
  if (value instanceof NativeBuffer) return { base64: encodeBase64(new Bytes(value), 'standard', true) };
  if (isArray(value)) {
    const copy: unknown[] = [];
    for (let i = 0; i < value.length; i++) put(copy, i, withoutBuffers(value[i], depth + 1));
    return copy;
  }
  const copy = create(null) as object;
  const names = ownKeys(value);
  for (let i = 0; i < names.length; i++) {
    put(copy, names[i]!, withoutBuffers((value as Record<string, unknown>)[names[i]!], depth + 1));
  }
  return copy;
}

function put(target: object, key: PropertyKey, value: unknown): void {
  defineProperty(target, key, {
    __proto__: null,
    value,
    enumerable: true,
    writable: true,
    configurable: true,
  } as PropertyDescriptor);
}
