import { contextNumbered } from './contexts.ts';
import { describeThrown, failureText } from './errors.ts';
import type { Handler } from './initializer.ts';
import { Logger, reportDroppedLines } from './logger.ts';
import { nkFor } from './nk.ts';
import {
  apply,
  mapDelete,
  mapGet,
  mapSet,
  mapSize,
  NativePromise,
  NativeRangeError,
  NativeTypeError,
  parse,
  promiseThen,
  stringify,
} from './primordials.ts';
import { type Call, emit, json, openCall, quoted, state } from './state.ts';
import { clearTimersOf } from './timers.ts';

/** How a call's arguments and result are understood. */
export type Mode = 'rpc' | 'before' | 'after' | 'storage_index_filter' | 'callback';

/** The handlers in the order that the host numbers them by. */
export const handlers: Handler[] = [];

/** What every `ctx` has. */
const constants = { env: '{}', node: '', version: '' };

/** Sets what every `ctx` has. */
export function setContextConstants(env: unknown, node: string, version: string): void {
  constants.env = json(env);
  constants.node = node;
  constants.version = version;
}

/** A fresh `ctx` with the fields that all have in common. */
export function contextFor(fields: Record<string, unknown>): Record<string, unknown> {
  fields.env = constants.env === '{}' ? {} : parse(constants.env);
  fields.node = constants.node;
  fields.version = constants.version;
  return fields;
}

/**
 * Runs one call, in the context of that number or, for 0, in the one that comes with it. What comes of it is in the outbox, now or, for a
 * promise, with a later entry.
 */
export function runCall(id: number, handler: number, mode: Mode, context: number, body: string): Call {
  const call = openCall(id);
  state.current = call;
  try {
    const args = parse(body) as [Record<string, unknown>, unknown, unknown];
    const fields = contextFor(context > 0 ? contextNumbered(context, args[0]) : args[0]);
    // The server says itself in which mode it calls a callback.
    if (mode !== 'callback') fields.executionMode = mode;
    const run = handlers[handler]!;
    const logger = new Logger(call);
    const nk = nkFor(call);
    const takesTwo = mode === 'after' || mode === 'callback';
    const result = takesTwo ? run(fields, logger, nk, args[1], args[2]) : run(fields, logger, nk, args[1]);
    settle(call, result, (value) => answer(call, mode, value));
  } catch (thrown) {
    fail(call, thrown);
  }
  state.current = undefined;
  // Most have ended by now, and a map that grows and shrinks with every call takes its time.
  if (call.open) mapSet(state.calls, id, call);
  return call;
}

/** Hands a result on, at once or when its promise has settled. */
export function settle(call: Call, result: unknown, done: (value: unknown) => void): void {
  const then = thenOf(result);
  if (then === undefined) {
    done(result);
    return;
  }
  state.stirred = true;
  const promise =
    result instanceof NativePromise
      ? result
      : new NativePromise<unknown>((resolve, reject) => apply(then as Handler, result, [resolve, reject]));
  promiseThen(
    promise,
    (value) => {
      state.current = call;
      try {
        if (call.open) done(value);
      } catch (thrown) {
        fail(call, thrown);
      }
      state.current = undefined;
    },
    (thrown) => fail(call, thrown),
  );
}

/** Ends a call that the worker has given up; what it still does has no effect. */
export function abandon(id: number): void {
  const call = mapGet(state.calls, id);
  if (call) close(call);
}

/** Ends a call with what was thrown. */
export function fail(call: Call, thrown: unknown): void {
  if (!call.open) return;
  const text = failureText(describeThrown(thrown));
  close(call);
  emit(`e ${call.id}`, text);
}

/** Forgets a call; its record must follow at once. */
export function close(call: Call): void {
  reportDroppedLines(call);
  clearTimersOf(call);
  call.open = false;
  if (mapSize(state.calls) > 0) mapDelete(state.calls, call.id);
}

function answer(call: Call, mode: Mode, value: unknown): void {
  if (!call.open) return;
  const text = mode === 'rpc' ? payloadText(value) : mode === 'after' ? 'null' : resultText(value);
  if (text.length > state.setup.payloadBytes) {
    throw new NativeRangeError(`the result is larger than ${state.setup.payloadBytes} characters (limit payloadBytes)`);
  }
  close(call);
  emit(`r ${call.id}`, text);
}

function payloadText(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (value === undefined || value === null) return '""';
  const what = typeof value === 'object' ? 'an object' : `a ${typeof value}`;
  throw new NativeTypeError(`an RPC must return text or nothing, not ${what}`);
}

function resultText(value: unknown): string {
  if (value === undefined || value === null) return 'null';
  const text = stringify(value);
  if (typeof text !== 'string') throw new NativeTypeError(`a hook must return an object, not a ${typeof value}`);
  return text;
}

/** The `then` of a thenable, read once. */
function thenOf(value: unknown): unknown {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined;
  const { then } = value as { then?: unknown };
  return typeof then === 'function' ? then : undefined;
}
