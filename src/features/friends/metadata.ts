import { invalidArgument } from '../../protocol/status.ts';

/** Metadata as a client gives it; empty text is none. @throws StatusError INVALID_ARGUMENT unless it is a JSON object */
export function checkMetadata(text: string): string {
  if (text === '') return '{}';
  if (!isObject(parse(text))) throw invalidArgument('metadata must be the text of a JSON object');
  return checkStorable(text);
}

/** @throws StatusError INVALID_ARGUMENT for text that the database cannot keep: U+0000 in a string */
export function checkStorable(json: string): string {
  // After an odd number of backslashes it is no escape but text that shows one.
  if (/(?<!\\)(?:\\\\)*\\u0000/.test(json)) throw invalidArgument('metadata cannot hold the character U+0000');
  return json;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
