import { AuthorsError } from './module-function.ts';
import { ArgumentError, type NamedParameter, type Parameter } from './parameters.ts';

/** The arguments of an nk call from the text that an isolate sent; buffers are there again, left-out ones undefined. */
export function argumentsOf(parameters: readonly NamedParameter[], text: string): unknown[] {
  const args = JSON.parse(text) as unknown[];
  for (let i = 0; i < parameters.length; i++) args[i] = restore(parameters[i]![1], args[i]);
  return args;
}

function restore(parameter: Parameter, value: unknown): unknown {
  switch (parameter.kind) {
    case 'optional':
      return value === null && parameter.of.kind !== 'json' ? undefined : restore(parameter.of, value);
    case 'binary':
    case 'textOrBinary':
      return isBuffer(value) ? bufferOf(value.base64) : value;
    case 'list':
      if (Array.isArray(value)) for (let i = 0; i < value.length; i++) value[i] = restore(parameter.of, value[i]);
      return value;
    case 'record':
      if (typeof value === 'object' && value !== null) {
        const fields = value as Record<string, unknown>;
        for (const name of Object.keys(fields)) {
          const field = parameter.fields[name];
          if (field) fields[name] = restore(field, fields[name]);
        }
      }
      return value;
    default:
      return value;
  }
}

function isBuffer(value: unknown): value is { base64: string } {
  return typeof value === 'object' && value !== null && typeof (value as { base64?: unknown }).base64 === 'string';
}

function bufferOf(base64: string): ArrayBuffer {
  const bytes = Buffer.from(base64, 'base64');
  const own = new ArrayBuffer(bytes.length);
  new Uint8Array(own).set(bytes);
  return own;
}

/** A function's result as the isolate reads it. */
export function answerText(value: unknown): string {
  if (value === undefined) return 'u';
  if (value instanceof ArrayBuffer) return binaryAnswer(Buffer.from(value).toString('base64'));
  if (ArrayBuffer.isView(value)) {
    return binaryAnswer(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64'));
  }
  const text = JSON.stringify(value);
  return text === undefined ? 'u' : `o${text}`;
}

/** The answer that stands for an ArrayBuffer. */
export function binaryAnswer(base64: string): string {
  return `b${JSON.stringify(base64)}`;
}

/** A function's failure as the isolate reads it. */
export function failureText(error: unknown): string {
  if (error instanceof AuthorsError) return `D${JSON.stringify([error.message, error.clientMessage])}`;
  const message = error instanceof Error ? error.message || error.name : String(error);
  return `${error instanceof ArgumentError ? 'T' : 'G'}${JSON.stringify(message)}`;
}
