import { type Level, writeLog } from './logger.ts';
import { apply, defineProperty, NativePromise, NativeTypeError, promiseThen } from './primordials.ts';
import { state } from './state.ts';
import { clearTimer, startTimer } from './timers.ts';
import { formatLog } from './utilities/format.ts';

/** Gives the module's global scope what modules expect there beyond the language: `console` and timers. */
export function installGlobals(): void {
  defineGlobal('console', consoleObject());
  defineGlobal('setTimeout', (run: unknown, ms?: unknown, ...args: unknown[]) => startTimer(run, ms, args, false));
  defineGlobal('setInterval', (run: unknown, ms?: unknown, ...args: unknown[]) => startTimer(run, ms, args, true));
  defineGlobal('clearTimeout', clearTimer);
  defineGlobal('clearInterval', clearTimer);
  defineGlobal('queueMicrotask', queueTask);
}

function queueTask(run: unknown): void {
  if (typeof run !== 'function') throw new NativeTypeError('queueMicrotask takes a function');
  state.stirred = true;
  promiseThen(
    NativePromise.resolve(),
    () => apply(run as () => void, undefined, []),
    () => undefined,
  );
}

/** V8's own console, which shows debuggers what it is given. */
const v8Console = globalThis.console as unknown as Record<string, (...args: unknown[]) => void>;

function consoleObject(): object {
  const object: Record<string, unknown> = {};
  const define = (name: string, level: Level) => {
    const show = state.setup.isInspected ? v8Console[name] : undefined;
    const write = (...args: unknown[]): void => {
      if (show && !state.replay) apply(show, undefined, args);
      writeLog(level, consoleText(args), undefined, undefined, write);
    };
    object[name] = write;
  };
  define('log', 'info');
  define('info', 'info');
  define('debug', 'debug');
  define('trace', 'debug');
  define('warn', 'warn');
  define('error', 'error');
  return object;
}

function consoleText(args: readonly unknown[]): string {
  let text = '';
  for (let i = 0; i < args.length; i++) {
    const value = args[i];
    text += `${i === 0 ? '' : ' '}${typeof value === 'string' ? value : formatLog('%v', [value])}`;
  }
  return text;
}

function defineGlobal(name: string, value: unknown): void {
  defineProperty(globalThis, name, { value, writable: true, configurable: true });
}
