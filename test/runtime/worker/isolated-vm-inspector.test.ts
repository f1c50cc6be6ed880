import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';

/** Holds an isolate and asks it, each time up to 0.1 ms after the answer is there. Prints the sum of the answers. */
const script = `
import ivm from 'isolated-vm';
import { IsolatedVmInspector } from ${JSON.stringify(new URL('../../../src/runtime/worker/isolated-vm-inspector.ts', import.meta.url).href)};

const isolate = new ivm.Isolate({ inspector: true });
const context = await isolate.createContext({ inspector: true });
const inspector = IsolatedVmInspector.open(isolate, context);
let sum = 0;
let frame;
const ask = (id) => inspector.dispatch(JSON.stringify({
  id, method: 'Debugger.evaluateOnCallFrame', params: { callFrameId: frame, expression: 'two' },
}));
inspector.onMessage = (text) => {
  const { id, method, params, result } = JSON.parse(text);
  if (method === 'Debugger.paused') {
    frame = params.callFrames[0].callFrameId;
    ask(2);
  } else if (id > 1 && id < 1002) {
    sum += result.result.value;
    const until = performance.now() + (id % 100) / 1000;
    while (performance.now() < until);
    if (id < 1001) ask(id + 1);
    else inspector.dispatch('{"id":1002,"method":"Debugger.resume"}');
  }
};
inspector.dispatch('{"id":1,"method":"Debugger.enable"}');
await context.eval('(() => { const two = 2; debugger; })()', { timeout: 60_000 });
console.log(sum);
inspector.end(() => { isolate.dispose(); console.log('disposed of'); });
`;

/** Asks 50 times for a pause, before or during an entry in which nothing of the module's runs. Prints which functions were held. */
const pauses = `
import ivm from 'isolated-vm';
import { IsolatedVmInspector } from ${JSON.stringify(new URL('../../../src/runtime/worker/isolated-vm-inspector.ts', import.meta.url).href)};

const isolate = new ivm.Isolate({ inspector: true });
const context = await isolate.createContext({ inspector: true });
const inspector = IsolatedVmInspector.open(isolate, context);
await context.eval('function call() { return 1; }', { filename: 'file:///module.js' });
const prelude = await context.eval('(records) => { if (records === "call") call(); }', { filename: 'nk:prelude', reference: true });
const entry = await inspector.holdable(context, prelude);
const enter = (records) => inspector.enter((isHeld) => entry.apply(undefined, [records, isHeld]));
const held = {};
inspector.onMessage = (text) => {
  const { method, params } = JSON.parse(text);
  if (method !== 'Debugger.paused') return;
  const [{ functionName }] = params.callFrames;
  held[functionName] = (held[functionName] ?? 0) + 1;
  inspector.dispatch('{"id":3,"method":"Debugger.resume"}');
};
inspector.dispatch('{"id":1,"method":"Debugger.enable"}');
inspector.dispatch('{"id":2,"method":"Debugger.setBlackboxPatterns","params":{"patterns":["^(nk:|<isolated-vm>)"]}}');
for (let i = 0; i < 50; i++) {
  const entered = i % 2 ? enter('nothing') : undefined;
  inspector.dispatch('{"id":4,"method":"Debugger.pause"}');
  await entered;
  await enter('nothing');
  await enter('call');
  await enter('call');
}
console.log(JSON.stringify(held));
inspector.end(() => isolate.dispose());
`;

test('a pause that is asked for holds the next call of the module, once, however many entries come before', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--no-node-snapshot', '--input-type=module', '--eval', pauses],
    { timeout: 60_000, cwd: import.meta.dirname },
  );
  assert.deepEqual(JSON.parse(stdout), { call: 50 });
});

test('an isolate that is held answers each of many commands, however soon they come, and can be disposed of', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--no-node-snapshot', '--input-type=module', '--eval', script],
    { timeout: 60_000, cwd: import.meta.dirname },
  );
  assert.equal(stdout, '2000\ndisposed of\n');
});
