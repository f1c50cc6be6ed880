import { jsonObjectProblem } from '../../protocol/json-object.ts';
import { invalidArgument } from '../../protocol/status.ts';

/** Metadata as a client gives it; empty text is none. @throws StatusError INVALID_ARGUMENT unless it is a JSON object */
export function checkMetadata(text: string): string {
  if (text === '') return '{}';
  const problem = jsonObjectProblem(text);
  if (problem) throw invalidArgument(`metadata ${problem}`);
  return checkStorable(text);
}

/** @throws StatusError INVALID_ARGUMENT for text that the database cannot keep: U+0000 in a string */
export function checkStorable(json: string): string {
  // After an odd number of backslashes it is no escape but text that shows one.
  if (/(?<!\\)(?:\\\\)*\\u0000/.test(json)) throw invalidArgument('metadata cannot hold the character U+0000');
  return json;
}
