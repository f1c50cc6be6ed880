import { encodeUtf8 } from './utf8.ts';

/** Longest log line, in UTF-16 units; what is longer is cut. */
const MAX_LINE_UNITS = 16_384;
/** Deepest nesting that a value is written with; what lies deeper is `...`. */
const MAX_DEPTH = 8;
/** Most entries that are written of one list or object. */
const MAX_ENTRIES = 200;
/** Most values that are written for one verb: lists that hold one another many times would go on for ever. */
const MAX_VALUES = 2000;
/** Widest padding that a verb may ask for (`%10d`). */
const MAX_WIDTH = 256;

const { stringify } = JSON;

interface Verb {
  readonly letter: string;
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
}

const verbForm = /%([-+# 0]*)(\d{0,3})(?:\.(\d{0,2}))?([a-zA-Z%]?)/y;

/**
 * A log line from a format with Go's verbs (`%s %d %v %q %x %f %t %%` …) and its arguments. Missing and extra
 * arguments are told in the line as Go tells them (`%!d(MISSING)`, `%!(EXTRA string=x)`). Never throws, whatever the
 * arguments are, and never gives more than {@link MAX_LINE_UNITS} units.
 */
export function formatLog(format: string, args: readonly unknown[]): string {
  let line = '';
  let next = 0;
  let from = 0;
  while (line.length <= MAX_LINE_UNITS) {
    const at = format.indexOf('%', from);
    if (at < 0) {
      line += format.slice(from);
      break;
    }
    line += format.slice(from, at);
    verbForm.lastIndex = at;
    const [whole = '%', flags = '', width = '', precision, letter = ''] = verbForm.exec(format) ?? [];
    from = at + whole.length;
    if (letter === '%') {
      line += '%';
    } else if (letter === '') {
      line += '%!(NOVERB)';
    } else if (next >= args.length) {
      line += `%!${letter}(MISSING)`;
    } else {
      line += written(
        {
          letter,
          flags,
          width: Math.min(Number(width), MAX_WIDTH),
          precision: precision === undefined ? undefined : Number(precision),
        },
        args[next++],
      );
    }
  }
  if (next < args.length && line.length <= MAX_LINE_UNITS) line += extra(args, next);
  return line.length > MAX_LINE_UNITS ? `${line.slice(0, MAX_LINE_UNITS - 3)}...` : line;
}

function extra(args: readonly unknown[], next: number): string {
  const told: string[] = [];
  for (let i = next; i < args.length && i - next < MAX_ENTRIES; i++)
    told.push(`${typeOf(args[i])}=${safely(() => plain(args[i], false))}`);
  return `%!(EXTRA ${told.join(', ')})`;
}

function written(verb: Verb, value: unknown): string {
  return padded(
    verb,
    safely(() => byVerb(verb, value)),
  );
}

function byVerb(verb: Verb, value: unknown): string {
  switch (verb.letter) {
    case 'v':
      return plain(value, verb.flags.includes('+') || verb.flags.includes('#'));
    case 's':
      return cut(verb, typeof value === 'string' ? value : plain(value, false));
    case 'q':
      return stringify(typeof value === 'string' ? value : plain(value, false));
    case 't':
      return typeof value === 'boolean' ? String(value) : mismatch(verb, value);
    case 'T':
      return typeOf(value);
    case 'd':
      if (typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value)))
        return signed(verb, String(value));
      return typeof value === 'number' ? signed(verb, String(value)) : mismatch(verb, value);
    case 'f':
    case 'F':
      return typeof value === 'number' ? signed(verb, fixed(value, verb.precision ?? 6)) : mismatch(verb, value);
    case 'e':
    case 'E': {
      if (typeof value !== 'number') return mismatch(verb, value);
      const text = value.toExponential(verb.precision ?? 6).replace(/e([+-])(\d)$/, 'e$10$2');
      return signed(verb, verb.letter === 'E' ? text.toUpperCase() : text);
    }
    case 'g':
    case 'G':
      return typeof value === 'number' ? signed(verb, String(value)) : mismatch(verb, value);
    case 'x':
    case 'X': {
      const text = inBase(value, 16) ?? (typeof value === 'string' ? hexOf(value) : undefined);
      if (text === undefined) return mismatch(verb, value);
      return verb.letter === 'X' ? text.toUpperCase() : text;
    }
    case 'b':
      return inBase(value, 2) ?? mismatch(verb, value);
    case 'o':
      return inBase(value, 8) ?? mismatch(verb, value);
    case 'c':
      return typeof value === 'number' ? String.fromCodePoint(value) : mismatch(verb, value);
    default:
      return mismatch(verb, value);
  }
}

/** How a value and those in it are written. */
interface Style {
  /** Text within lists and objects gets quotes, errors their stack: `%+v`. */
  readonly quoted: boolean;
  valuesLeft: number;
}

/** A value as `%v` writes it: text bare, lists as `[1 2]`, objects as `map[a:1 b:2]`, as the reference's maps. */
function plain(value: unknown, quoted: boolean): string {
  return writeValue(value, { quoted, valuesLeft: MAX_VALUES }, 0);
}

function writeValue(value: unknown, style: Style, depth: number): string {
  if (style.valuesLeft-- <= 0) return '...';
  switch (typeof value) {
    case 'string':
      return style.quoted && depth > 0 ? stringify(value) : value;
    case 'undefined':
      return '<nil>';
    case 'function':
      return `function ${value.name || '(anonymous)'}`;
    case 'object':
      return value === null ? '<nil>' : writeObject(value, style, depth);
    default:
      return String(value);
  }
}

function writeObject(value: object, style: Style, depth: number): string {
  if (value instanceof Error) return style.quoted && value.stack ? value.stack : `${value.name}: ${value.message}`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (depth >= MAX_DEPTH) return '...';
  if (value instanceof ArrayBuffer) return writeList(new Uint8Array(value), style, depth);
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return writeList(value as ArrayLike<unknown>, style, depth);
  if (value instanceof Set) return writeList([...value], style, depth);
  const pairs: [unknown, unknown][] =
    value instanceof Map
      ? [...value]
      : Object.keys(value)
          .sort()
          .map((key) => [key, (value as Record<string, unknown>)[key]]);
  const write = ([key, entry]: [unknown, unknown]) =>
    `${typeof key === 'string' ? key : writeValue(key, style, depth + 1)}:${writeValue(entry, style, depth + 1)}`;
  return `map[${entries(pairs, write)}]`;
}

function writeList(list: ArrayLike<unknown>, style: Style, depth: number): string {
  return `[${entries(list, (entry) => writeValue(entry, style, depth + 1))}]`;
}

function entries<T>(list: ArrayLike<T>, write: (entry: T) => string): string {
  const told: string[] = [];
  for (let i = 0; i < list.length && i < MAX_ENTRIES; i++) told.push(write(list[i]!));
  if (list.length > MAX_ENTRIES) told.push('...');
  return told.join(' ');
}

function mismatch(verb: Verb, value: unknown): string {
  return `%!${verb.letter}(${typeOf(value)}=${plain(value, false)})`;
}

function typeOf(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  return Array.isArray(value) ? 'list' : typeof value;
}

function inBase(value: unknown, base: number): string | undefined {
  if (typeof value === 'bigint') return value.toString(base);
  return typeof value === 'number' && Number.isInteger(value) ? value.toString(base) : undefined;
}

function hexOf(text: string): string {
  let hex = '';
  for (const byte of encodeUtf8(text.slice(0, MAX_LINE_UNITS))) hex += byte.toString(16).padStart(2, '0');
  return hex;
}

function fixed(value: number, precision: number): string {
  return Number.isFinite(value) ? value.toFixed(precision) : String(value);
}

function signed(verb: Verb, text: string): string {
  if (text.startsWith('-')) return text;
  return verb.flags.includes('+') ? `+${text}` : verb.flags.includes(' ') ? ` ${text}` : text;
}

function cut(verb: Verb, text: string): string {
  return verb.precision === undefined ? text : text.slice(0, verb.precision);
}

function padded(verb: Verb, text: string): string {
  if (text.length >= verb.width) return text;
  if (verb.flags.includes('-')) return text.padEnd(verb.width);
  if (!verb.flags.includes('0')) return text.padStart(verb.width);
  const sign = /^[+-]/.test(text) ? text[0]! : '';
  return sign + text.slice(sign.length).padStart(verb.width - sign.length, '0');
}

/** Arguments are the module's objects: their getters, proxies and toString may throw anything. */
function safely(write: () => string): string {
  try {
    return write();
  } catch {
    return '%!v(PANIC)';
  }
}
