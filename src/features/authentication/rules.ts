import { invalidArgument } from '../../protocol/status.ts';
import { checkUsername, generateUsername } from '../accounts/index.ts';

const PASSWORD_MIN_BYTES = 8;
/** What bcrypt takes; it would ignore the rest, so more is refused. */
const PASSWORD_MAX_BYTES = 72;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controlOrSpace = /[\x00-\x20\x7f]/;
const emailForm = /^.+@.+\..+$/;

/** The username asked for, or one made up when none is. @throws StatusError INVALID_ARGUMENT */
export function usernameOrGenerated(username: string): string {
  if (username === '') return generateUsername();
  checkUsername(username);
  return username;
}

/** @throws StatusError INVALID_ARGUMENT */
export function checkDeviceId(id: string): void {
  checkIdentifier('device id', id, 10, 128);
}

/** @throws StatusError INVALID_ARGUMENT */
export function checkCustomId(id: string): void {
  checkIdentifier('custom id', id, 6, 128);
}

/** The address in the form in which it is stored: lower case. @throws StatusError INVALID_ARGUMENT */
export function cleanEmail(email: string): string {
  if (controlOrSpace.test(email)) throw invalidArgument('the e-mail address may hold no spaces and control characters');
  if (!emailForm.test(email)) throw invalidArgument('the e-mail address must look like name@example.com');
  const bytes = Buffer.byteLength(email);
  if (bytes < 10 || bytes > 255) throw invalidArgument('the e-mail address must have from 10 to 255 bytes');
  return email.toLowerCase();
}

/** @throws StatusError INVALID_ARGUMENT */
export function checkPassword(password: string): void {
  const bytes = Buffer.byteLength(password);
  if (bytes < PASSWORD_MIN_BYTES) throw invalidArgument(`the password must have at least ${PASSWORD_MIN_BYTES} bytes`);
  if (bytes > PASSWORD_MAX_BYTES) throw invalidArgument(`the password may have at most ${PASSWORD_MAX_BYTES} bytes`);
}

function checkIdentifier(what: string, id: string, minBytes: number, maxBytes: number): void {
  if (id === '') throw invalidArgument(`a ${what} is required`);
  if (controlOrSpace.test(id)) throw invalidArgument(`the ${what} may hold no spaces and control characters`);
  const bytes = Buffer.byteLength(id);
  if (bytes < minBytes || bytes > maxBytes) {
    throw invalidArgument(`the ${what} must have from ${minBytes} to ${maxBytes} bytes`);
  }
}
