import type { FailureReport } from '../isolate-setup.ts';
import {
  captureStackTrace,
  errorPrototype,
  hasPrototype,
  isWhole,
  NativeError,
  textSlice,
  toText,
} from './primordials.ts';
import { quoted } from './state.ts';
import { GoError } from './utilities/go-error.ts';

/** The status code of what was thrown without one. */
const INTERNAL = 13;
const MAX_MESSAGE_UNITS = 16_384;
const MAX_STACK_UNITS = 8192;
const MAX_CODE = 2 ** 31 - 1;

/**
 * What was thrown, as plain text; never throws. Reading it may run the module's code (getters, proxies): that happens
 * here, inside the call's own limits.
 */
export function describeThrown(thrown: unknown): FailureReport {
  try {
    if (typeof thrown === 'string') return report(`Error: ${thrown}`, INTERNAL, undefined);
    if ((typeof thrown !== 'object' && typeof thrown !== 'function') || thrown === null) {
      return report(toText(thrown), INTERNAL, undefined);
    }
    const fields = thrown as { message?: unknown; code?: unknown; stack?: unknown };
    return report(messageOf(thrown), codeOf(fields.code), fields.stack);
  } catch {
    return report('an error that cannot be read was thrown', INTERNAL, undefined);
  }
}

/** An Error's text has its name in front; the message of any other object is a text that the author wrote for clients. */
function messageOf(thrown: object): string {
  const { message, name } = thrown as { message?: unknown; name?: unknown };
  if (typeof message === 'string' && message !== '') {
    if (!hasPrototype(errorPrototype, thrown)) return message;
    return `${typeof name === 'string' && name !== '' ? name : 'Error'}: ${message}`;
  }
  if (message !== undefined && message !== null && message !== '' && typeof message !== 'object')
    return toText(message);
  return typeof name === 'string' && name !== '' ? name : 'an error without a message was thrown';
}

function codeOf(code: unknown): number {
  const valid = typeof code === 'number' && isWhole(code) && code !== 0 && code <= MAX_CODE && code >= -MAX_CODE;
  return valid ? code : INTERNAL;
}

function report(message: string, code: number, stack: unknown): FailureReport {
  const short = message.length > MAX_MESSAGE_UNITS ? `${textSlice(message, 0, MAX_MESSAGE_UNITS)}…` : message;
  return typeof stack === 'string'
    ? { message: short, code, stack: textSlice(stack, 0, MAX_STACK_UNITS) }
    : { message: short, code };
}

/** JSON text of a report, whatever the module did to Object.prototype. */
export function failureText({ message, code, stack }: FailureReport): string {
  const tail = stack === undefined ? '' : `,"stack":${quoted(stack)}`;
  return `{"message":${quoted(message)},"code":${code}${tail}}`;
}

/** A failure of an nk function while it works, with a stack that starts at the module's own line. */
export function goError(message: string, below: (...args: never[]) => unknown): Error {
  const error = new GoError(message);
  captureStackTrace(error, below);
  return error;
}

/** A call of something that the module API names and this server does not have. */
export function notImplemented(name: string, below: (...args: never[]) => unknown): Error {
  const error = new NativeError(`nk.${name} is not implemented yet`) as Error & { code: number };
  error.code = 12;
  captureStackTrace(error, below);
  return error;
}
