import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DebugSession } from '../../../src/runtime/inspector/debug-session.ts';

/** An isolate that keeps what it is told. */
function fakeIsolate() {
  const told: string[] = [];
  const commands: { id: number; method: string; params?: Record<string, unknown> }[] = [];
  return {
    told,
    commands,
    attach: () => void told.push('attach'),
    detach: () => void told.push('detach'),
    command(text: string) {
      const command = JSON.parse(text);
      commands.push(command);
      told.push(command.method);
    },
  };
}

function session() {
  const heard: Record<string, unknown>[] = [];
  const reasons: string[] = [];
  const client = {
    send: (text: string) => void heard.push(JSON.parse(text)),
    close: (reason: string) => void reasons.push(reason),
  };
  return { heard, reasons, debug: new DebugSession(client, 'game') };
}

const give = (debug: DebugSession, id: number, method: string, params?: object) =>
  debug.receive(JSON.stringify({ id, method, params }));
const contextCreated = (id: number, name: string) =>
  JSON.stringify({ method: 'Runtime.executionContextCreated', params: { context: { id, name } } });
const paused = '{"method":"Debugger.paused","params":{}}';

test('commands wait for an isolate, and answers have the numbers of their commands', () => {
  const { heard, debug } = session();
  give(debug, 70, 'Runtime.enable');
  give(debug, 71, 'Debugger.pause');
  const isolate = fakeIsolate();
  debug.moveTo(isolate);
  assert.deepEqual(isolate.told, ['attach', 'Runtime.enable', 'Debugger.pause']);
  const [enable, pause] = isolate.commands;
  debug.said(isolate, `{"id":${pause!.id},"result":{}}`);
  debug.said(isolate, `{"id":${enable!.id},"error":{"code":1,"message":"no"}}`);
  debug.said(isolate, '{"id":0,"result":{"of":"nobody"}}');
  assert.deepEqual(heard, [
    { id: 71, result: {} },
    { id: 70, error: { code: 1, message: 'no' } },
  ]);
});

test('the modules’ context is the default one and has their name; the engine’s own is not shown', () => {
  const { heard, debug } = session();
  const isolate = fakeIsolate();
  debug.moveTo(isolate);
  debug.said(isolate, contextCreated(1, 'default'));
  debug.said(isolate, contextCreated(2, '<isolated-vm>'));
  assert.deepEqual(heard, [
    {
      method: 'Runtime.executionContextCreated',
      params: { context: { id: 2, name: 'game', auxData: { isDefault: true } } },
    },
  ]);
  give(debug, 1, 'Runtime.evaluate', { expression: 'a' });
  give(debug, 2, 'Runtime.compileScript', { expression: 'b' });
  give(debug, 3, 'Runtime.evaluate', { expression: 'c', contextId: 2 });
  assert.deepEqual(
    isolate.commands.map(({ params }) => params?.contextId ?? params?.executionContextId),
    [2, 2, 2],
  );
  heard.length = 0;
  give(debug, 4, 'Runtime.evaluate', { expression: 'd', contextId: 1 });
  assert.deepEqual(heard, [{ id: 4, error: { code: -32_000, message: 'Cannot find context with specified id' } }]);
});

test('scripts of the server’s own are stepped over, whatever else the debugger steps over', () => {
  const { debug } = session();
  const isolate = fakeIsolate();
  debug.moveTo(isolate);
  give(debug, 1, 'Debugger.enable');
  give(debug, 2, 'Debugger.setBlackboxPatterns', { patterns: ['node_modules'] });
  const patterns = isolate.commands.map(({ params }) => params?.patterns as string[] | undefined);
  assert.equal(patterns[1]!.length, 1);
  assert.deepEqual(patterns[2], ['node_modules', patterns[1]![0]]);
  assert.match('nk:prelude', new RegExp(patterns[1]![0]!));
  assert.doesNotMatch('file:///game/main.bundle.js', new RegExp(patterns[1]![0]!));
});

test('a new isolate gets what was set up in the old one; to the debugger it is a page that was loaded anew', () => {
  const { heard, debug } = session();
  const [old, fresh] = [fakeIsolate(), fakeIsolate()];
  debug.moveTo(old);
  give(debug, 1, 'Debugger.enable');
  give(debug, 2, 'Debugger.setBreakpointByUrl', { url: 'a.js', lineNumber: 3 });
  const set = old.commands.at(-1)!;
  debug.said(old, `{"id":${old.commands[0]!.id},"result":{}}`);
  debug.said(old, `{"id":${set.id},"result":{"breakpointId":"1:3:0:a.js","locations":[]}}`);
  give(debug, 3, 'Debugger.evaluateOnCallFrame', { expression: 'x' });
  debug.said(old, paused);
  heard.length = 0;

  debug.moveTo(fresh);
  assert.equal(old.told.at(-1), 'detach');
  assert.deepEqual(fresh.told, [
    'attach',
    'Debugger.enable',
    'Debugger.setBlackboxPatterns',
    'Debugger.setBreakpointByUrl',
  ]);
  assert.deepEqual(fresh.commands.at(-1)!.params, { url: 'a.js', lineNumber: 3 });
  assert.deepEqual(heard.slice(1), [
    { method: 'Debugger.resumed', params: {} },
    { method: 'Runtime.executionContextsCleared', params: {} },
  ]);
  assert.equal(heard[0]!.id, 3, 'what the old one has not answered is answered with an error');
  debug.said(old, paused);
  for (const { id } of fresh.commands) debug.said(fresh, `{"id":${id},"result":{}}`);
  assert.equal(heard.length, 3, 'the old one is not heard any more, nor answers that the debugger did not ask for');
});

test('numbers of scripts and contexts are never used twice: those of a new isolate follow those of the old one', () => {
  const { heard, debug } = session();
  const [old, fresh] = [fakeIsolate(), fakeIsolate()];
  const parsed = (scriptId: string) =>
    `{"method":"Debugger.scriptParsed","params":{"scriptId":"${scriptId}","url":"file:///a.js","executionContextId":2}}`;
  debug.moveTo(old);
  debug.said(old, contextCreated(2, '<isolated-vm>'));
  debug.said(old, parsed('6'));
  debug.moveTo(fresh);
  debug.said(fresh, contextCreated(2, '<isolated-vm>'));
  debug.said(fresh, parsed('6'));
  const told = heard.map(({ params }) => params as { scriptId?: string; executionContextId?: number });
  assert.deepEqual(
    told.filter(({ scriptId }) => scriptId).map(({ scriptId, executionContextId }) => [scriptId, executionContextId]),
    [
      ['6', 2],
      ['12', 4],
    ],
  );
  give(debug, 1, 'Debugger.setBreakpoint', { location: { scriptId: '12', lineNumber: 1 } });
  give(debug, 2, 'Runtime.evaluate', { expression: 'a', contextId: 4 });
  assert.deepEqual(
    fresh.commands.map(({ params }) => params),
    [{ location: { scriptId: '6', lineNumber: 1 } }, { expression: 'a', contextId: 2 }],
  );
  heard.length = 0;
  give(debug, 3, 'Runtime.evaluate', { expression: 'a', contextId: 2 });
  assert.ok(heard[0]!.error, 'the old context is no more');
  give(debug, 4, 'Debugger.getScriptSource', { scriptId: '6' });
  assert.equal(fresh.commands.at(-1)!.params!.scriptId, '0', 'nor the old script');
  debug.said(fresh, `{"id":${fresh.commands.at(-1)!.id},"result":{"text":"\\"scriptId\\":\\"6\\""}}`);
  assert.deepEqual(heard.at(-1)!.result, { text: '"scriptId":"6"' }, 'what modules say is left alone');
});

test('debuggers hear nothing of the server’s own scripts, neither by name nor in stacks', () => {
  const { heard, debug } = session();
  const isolate = fakeIsolate();
  debug.moveTo(isolate);
  for (const [scriptId, url] of Object.entries({ 3: 'nk:prelude', 4: '<isolated-vm>', 6: 'file:///game/a.js' })) {
    debug.said(isolate, JSON.stringify({ method: 'Debugger.scriptParsed', params: { scriptId, url } }));
  }
  assert.deepEqual(
    heard.map(({ params }) => (params as { url: string }).url),
    ['file:///game/a.js'],
  );
  const frame = (scriptId: string, url: string) => ({ functionName: url, scriptId, url, location: { scriptId } });
  const frames = [frame('3', 'nk:prelude'), frame('6', 'file:///game/a.js'), frame('3', 'nk:prelude')];
  const params = {
    callFrames: frames,
    asyncStackTrace: { callFrames: frames, parent: { callFrames: frames } },
    stackTrace: { callFrames: frames },
    exceptionDetails: { stackTrace: { callFrames: frames } },
  };
  for (const method of ['Debugger.paused', 'Runtime.consoleAPICalled', 'Runtime.exceptionThrown']) {
    debug.said(isolate, JSON.stringify({ method, params }));
    assert.doesNotMatch(JSON.stringify(heard.at(-1)), /nk:prelude/, method);
    assert.equal(JSON.stringify(heard.at(-1)).match(/"functionName":"file/g)!.length, 5, method);
  }
  debug.said(
    isolate,
    JSON.stringify({ method: 'Debugger.paused', params: { callFrames: [frame('3', 'nk:prelude')] } }),
  );
  assert.equal((heard.at(-1)!.params as typeof params).callFrames.length, 1, 'who is held is held somewhere');
});

test('who ends it with a reason tells the debugger; what the debugger ends is over for the isolate', () => {
  const { reasons, debug } = session();
  const isolate = fakeIsolate();
  debug.moveTo(isolate);
  debug.end();
  assert.deepEqual([isolate.told.at(-1), reasons], ['detach', []]);
  debug.end('gone');
  assert.deepEqual(reasons, ['gone']);
});

test('what is no command is answered so, and too many that wait end the connection', () => {
  const { heard, reasons, debug } = session();
  for (const text of ['', '[]', 'null', '{"method":"a"}', '{"id":"1","method":"a"}']) debug.receive(text);
  assert.equal(heard.length, 5);
  for (let id = 0; id <= 10_000; id++) give(debug, id, 'Runtime.enable');
  assert.deepEqual(reasons, ['too many commands without an answer']);
});
