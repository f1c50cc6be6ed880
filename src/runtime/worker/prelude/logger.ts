import {
  captureStackTrace,
  defineProperty,
  NativeError,
  NativeTypeError,
  ownKeys,
  textIndexOf,
  textSlice,
} from './primordials.ts';
import { type Call, emit, quoted, state } from './state.ts';
import { formatLog } from './utilities/format.ts';

type Fields = Readonly<Record<string, string>>;
type Where = (...args: never[]) => unknown;
export type Level = 'debug' | 'info' | 'warn' | 'error';

const MAX_FIELDS = 64;

/** What modules log with. Formats are Go's; a logger never throws but for a format that is no text. */
export class Logger {
  readonly #call: Call | undefined;
  readonly #fields: Fields | undefined;

  constructor(call: Call | undefined, fields?: Fields) {
    this.#call = call;
    this.#fields = fields;
  }

  debug(format: string, ...args: unknown[]): void {
    this.#write('debug', format, args, this.debug);
  }

  info(format: string, ...args: unknown[]): void {
    this.#write('info', format, args, this.info);
  }

  warn(format: string, ...args: unknown[]): void {
    this.#write('warn', format, args, this.warn);
  }

  error(format: string, ...args: unknown[]): void {
    this.#write('error', format, args, this.error);
  }

  withField(name: string, value: unknown): Logger {
    return this.withFields({ [name]: value });
  }

  withFields(fields: Readonly<Record<string, unknown>>): Logger {
    const all: Record<string, string> = {};
    copyFields(this.#fields, all);
    copyFields(fields, all);
    return new Logger(this.#call, all);
  }

  getFields(): Record<string, string> {
    const copy: Record<string, string> = {};
    copyFields(this.#fields, copy);
    return copy;
  }

  #write(level: Level, format: unknown, args: readonly unknown[], below: Where): void {
    if (typeof format !== 'string') {
      const error = new NativeTypeError(`logger.${level}: format must be text`);
      captureStackTrace(error, below);
      throw error;
    }
    writeLog(level, formatLog(format, args), this.#fields, this.#call, below);
  }
}

/** Puts a line into the outbox, within the limits of its call. */
export function writeLog(
  level: Level,
  text: string,
  fields: Fields | undefined,
  owner: Call | undefined,
  below: Where,
): void {
  if (state.replay) return;
  const call = owner?.open ? owner : (state.current ?? owner);
  const { logLinesPerCall, logLineBytes } = state.setup;
  if (call) {
    call.logLines++;
    if (call.logLines > logLinesPerCall) return;
  } else if (!takeStrayLine(logLinesPerCall)) return;
  const line = text.length > logLineBytes ? `${textSlice(text, 0, logLineBytes)}…` : text;
  const at = positionOf(below);
  emit(`l ${call?.id ?? 0} ${level}`, `[${quoted(line)},${quoted(at)}${fields ? `,${fieldsText(fields)}` : ''}]`);
}

/** Says how many lines a call had beyond the limit, once it ends. */
export function reportDroppedLines(call: Call): void {
  const dropped = call.logLines - state.setup.logLinesPerCall;
  if (dropped > 0) {
    emit(
      `l ${call.id} warn`,
      `[${quoted(`${dropped} further log lines of this call were dropped (limit logLinesPerCall)`)},""]`,
    );
  }
}

let strayLines = 0;

/** Starts the count of lines outside of any call again; once an entry. */
export function forgetStrayLines(): void {
  strayLines = 0;
}

function takeStrayLine(most: number): boolean {
  strayLines++;
  return strayLines <= most;
}

/** The line of the stack below a function: `at f (arena.js:3:7)`. */
export function positionOf(below: Where): string {
  try {
    const holder = {} as { stack?: unknown };
    const limit = NativeError.stackTraceLimit;
    NativeError.stackTraceLimit = 1;
    captureStackTrace(holder, below);
    const stack = holder.stack;
    NativeError.stackTraceLimit = limit;
    if (typeof stack !== 'string') return '';
    return textSlice(stack, textIndexOf(stack, '\n') + 1);
  } catch {
    return '';
  }
}

function fieldsText(fields: Fields): string {
  let text = '{';
  const names = ownKeys(fields);
  for (let i = 0; i < names.length; i++) {
    text += `${i === 0 ? '' : ','}${quoted(names[i]!)}:${quoted(fields[names[i]!]!)}`;
  }
  return `${text}}`;
}

function copyFields(from: Readonly<Record<string, unknown>> | undefined, to: Record<string, string>): void {
  if (typeof from !== 'object' || from === null) return;
  const names = ownKeys(from);
  for (let i = 0; i < names.length && i < MAX_FIELDS; i++) {
    const value = from[names[i]!];
    const text = typeof value === 'string' ? value : formatLog('%v', [value]);
    defineProperty(to, names[i]!, { value: text, enumerable: true, writable: true, configurable: true });
  }
}
