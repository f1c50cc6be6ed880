import { attackTests } from './support.ts';

const loop = `while (true);`;

attackTests([
  {
    name: 'a loop where V8 formats stacks',
    source: `try { Error.prepareStackTrace = () => { ${loop} }; } catch {} null.x;`,
    outcome: 'harmless',
  },
  {
    name: 'a getter for the stack of what is thrown',
    source: `throw Object.defineProperty(new Error('x'), 'stack', { get() { ${loop} } });`,
    outcome: 'limit',
  },
  {
    name: 'a getter for the message of what is thrown',
    source: `throw { get message() { ${loop} } };`,
    outcome: 'limit',
  },
  {
    name: 'a getter for the code of what is thrown',
    source: `throw { message: '', get code() { ${loop} } };`,
    outcome: 'limit',
  },
  { name: 'a getter for the name of what is thrown', source: `throw { get name() { ${loop} } };`, outcome: 'limit' },
  {
    name: 'a cause that loops',
    source: `throw Object.defineProperty(new Error('x'), 'cause', { get() { ${loop} } });`,
    outcome: 'harmless',
  },
  {
    name: 'throwing a proxy',
    source: `throw new Proxy({}, { get() { ${loop} }, getPrototypeOf() { ${loop} } });`,
    outcome: 'limit',
  },
  { name: 'throwing a symbol', source: `throw Symbol('x');`, outcome: 'harmless' },
  { name: 'throwing null', source: `throw null;`, outcome: 'harmless' },
  { name: 'a message of 20 MB', source: `throw new Error('x'.repeat(2e7));`, outcome: 'either' },
  {
    name: 'a poisoned toString',
    source: `class Bad extends Error { toString() { ${loop} } get [Symbol.toStringTag]() { ${loop} } } throw new Bad('x');`,
    outcome: 'harmless',
  },
  {
    name: 'a message that is an object with a poisoned toString',
    source: `throw { message: { toString() { ${loop} } } };`,
    outcome: 'harmless',
  },
  {
    name: 'a rejection that nobody handles and that cannot be read',
    source: `Promise.reject({ get message() { ${loop} }, get stack() { ${loop} } }); return '';`,
    outcome: 'either',
  },
  {
    name: 'a rejection that pretends to be a limit',
    source: `Promise.reject(new Error('Script execution timed out.')); return 'done';`,
    outcome: 'either',
  },
  {
    name: 'rejections that nobody handles',
    source: `for (let i = 0; i < 1000; i++) Promise.reject(new Error('x')); return '';`,
    outcome: 'harmless',
  },
]);
