import type { HostFunctionData } from '../isolate-setup.ts';
import { askWorker, unquoted } from './bridge.ts';
import { authorsError, goError } from './errors.ts';
import type { FunctionArguments } from './function-arguments.ts';
import { forgetAnswer, forgetAnswersOf, keepAnswer, keptAnswer } from './kept-answers.ts';
import {
  captureStackTrace,
  mapDelete,
  mapGet,
  mapSet,
  mapSize,
  NativeError,
  NativeMap,
  NativePromise,
  NativeTypeError,
  now,
  parse,
  textIndexOf,
  textSlice,
} from './primordials.ts';
import { type Call, emit, state } from './state.ts';
import { binaryOf } from './wire-values.ts';

type Where = (...args: never[]) => unknown;

/** A host function with what its calls need. */
export interface HostFunction extends HostFunctionData {
  readonly arguments: FunctionArguments;
}

interface Waiting {
  readonly call: number;
  resolve(value: unknown): void;
  reject(reason: unknown): void;
  readonly below: Where;
}

const waiting = new NativeMap<number, Waiting>();
let lastNumber = 0;

/** Records that wait in the outbox; more are handed over before the isolate goes on. */
const MAX_OUTBOX_UNITS = 256 * 1024;

/** Calls a host function and parks the isolate until it is answered. The arguments are checked. */
export function callHost(fn: HostFunction, args: readonly unknown[], call: Call | undefined, below: Where): unknown {
  const { name, keeps } = fn;
  if (state.replay) return read(recorded(name, below), below);
  const body = fn.arguments.text(args, below);
  if (call !== undefined && !call.open) throw ended(name, below);
  const known = keeps ? keptAnswer(name, body) : undefined;
  if (known !== undefined) return read(known, below);
  let answer = ask('s', name, body, call);
  if (answer[0] === 'K') {
    answer = textSlice(answer, 1);
    keepAnswer(name, body, answer);
  }
  return read(answer, below);
}

/** Calls a function of the worker's main thread and parks the isolate until it is answered. */
export function callWorker(
  fn: FunctionArguments,
  args: readonly unknown[],
  call: Call | undefined,
  below: Where,
): unknown {
  const body = fn.text(args, below);
  if (call !== undefined && !call.open) throw ended(fn.name, below);
  return read(ask('w', fn.name, body, call), below);
}

/** Parks the isolate until the worker has answered, and takes in what it says before the answer. */
function ask(kind: 's' | 'w', name: string, body: string, call: Call | undefined): string {
  const unstarted = state.position < state.inbox.length ? 1 : 0;
  const parkedAt = now();
  state.matchWork?.beforeWait();
  let answer = askWorker(`${kind} ${call?.id ?? 0} ${name} ${unstarted}`, body);
  while (answer[0] === 'N') {
    state.matchWork!.meanwhile(textSlice(answer, 1));
    answer = askWorker('n', '');
  }
  state.heardAt = now();
  state.parkedMs += state.heardAt - parkedAt;
  while (answer[0] === 'F') {
    const end = textIndexOf(answer, '\n');
    forgetAnswer(textSlice(answer, 0, end));
    answer = textSlice(answer, end + 1);
  }
  if (answer[0] !== 'S') return answer;
  // While this call waited, the worker gave the entry's calls that were not begun to another isolate.
  state.position = state.inbox.length;
  return textSlice(answer, 1);
}

/** Sends a call that can neither fail nor answer; it leaves with the isolate's next records, in order. */
export function callDeferred(fn: HostFunction, args: readonly unknown[], call: Call | undefined, below: Where): void {
  if (state.replay) return;
  const body = fn.arguments.text(args, below);
  if (call !== undefined && !call.open) throw ended(fn.name, below);
  makeRoom(body);
  if (fn.changes) forgetAnswersOf(fn.changes);
  emit(`d ${call?.id ?? 0} ${fn.name}`, body);
}

/** Calls a host function; the promise settles with its answer, which comes with a later entry. */
export function callAsync(
  fn: HostFunction,
  args: readonly unknown[],
  call: Call | undefined,
  below: Where,
): Promise<unknown> {
  return new NativePromise((resolve, reject) => {
    if (state.replay) {
      resolve(read(recorded(fn.name, below), below));
      return;
    }
    if (call !== undefined && !call.open) throw ended(fn.name, below);
    if (mapSize(waiting) >= state.setup.pendingHostCalls) {
      throw goError(
        `nk.async.${fn.name}: ${state.setup.pendingHostCalls} calls of nk functions are under way (limit pendingHostCalls)`,
        below,
      );
    }
    const body = fn.arguments.text(args, below);
    makeRoom(body);
    lastNumber++;
    mapSet(waiting, lastNumber, { call: call?.id ?? 0, resolve, reject, below });
    emit(`h ${call?.id ?? 0} ${lastNumber} ${fn.name}`, body);
  });
}

/** Waits until the worker has got rid of what the outbox holds, when that is much: the sender feels the pressure. */
export function makeRoom(body: string): void {
  if (state.outbox.length + body.length > MAX_OUTBOX_UNITS) askWorker('f', '');
}

/** Settles the promise of an asynchronous host call. */
export function settleAsync(number: number, answer: string): void {
  const entry = mapGet(waiting, number);
  if (!entry) return;
  mapDelete(waiting, number);
  state.stirred = true;
  let value: unknown;
  try {
    value = read(answer, entry.below);
  } catch (error) {
    entry.reject(error);
    return;
  }
  entry.resolve(value);
}

/** The value that an answer stands for; throws what it stands for. Its first letter names its kind. */
function read(answer: string, below: Where): unknown {
  const body = textSlice(answer, 1);
  switch (answer[0]) {
    case 'o':
      return parse(body);
    case 'b':
      return binaryOf(unquoted(body));
    case 'T': {
      const error = new NativeTypeError(unquoted(body));
      captureStackTrace(error, below);
      throw error;
    }
    case 'G':
      throw goError(unquoted(body), below);
    case 'D': {
      const [message, clientMessage] = parse(body) as [string, string];
      throw authorsError(message, clientMessage, below);
    }
    case 'X':
      // A match goes on, unless it leaves the error to its caller.
      if (state.current && !state.matchWork) close(state.current);
      throw goError('the call was ended: it took too long (limit callTimeMs)', below);
    default:
      return undefined;
  }
}

function recorded(name: string, below: Where): string {
  const answers = state.replay![name];
  const used = answers?.[0];
  if (answers === undefined || used === undefined) {
    throw goError(`nk.${name} was not called when InitModule first ran, or less often`, below);
  }
  for (let i = 1; i < answers.length; i++) answers[i - 1] = answers[i]!;
  answers.length--;
  return used;
}

/** Ends a call; its timers and what it still asks for have no effect. */
function close(call: Call): void {
  call.open = false;
  mapDelete(state.calls, call.id);
}

function ended(name: string, below: Where): Error {
  const error = new NativeError(`nk.${name}: the call that this belongs to has ended`);
  captureStackTrace(error, below);
  return error;
}
