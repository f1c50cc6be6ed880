import type { NamedParameter, Parameter } from '../../parameters.ts';
import { goError } from './errors.ts';
import { create, defineProperty, isArray, ownKeys } from './primordials.ts';
import { json, state } from './state.ts';
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
    text = json(hasBinary(parameters) ? withoutBuffers(args, 0) : args);
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

function hasBinary(parameters: readonly NamedParameter[]): boolean {
  for (let i = 0; i < parameters.length; i++) if (mayHoldBinary(parameters[i]![1])) return true;
  return false;
}

function mayHoldBinary(parameter: Parameter): boolean {
  switch (parameter.kind) {
    case 'binary':
    case 'textOrBinary':
      return true;
    case 'optional':
    case 'list':
      return mayHoldBinary(parameter.of);
    case 'record': {
      const names = ownKeys(parameter.fields);
      for (let i = 0; i < names.length; i++) if (mayHoldBinary(parameter.fields[names[i]!]!)) return true;
      return false;
    }
    default:
      return false;
  }
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
