import type { IsolateSetup } from '../isolate-setup.ts';
import { charCodeAt, isArray, NativeMap, ownKeys, stringify } from './primordials.ts';

/** One call of a module's function, from its start to its answer. */
export interface Call {
  /** The worker's number for it; 0 stands for code that runs outside of any call. */
  readonly id: number;
  logLines: number;
  /** False once it is answered or given up. */
  open: boolean;
  /** True for InitModule's, whose nk object a module may keep for good. */
  readonly initial: boolean;
  /** Its timers that have not fired, by number. */
  timers: Map<number, unknown> | undefined;
}

/** How matches go on while one of them waits for the host. */
export interface MatchWork {
  beforeWait(): void;
  meanwhile(records: string): void;
}

/** What the isolate's parts share. One object, since a V8 snapshot keeps it as it stands before the first module. */
export const state = {
  setup: undefined as unknown as IsolateSetup,
  /** The records of the entry that runs, and where in them it stands. */
  inbox: '',
  position: 0,
  /** Records on their way out, each ended by a line break. */
  outbox: '',
  /** The call whose synchronous part runs. */
  current: undefined as Call | undefined,
  /** Calls that are not answered, but for the current one. */
  calls: new NativeMap<number, Call>(),
  /** When the worker last told something; epoch milliseconds. */
  heardAt: 0,
  /** For how long the entry was parked. */
  parkedMs: 0,
  /** True when something was to be asked of the worker where that cannot be waited for. */
  couldNotAsk: false,
  /** True when promises may have moved on: their reactions run after the entry has returned its outbox. */
  stirred: false,
  /** What an isolate that runs matches does before it is parked, and while it is; undefined in others. */
  matchWork: undefined as MatchWork | undefined,
  /** The answers to repeat while InitModule runs again; undefined outside of that. */
  replay: undefined as Record<string, string[]> | undefined,
};

/** Puts a record into the outbox. Neither part may have line breaks: the body is JSON. */
export function emit(head: string, body = ''): void {
  state.outbox += `${head}\t${body}\n`;
}

/** JSON text of a string. */
export function quoted(text: string): string {
  return stringify(text) as string;
}

/** JSON text of something that the prelude made itself. */
export function json(value: unknown): string {
  return stringify(value) as string;
}

/**
 * JSON in which a property that is undefined is null instead of left out, as objects reach the reference's functions.
 * V8 calls the replacer that this takes for every value, which costs several times what the rest does: so only where
 * something is undefined, or cannot be seen not to be.
 */
export function jsonWithNulls(value: unknown): string {
  return (isSeenDefined(value, 0) ? stringify(value) : stringify(value, nullForUndefined)) as string;
}

/** Deeper than this nothing is looked for: it may be a circle. */
const MAX_SEEN_DEPTH = 32;

/** True when no property within a value is undefined; not seen where objects write themselves. */
function isSeenDefined(value: unknown, depth: number): boolean {
  if (typeof value !== 'object')
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  if (value === null) return true;
  if (depth > MAX_SEEN_DEPTH || 'toJSON' in value) return false;
  if (isArray(value)) {
    // What is undefined in a list is null anyway.
    for (let i = 0; i < value.length; i++) {
      if (value[i] !== undefined && !isSeenDefined(value[i], depth + 1)) return false;
    }
    return true;
  }
  const names = ownKeys(value);
  for (let i = 0; i < names.length; i++) {
    if (!isSeenDefined((value as Record<string, unknown>)[names[i]!], depth + 1)) return false;
  }
  return true;
}

function nullForUndefined(_key: string, value: unknown): unknown {
  return value === undefined ? null : value;
}

/** True for text that does not start with `code`; spares a slice. */
export function startsWith(text: string, code: number): boolean {
  return charCodeAt(text, 0) === code;
}

export function openCall(id: number, initial = false): Call {
  return { id, initial, logLines: 0, open: true, timers: undefined };
}
