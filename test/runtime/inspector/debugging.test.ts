import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { generatedPositionFor, originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import type { RunningServer } from '../../../src/server.ts';
import { attachDebugger, type DebugClient, debugTargets, type SocketDebugClient } from '../../support/debug-client.ts';
import { type LoggedLines, loggedLines } from '../../support/logged-lines.ts';
import { moduleFolder, writeFiles } from '../../support/module-folder.ts';
import { startTestServer, type TestServerOptions } from '../../support/server.ts';

/** How long a test may take before it is given up. */
const hangGuardMs = 30_000;
/** Less than breakpoints are held in these tests. */
const callLimitMs = 1000;
const heldMs = 2500;

/** Line 5 (from 1) is where a call knows its `sum`. */
const purse = `
function InitModule(ctx: nkruntime.Context, logger: nkruntime.Logger, nk: nkruntime.Nakama, initializer: nkruntime.Initializer): void {
  initializer.registerRpc('sum', (_ctx, _logger, _nk, payload: string): string => {
    const sum: number = (JSON.parse(payload) as number[]).reduce((a, b) => a + b, 0);
    return JSON.stringify({ sum });
  });
  initializer.registerRpc('endless', () => { const turn = () => {}; for (;;) turn(); });
  initializer.registerRpc('greeting', () => 'hello');
  initializer.registerRpc('told', () => { console.log('there are', 2); return 'told'; });
  initializer.registerRpc('later', async (_ctx, _logger, nk) => {
    const [row] = nk.sqlQuery("SELECT 'done' AS word", []);
    await new Promise<void>((resolve) => { setTimeout(resolve, 600); });
    return row.word;
  });
}
`;
const sumLine = 5;
const toldLine = 9;
const laterLine = 11;
const other = `export function InitModule(ctx, logger, nk, initializer) { initializer.registerRpc('other', () => 'served'); }`;

describe('debugging modules', () => {
  it('a breakpoint on a line of the TypeScript holds the call, shows its variables and lets it end', {
    timeout: hangGuardMs,
  }, async (t) => {
    const { server, client } = await debugged(t, { 'main.ts': purse });
    const script = await enable(client);
    assert.match(script.url, /^file:\/\/\/.*\/[^/]+\.bundle\.js$/);
    const { locations } = await client.send('Debugger.setBreakpointByUrl', at(script, 'main.ts', sumLine));
    assert.equal(locations.length, 1, 'it is bound');

    const answer = rpc(server, 'sum', [1, 2, 39]);
    const { callFrames, hitBreakpoints } = await client.next('Debugger.paused');
    assert.equal(hitBreakpoints.length, 1);
    const expression = 'sum + 1';
    const { callFrameId } = callFrames[0];
    const { result } = await client.send('Debugger.evaluateOnCallFrame', { callFrameId, expression });
    assert.equal(result.value, 43);
    await client.send('Debugger.resume');
    assert.deepEqual(await answer, { sum: 42 });
  });

  it('time in the debugger counts for no limit; other modules, and the server, go on meanwhile', {
    timeout: hangGuardMs,
  }, async (t) => {
    const { server, client } = await debugged(t, { 'a.ts': purse, 'b.ts': other }, 'a');
    const script = await enable(client);
    await client.send('Debugger.setBreakpointByUrl', at(script, 'a.ts', sumLine));
    const [held, behind] = [rpc(server, 'sum', [1]), rpc(server, 'greeting')];
    await client.next('Debugger.paused');
    const until = performance.now() + heldMs;
    while (performance.now() < until) assert.equal(await rpc(server, 'other'), 'served');
    await client.send('Debugger.resume');
    assert.deepEqual(await held, { sum: 1 });
    assert.equal(await behind, 'hello', 'calls that wait behind it have time, too');

    await client.send('Debugger.setBreakpointByUrl', at(script, 'a.ts', laterLine));
    const later = rpc(server, 'later');
    await client.next('Debugger.paused');
    await new Promise((resolve) => setTimeout(resolve, heldMs));
    await client.send('Debugger.resume');
    assert.equal(await later, 'done', 'neither what it asks the server nor its wait is too late');
  });

  it('a call that computes can be held; limits count again once it goes on', { timeout: hangGuardMs }, async (t) => {
    const { server, client, lines } = await debugged(t, { 'main.ts': purse });
    await enable(client);
    const endless = rpc(server, 'endless');
    const told = lines.until(/limit callCpuMs/);
    await client.send('Debugger.pause');
    await client.next('Debugger.paused');
    await client.send('Debugger.resume');
    await told;
    assert.match(await endless, /longer than 1000 ms \(limit callCpuMs\)/);
    await client.next('Runtime.executionContextsCleared');
    assert.equal(await rpc(server, 'greeting'), 'hello', 'another isolate serves');
  });

  it('who asks for a pause while nothing runs holds the next call where its own code begins, however quick it is', {
    timeout: hangGuardMs,
  }, async (t) => {
    const { server, client } = await debugged(t, { 'main.ts': purse });
    const script = await enable(client);
    for (let i = 0; i < 20; i++) {
      await client.send('Debugger.pause');
      const held = rpc(server, 'greeting');
      const { callFrames } = await client.next('Debugger.paused');
      assert.deepEqual(
        callFrames.map(({ location }: { location: { scriptId: string } }) => location.scriptId),
        [script.scriptId],
        'the stack is the author’s alone',
      );
      await client.send('Debugger.resume');
      assert.equal(await held, 'hello');
      assert.equal(await rpc(server, 'greeting'), 'hello', 'the one after it is not held');
    }
  });

  it('a step out of a handler ends its call: nothing of the server’s own is stepped through', {
    timeout: hangGuardMs,
  }, async (t) => {
    const { server, client } = await debugged(t, { 'main.ts': purse });
    const script = await enable(client);
    await client.send('Debugger.setBreakpointByUrl', at(script, 'main.ts', sumLine));
    const held = rpc(server, 'sum', [7]);
    await client.next('Debugger.paused');
    await client.send('Debugger.stepOut');
    assert.deepEqual(await held, { sum: 7 });
  });

  it('what modules print is shown in the debugger’s console too, as values, with its place', {
    timeout: hangGuardMs,
  }, async (t) => {
    const { server, client, lines } = await debugged(t, { 'main.ts': purse });
    const script = await enable(client);
    const logged = lines.until(/there are 2/);
    await rpc(server, 'told');
    const { type, args, stackTrace } = await client.next('Runtime.consoleAPICalled');
    assert.deepEqual([type, ...args.map(({ value }: { value: unknown }) => value)], ['log', 'there are', 2]);
    const [{ scriptId, lineNumber, columnNumber }] = stackTrace.callFrames;
    assert.equal(scriptId, script.scriptId);
    assert.equal(originalPositionFor(mapOf(script), { line: lineNumber + 1, column: columnNumber }).line, toldLine);
    await logged;
  });

  it('a call that a debugger holds goes on when the debugger goes away', { timeout: hangGuardMs }, async (t) => {
    const { server, client } = await debugged(t, { 'main.ts': purse });
    const script = await enable(client);
    await client.send('Debugger.setBreakpointByUrl', at(script, 'main.ts', sumLine));
    const held = rpc(server, 'sum', [7]);
    await client.next('Debugger.paused');
    client.drop();
    assert.deepEqual(await held, { sum: 7 });
    assert.deepEqual(await rpc(server, 'sum', [8]), { sum: 8 }, 'its breakpoints are gone with it');
  });

  it('a held call goes on when the server is stopped, which ends the connection with a reason', {
    timeout: hangGuardMs,
  }, async (t) => {
    const { server, client } = await debugged(t, { 'main.ts': purse });
    const script = await enable(client);
    await client.send('Debugger.setBreakpointByUrl', at(script, 'main.ts', sumLine));
    const held = rpc(server, 'sum', [7]);
    await client.next('Debugger.paused');
    await server.stop();
    assert.deepEqual(await held, { sum: 7 });
    assert.equal(await client.closed, 'the server is stopping');
  });

  it('many quick questions to a held isolate are all answered', { timeout: hangGuardMs }, async (t) => {
    const { server, client } = await debugged(t, { 'main.ts': purse });
    const script = await enable(client);
    await client.send('Debugger.setBreakpointByUrl', at(script, 'main.ts', sumLine));
    const held = rpc(server, 'sum', [5]);
    const { callFrameId } = (await client.next('Debugger.paused')).callFrames[0];
    for (let i = 0; i < 300; i++) {
      const { result } = await client.send('Debugger.evaluateOnCallFrame', { callFrameId, expression: `sum + ${i}` });
      assert.equal(result.value, 5 + i);
    }
    await client.send('Debugger.resume');
    await held;
  });

  it('a reload looks like a page’s: the session stays, and breakpoints hold in the new code', {
    timeout: hangGuardMs,
  }, async (t) => {
    const { server, client, folder, lines } = await debugged(t, { 'main.ts': purse }, undefined, { watch: true });
    const script = await enable(client);
    await client.send('Debugger.setBreakpointByUrl', at(script, 'main.ts', sumLine));
    const reloaded = lines.until(/^reloaded/);
    await writeFiles(folder, { 'main.ts': purse.replace('{ sum }', '{ sum, version: 2 }') });
    await reloaded;
    await client.next('Runtime.executionContextsCleared');
    const { scriptId } = await client.next('Debugger.scriptParsed', ({ url }) => url === script.url);
    assert.notEqual(scriptId, script.scriptId, 'VS Code takes a number for the script that it knows by it');

    const answer = rpc(server, 'sum', [1, 2]);
    const { callFrames } = await client.next('Debugger.paused');
    const { callFrameId } = callFrames[0];
    const { result } = await client.send('Debugger.evaluateOnCallFrame', { callFrameId, expression: 'sum' });
    assert.equal(result.value, 3);
    await client.send('Debugger.resume');
    assert.deepEqual(await answer, { sum: 3, version: 2 });
  });

  it('InitModule can be held when a module is reloaded; while it is, the old code serves', {
    timeout: hangGuardMs,
  }, async (t) => {
    const { server, client, folder, lines } = await debugged(t, { 'main.ts': purse }, undefined, { watch: true });
    const script = await enable(client);
    await client.send('Debugger.setBreakpointByUrl', at(script, 'main.ts', 3));
    const reloaded = lines.until(/^reloaded/);
    await writeFiles(folder, { 'main.ts': purse.replace("'hello'", "'good day'") });
    await client.next('Debugger.paused');
    assert.equal(await rpc(server, 'greeting'), 'hello');
    await client.send('Debugger.resume');
    await reloaded;
    assert.equal(await rpc(server, 'greeting'), 'good day');
  });

  it('after a reload that fails, the debugger is with the code that goes on serving', {
    timeout: hangGuardMs,
  }, async (t) => {
    const { server, client, folder, lines } = await debugged(t, { 'main.ts': purse }, undefined, { watch: true });
    const script = await enable(client);
    await client.send('Debugger.setBreakpointByUrl', at(script, 'main.ts', sumLine));
    const failed = lines.until(/^not reloaded/);
    await writeFiles(folder, {
      'main.ts': purse.replace("initializer.registerRpc('greeting'", "nk.noSuchFunction('greeting'"),
    });
    await failed;
    const answer = rpc(server, 'sum', [4]);
    await client.next('Debugger.paused');
    await client.send('Debugger.resume');
    assert.deepEqual(await answer, { sum: 4 });
  });

  it('a module that a reload takes away ends its debugger’s connection with a reason', {
    timeout: hangGuardMs,
  }, async (t) => {
    const { client, folder, lines } = await debugged(t, { 'a.ts': purse, 'b.ts': other }, 'b', { watch: true });
    await enable(client);
    const reloaded = lines.until(/^reloaded/);
    await writeFiles(folder, { 'b.ts': 'export const nothing = 1;' });
    await reloaded;
    assert.equal(await client.closed, 'the module b is gone');
  });

  it('errors of modules are shown in the author’s files as without a debugger', { timeout: hangGuardMs }, async (t) => {
    const { server, lines } = await debugged(t, {
      'main.ts': purse.replace("'hello'", "{ throw new Error('no greeting'); }"),
    });
    const told = lines.until(/no greeting/);
    await rpc(server, 'greeting');
    assert.match(await told, /at \S*main\.ts:8:/);
  });
});

interface Debugged {
  readonly server: RunningServer;
  readonly client: SocketDebugClient;
  readonly folder: string;
  readonly lines: LoggedLines;
}

/** A server on these modules, and a debugger attached to one of them. */
async function debugged(
  t: Parameters<typeof moduleFolder>[0],
  files: Record<string, string>,
  module?: string,
  options: TestServerOptions = {},
): Promise<Debugged> {
  const folder = await moduleFolder(t, files);
  const lines = loggedLines();
  const server = await startTestServer({
    modulesDir: folder,
    log: lines.log,
    ...options,
    config: {
      'runtime.inspect': '127.0.0.1:0',
      'runtime.limits.call_time_ms': callLimitMs,
      'runtime.limits.call_cpu_ms': callLimitMs,
    },
  });
  const targets = await debugTargets(server.debuggerUrl!);
  const target = targets.find(({ title }) => module === undefined || title === module);
  return { server, client: await attachDebugger(target!.webSocketDebuggerUrl), folder, lines };
}

interface Script {
  readonly scriptId: string;
  readonly url: string;
  readonly sourceMapURL: string;
}

/** Turns debugging on. Resolves to the module's script. */
async function enable(client: DebugClient): Promise<Script> {
  await client.send('Runtime.enable');
  await client.send('Debugger.enable');
  return client.next('Debugger.scriptParsed', ({ url }) => url.endsWith('.bundle.js'));
}

/** Where a line (from 1) of the author's file stands in a script, as its source map has it. */
function at(script: Script, file: string, line: number) {
  const map = mapOf(script);
  const source = map.sources.find((name) => name?.startsWith('file:///') && name.endsWith(`/${file}`))!;
  const position = generatedPositionFor(map, { source, line, column: 4 });
  return { url: script.url, lineNumber: position.line! - 1, columnNumber: position.column! };
}

function mapOf({ sourceMapURL }: Script): TraceMap {
  const [, encoded] = sourceMapURL.split('base64,');
  return new TraceMap(Buffer.from(encoded!, 'base64').toString());
}

/** What an RPC answers: its payload, read as JSON where it is that, or the error's text. */
async function rpc(server: RunningServer, id: string, payload: unknown = '') {
  const url = `${server.url}/v2/rpc/${id}?http_key=defaulthttpkey&unwrap`;
  const text = await (await fetch(url, { method: 'POST', body: JSON.stringify(payload) })).text();
  try {
    const value = JSON.parse(text);
    return value.message ?? value;
  } catch {
    return text;
  }
}
