import { construct, defineProperty, NativeError, NativeTypeError } from './primordials.ts';

/** Globals through which memory or time would escape the isolate's limits. */
const REMOVED = ['WebAssembly', 'SharedArrayBuffer', 'Atomics', '__nkInstall'] as const;

/** Members of ArrayBuffer.prototype with which a buffer grows or moves past the memory limit. */
const GROWTH = [
  'resize',
  'transfer',
  'transferToFixedLength',
  'transferToImmutable',
  'resizable',
  'maxByteLength',
] as const;

/**
 * Takes away what breaks limits. Runs when an isolate starts, before the module: a V8 snapshot that lacks built-ins
 * which V8 sets up itself cannot be started from.
 */
export function harden(): void {
  for (const name of REMOVED) delete (globalThis as Record<string, unknown>)[name];
  // V8 calls prepareStackTrace where no time limit reaches.
  defineProperty(NativeError, 'prepareStackTrace', { value: undefined, writable: false, configurable: false });
  fixBufferSizes();
  defineProperty(globalThis, 'FinalizationRegistry', { value: SilentRegistry, writable: true, configurable: true });
}

/**
 * A registry that never calls back, as the language allows: V8 runs the callbacks of its own on its own time, outside of
 * every call and of every limit.
 */
class SilentRegistry {
  constructor(cleanup: unknown) {
    if (typeof cleanup !== 'function') throw new NativeTypeError('FinalizationRegistry: cleanup must be callable');
  }

  register(): void {}

  unregister(): boolean {
    return false;
  }
}
defineProperty(SilentRegistry, 'name', { value: 'FinalizationRegistry', configurable: true });

function fixBufferSizes(): void {
  const Native = globalThis.ArrayBuffer;
  for (const name of GROWTH) delete (Native.prototype as unknown as Record<string, unknown>)[name];
  const Fixed = new Proxy(Native, {
    construct: (target, args, newTarget) => construct(target, [args[0]], newTarget as () => unknown) as object,
    apply() {
      throw new NativeTypeError("Constructor ArrayBuffer requires 'new'");
    },
  });
  defineProperty(globalThis, 'ArrayBuffer', { value: Fixed, writable: true, configurable: true });
  defineProperty(Native.prototype, 'constructor', { value: Fixed, writable: true, configurable: true });
}
