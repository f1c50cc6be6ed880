import { randomInt } from 'node:crypto';
import { invalidArgument } from '../../protocol/status.ts';

const USERNAME_MAX_BYTES = 128;
const GENERATED_LETTERS = 10;
const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controlCharacters = /[\x00-\x1f\x7f]/;

/** Control characters and line breaks are refused, spaces are fine. @throws StatusError INVALID_ARGUMENT */
export function checkUsername(username: string): void {
  if (controlCharacters.test(username)) {
    throw invalidArgument('the username may hold no control characters and no line breaks');
  }
  const bytes = Buffer.byteLength(username);
  if (bytes < 1 || bytes > USERNAME_MAX_BYTES) {
    throw invalidArgument(`the username must have from 1 to ${USERNAME_MAX_BYTES} bytes`);
  }
}

/** A name for somebody who gave none. */
export function generateUsername(): string {
  let name = '';
  for (let i = 0; i < GENERATED_LETTERS; i++) name += letters[randomInt(letters.length)];
  return name;
}
