/**
 * What a module's isolate offers beyond the language itself. For projects whose tsconfig has neither the library
 * "dom" nor the types of Node: name `nk-server/runtime-api/globals` in `types`, beside `nk-server/runtime-api`.
 * Where one of those is there it already declares these names, and this file gives way to it.
 */

/** Writes to the server's log; objects are shown in full. */
interface Console {
  debug(...data: any[]): void;
  error(...data: any[]): void;
  info(...data: any[]): void;
  log(...data: any[]): void;
  trace(...data: any[]): void;
  warn(...data: any[]): void;
}
declare var console: Console;

/**
 * Calls a function once, later. Timers belong to the call that made them: they end with it, so await what they do.
 * @param delay In milliseconds; 0 by default.
 * @returns A handle for `clearTimeout`.
 */
declare function setTimeout<A extends any[]>(callback: (...args: A) => void, delay?: number, ...args: A): number;
/** Forgets a timer; one that ran, or never was, is no error. */
declare function clearTimeout(handle: number | undefined): void;
/**
 * Calls a function again and again, until cleared or the call that made it ends.
 * @param delay In milliseconds.
 * @returns A handle for `clearInterval`.
 */
declare function setInterval<A extends any[]>(callback: (...args: A) => void, delay?: number, ...args: A): number;
/** Ends an interval; one that never was is no error. */
declare function clearInterval(handle: number | undefined): void;
/** Calls a function as soon as the code that is running is done. */
declare function queueMicrotask(callback: () => void): void;
/** A deep copy: maps, sets, dates, buffers and circular references included, functions refused. */
declare function structuredClone<T = any>(value: T): T;
/** The text (one character a byte) of Base64. */
declare function atob(data: string): string;
/** Base64 of text whose characters are bytes. */
declare function btoa(data: string): string;

/** Turns text into UTF-8. */
interface TextEncoder {
  readonly encoding: string;
  encode(input?: string): Uint8Array<ArrayBuffer>;
}
declare var TextEncoder: typeof globalThis extends { onmessage: any; TextEncoder: infer T }
  ? T
  : { prototype: TextEncoder; new (): TextEncoder };

/** Turns UTF-8 into text. */
interface TextDecoder {
  readonly encoding: string;
  readonly fatal: boolean;
  readonly ignoreBOM: boolean;
  /** @param options `stream`: a character may be cut off at the end; its rest comes with the next call */
  decode(input?: ArrayBuffer | ArrayBufferView, options?: { stream?: boolean }): string;
}
declare var TextDecoder: typeof globalThis extends { onmessage: any; TextDecoder: infer T }
  ? T
  : { prototype: TextDecoder; new (label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean }): TextDecoder };

/** A web address in its parts. */
interface URL {
  hash: string;
  host: string;
  hostname: string;
  href: string;
  readonly origin: string;
  password: string;
  pathname: string;
  port: string;
  protocol: string;
  search: string;
  readonly searchParams: URLSearchParams;
  username: string;
  toJSON(): string;
  toString(): string;
}
declare var URL: typeof globalThis extends { onmessage: any; URL: infer T }
  ? T
  : {
      prototype: URL;
      new (url: string | URL, base?: string | URL): URL;
      canParse(url: string | URL, base?: string | URL): boolean;
    };

/** The parameters of a query string. */
interface URLSearchParams {
  readonly size: number;
  append(name: string, value: string): void;
  delete(name: string, value?: string): void;
  get(name: string): string | null;
  getAll(name: string): string[];
  has(name: string, value?: string): boolean;
  set(name: string, value: string): void;
  sort(): void;
  toString(): string;
  forEach(callback: (value: string, key: string, parent: URLSearchParams) => void): void;
  entries(): URLSearchParamsIterator<[string, string]>;
  keys(): URLSearchParamsIterator<string>;
  values(): URLSearchParamsIterator<string>;
  [Symbol.iterator](): URLSearchParamsIterator<[string, string]>;
}
interface URLSearchParamsIterator<T> extends IteratorObject<T, BuiltinIteratorReturn, unknown> {
  [Symbol.iterator](): URLSearchParamsIterator<T>;
}
declare var URLSearchParams: typeof globalThis extends { onmessage: any; URLSearchParams: infer T }
  ? T
  : {
      prototype: URLSearchParams;
      new (init?: string[][] | Record<string, string> | string | URLSearchParams): URLSearchParams;
    };

/** Randomness fit for secrets. */
interface Crypto {
  /** Fills an array of integers, of at most 65536 bytes, and returns it. */
  getRandomValues<T extends ArrayBufferView>(array: T): T;
  /** A random UUID. */
  randomUUID(): `${string}-${string}-${string}-${string}-${string}`;
}
declare var crypto: typeof globalThis extends { onmessage: any; crypto: infer T } ? T : Crypto;
