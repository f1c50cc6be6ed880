import {
  captureStackTrace,
  errorPrototype,
  hasPrototype,
  isWhole,
  NativeError,
  NativeWeakMap,
  textSlice,
  toText,
  weakMapGet,
  weakMapSet,
} from './primordials.ts';
import { quoted } from './state.ts';
import { GoError } from './utilities/go-error.ts';

/** The status code of what was thrown without one. */
const INTERNAL = 13;
const MAX_MESSAGE_UNITS = 16_384;
const MAX_STACK_UNITS = 8192;
const MAX_CODE = 2 ** 31 - 1;

/** A `FailureReport` in which nothing is left out: what is not there would be looked for in Object.prototype. */
interface Report {
  readonly message: string;
  readonly code: number;
  readonly stack: string | undefined;
  readonly clientMessage: string | undefined;
}

/** Errors whose messages are for the author only, as they were made. */
const authorsErrors = new NativeWeakMap<object, { readonly message: string; readonly clientMessage: string }>();

/**
 * What was thrown, as plain text; never throws. Reading it may run the module's code (getters, proxies): that happens
 * here, inside the call's own limits.
 */
export function describeThrown(thrown: unknown): Report {
  try {
    if (typeof thrown === 'string') return report(`Error: ${thrown}`, INTERNAL, undefined);
    if ((typeof thrown !== 'object' && typeof thrown !== 'function') || thrown === null) {
      const text = toText(thrown);
      return report(thrown === null || thrown === undefined ? `${text} was thrown` : text, INTERNAL, undefined);
    }
    const fields = thrown as { message?: unknown; code?: unknown; stack?: unknown };
    return report(messageOf(thrown), codeOf(fields.code), fields.stack, clientMessageOf(thrown));
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

/** Nothing for an error to which the module gave a message of its own. */
function clientMessageOf(thrown: object): string | undefined {
  const made = weakMapGet(authorsErrors, thrown);
  if (made === undefined || (thrown as { message?: unknown }).message !== made.message) return undefined;
  return `GoError: ${made.clientMessage}`;
}

function codeOf(code: unknown): number {
  const valid = typeof code === 'number' && isWhole(code) && code !== 0 && code <= MAX_CODE && code >= -MAX_CODE;
  return valid ? code : INTERNAL;
}

function report(message: string, code: number, stack: unknown, clientMessage?: string): Report {
  return {
    message: message.length > MAX_MESSAGE_UNITS ? `${textSlice(message, 0, MAX_MESSAGE_UNITS)}…` : message,
    code,
    stack: typeof stack === 'string' ? textSlice(stack, 0, MAX_STACK_UNITS) : undefined,
    clientMessage,
  };
}

/** JSON text of a report, whatever the module did to Object.prototype. */
export function failureText({ message, code, stack, clientMessage }: Report): string {
  let tail = stack === undefined ? '' : `,"stack":${quoted(stack)}`;
  if (clientMessage !== undefined) tail += `,"clientMessage":${quoted(clientMessage)}`;
  return `{"message":${quoted(message)},"code":${code}${tail}}`;
}

/** A failure of an nk function while it works, with a stack that starts at the module's own line. */
export function goError(message: string, below: (...args: never[]) => unknown): Error {
  const error = new GoError(message);
  captureStackTrace(error, below);
  return error;
}

/** As {@link goError}; a client whose call ends with it is told `clientMessage` instead. */
export function authorsError(message: string, clientMessage: string, below: (...args: never[]) => unknown): Error {
  const error = goError(message, below);
  weakMapSet(authorsErrors, error, { message, clientMessage });
  return error;
}

/** A call of something that the module API names and this server does not have. */
export function notImplemented(name: string, below: (...args: never[]) => unknown): Error {
  const error = new NativeError(`nk.${name} is not implemented yet`) as Error & { code: number };
  error.code = 12;
  captureStackTrace(error, below);
  return error;
}
