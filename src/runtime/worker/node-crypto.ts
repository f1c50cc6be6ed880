/** Node's crypto, loaded when a module first needs it: it is 4 MB of a worker's memory. */
export function nodeCrypto(): typeof import('node:crypto') {
  return process.getBuiltinModule('node:crypto');
}
