import {
  apply,
  mapDelete,
  mapForEach,
  mapGet,
  mapSet,
  mapSize,
  NativeError,
  NativeMap,
  NativeTypeError,
  toNumber,
} from './primordials.ts';
import { type Call, emit, state } from './state.ts';

interface Timer {
  readonly call: Call | undefined;
  readonly run: (...args: unknown[]) => unknown;
  readonly args: readonly unknown[];
  readonly repeats: boolean;
}

const MAX_DELAY_MS = 2 ** 31 - 1;

const timers = new NativeMap<number, Timer>();
let lastNumber = 0;

/** `setTimeout` and `setInterval`: a timer lives as long as the call that set it. */
export function startTimer(run: unknown, delayMs: unknown, args: readonly unknown[], repeats: boolean): number {
  if (typeof run !== 'function') throw new NativeTypeError('a timer takes a function');
  if (mapSize(timers) >= state.setup.timersPerIsolate) {
    throw new NativeError(`more than ${state.setup.timersPerIsolate} timers are set (limit timersPerIsolate)`);
  }
  const call = state.current;
  const number = ++lastNumber;
  const timer: Timer = { call, run: run as Timer['run'], args, repeats };
  mapSet(timers, number, timer);
  if (call) {
    call.timers ??= new NativeMap();
    mapSet(call.timers, number, timer);
  }
  const ms = toNumber(delayMs);
  emit(`t ${number} ${ms > 0 && ms <= MAX_DELAY_MS ? ms : 1} ${repeats ? 1 : 0}`);
  return number;
}

/** `clearTimeout` and `clearInterval`; numbers that are no timer's are passed over. */
export function clearTimer(number: unknown): void {
  const timer = mapGet(timers, number as number);
  if (!timer) return;
  forget(number as number, timer);
  emit(`c ${number as number}`);
}

/** Runs a timer's function as part of its call. */
export function fireTimer(number: number): void {
  const timer = mapGet(timers, number);
  if (!timer) return;
  if (!timer.repeats) forget(number, timer);
  state.current = timer.call;
  state.stirred = true;
  apply(timer.run, undefined, timer.args as unknown[]);
}

/** Ends all timers: no call is left that they could belong to. */
export function clearAllTimers(): void {
  mapForEach(timers, (_timer, number) => mapDelete(timers, number));
}

/** Ends the timers of a call that has ended. */
export function clearTimersOf(call: Call): void {
  const own = call.timers;
  if (!own) return;
  call.timers = undefined;
  mapForEach(own, (_timer, number) => {
    mapDelete(timers, number);
    emit(`c ${number}`);
  });
}

function forget(number: number, timer: Timer): void {
  mapDelete(timers, number);
  if (timer.call?.timers) mapDelete(timer.call.timers, number);
}
