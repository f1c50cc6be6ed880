import atob from 'core-js-pure/actual/atob.js';
import btoa from 'core-js-pure/actual/btoa.js';
import DOMException from 'core-js-pure/actual/dom-exception/index.js';
import structuredClone from 'core-js-pure/actual/structured-clone.js';
import URL from 'core-js-pure/actual/url/index.js';
import URLSearchParams from 'core-js-pure/actual/url-search-params/index.js';
import { crypto } from './crypto.ts';
import { TextDecoder } from './text-decoder.ts';
import { TextEncoder } from './text-encoder.ts';

const globals: Readonly<Record<string, unknown>> = {
  atob,
  btoa,
  crypto,
  DOMException,
  structuredClone,
  TextDecoder,
  TextEncoder,
  URL,
  URLSearchParams,
};

/** Where core-js keeps what several copies of it would share; modules have no business with it. */
const LIBRARY_STORE = '__core-js_shared__';

/**
 * Gives a global object the web's globals that bare V8 lacks and libraries expect. They hold no state of an isolate, so
 * they may be part of a V8 snapshot; randomness comes from `setRandomSource`. Like the built-in ones they can be
 * replaced and are not enumerable.
 */
export function installGlobals(global: object): void {
  for (const name of Object.keys(globals)) {
    const value = globals[name];
    // Bundling may have renamed it.
    if (typeof value === 'function') Object.defineProperty(value, 'name', { value: name, configurable: true });
    Object.defineProperty(global, name, {
      value,
      writable: true,
      configurable: true,
      enumerable: false,
    });
  }
  Reflect.deleteProperty(global, LIBRARY_STORE);
}
