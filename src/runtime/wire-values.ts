import { ArgumentError, type ArgumentForm, argumentChecker } from './argument-check.ts';
import { AuthorsError, WrittenJson } from './module-function.ts';
import type { NamedParameter } from './parameters.ts';

/** Arguments as an isolate sends them: buffers as their base64, what was left out null. */
const asSent: ArgumentForm = {
  bufferOf: (value) => (isBuffer(value) ? bufferOf(value.base64) : undefined),
  hasNulls: true,
};

/**
 * A function that reads the arguments of a function's calls from the text that an isolate sent, and checks them: it is
 * not trusted. It throws an ArgumentError for those that are not what they must be.
 */
export function argumentReader(name: string, parameters: readonly NamedParameter[]): (text: string) => unknown[] {
  const check = argumentChecker(name, parameters, asSent);
  return (text) => check(JSON.parse(text) as unknown[]);
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
  // Line breaks separate records. Within JSON they are spaces.
  if (value instanceof WrittenJson) return `o${value.text.replaceAll('\n', ' ')}`;
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
