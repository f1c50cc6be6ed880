// core-js-pure ships no types: the parts that we use, each with the type of the standard global.
declare module 'core-js-pure/actual/url/index.js' {
  const polyfill: typeof globalThis.URL;
  export = polyfill;
}
declare module 'core-js-pure/actual/url-search-params/index.js' {
  const polyfill: typeof globalThis.URLSearchParams;
  export = polyfill;
}
declare module 'core-js-pure/actual/structured-clone.js' {
  const polyfill: typeof globalThis.structuredClone;
  export = polyfill;
}
declare module 'core-js-pure/actual/dom-exception/index.js' {
  const polyfill: typeof globalThis.DOMException;
  export = polyfill;
}
declare module 'core-js-pure/actual/atob.js' {
  const polyfill: typeof globalThis.atob;
  export = polyfill;
}
declare module 'core-js-pure/actual/btoa.js' {
  const polyfill: typeof globalThis.btoa;
  export = polyfill;
}
