#!/usr/bin/env node
// Plain old syntax and no static import: an old Node must get as far as the message.
var LEAST_NODE = 24;
var version = process.versions.node;

if (Number(version.split('.')[0]) < LEAST_NODE) {
  console.error(
    'nk: Node ' + LEAST_NODE + ' or later is needed, this is ' + version + '; get it from https://nodejs.org',
  );
  process.exit(1);
} else {
  import('../dist/cli/main.js').catch((error) => {
    var isUnbuilt = error && error.code === 'ERR_MODULE_NOT_FOUND' && String(error.message).indexOf('main.js') >= 0;
    console.error(isUnbuilt ? 'nk: not built yet; run npm run build' : error);
    process.exit(1);
  });
}
