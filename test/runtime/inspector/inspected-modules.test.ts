import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Attachment, InspectedModules } from '../../../src/runtime/inspector/inspected-modules.ts';
import { DebugClient } from '../../support/debug-client.ts';
import { hostFor, moduleOf, nobody } from '../host/support.ts';
import { handler, ObservedMatch } from '../matches/support.ts';

/** How long a test may take before it is given up. */
const hangGuardMs = 30_000;
/** Longer than the limits that are set here, and than what comes on top of them. */
const heldMs = 1500;
const game = moduleOf('game', "initializer.registerRpc('seven', () => {\nconst value = 7;\nreturn String(value); });");
const second = moduleOf('second', "initializer.registerRpc('eight', () => '8');");

describe('the isolates of modules, as debuggers see them', () => {
  it('each module is a target, and runs in one isolate of one worker', { timeout: hangGuardMs }, async (t) => {
    const inspection = new InspectedModules();
    const { host } = await hostFor(t, [game, second], { inspection, workerCount: 3, limits: { warmIsolates: 4 } });
    assert.deepEqual(
      inspection.targets().map(({ title }) => title),
      ['game', 'second'],
    );
    assert.equal(host.workerPids().length, 1);
  });

  it('a target has one debugger at a time', { timeout: hangGuardMs }, async (t) => {
    const inspection = new InspectedModules();
    await hostFor(t, [game], { inspection });
    const first = inspection.attach('game', noClient) as Attachment;
    assert.equal(inspection.attach('game', noClient), 'another debugger is attached to game');
    first.detach();
    assert.equal(typeof inspection.attach('game', noClient), 'object');
    assert.equal(inspection.attach('other', noClient), 'there is no such module');
  });

  it('a debugger stays with its module when the worker process is killed and replaced', {
    timeout: hangGuardMs,
  }, async (t) => {
    const inspection = new InspectedModules();
    const { host } = await hostFor(t, [game], { inspection });
    const client = attach(inspection, 'game');
    await client.send('Debugger.enable');
    await client.send('Debugger.setBreakpointByUrl', { url: 'game.js', lineNumber: 5 });

    process.kill(host.workerPids()[0]!, 'SIGKILL');
    await client.next('Runtime.executionContextsCleared');
    await client.next('Debugger.breakpointResolved');
    const answer = host.rpc('seven', nobody, '');
    await client.next('Debugger.paused');
    await client.send('Debugger.resume');
    assert.equal(await answer, '7');
  });

  it('a match can be held: no limit ends it, and matches of other modules still tick', {
    timeout: hangGuardMs,
  }, async (t) => {
    const inspection = new InspectedModules();
    const loop = (body: string) => `${body} state.tick = tick; return { state };`;
    const signal = `return { state, data: String(state.tick) };`;
    const { host } = await hostFor(
      t,
      [
        moduleOf(
          'held',
          handler('held', {
            matchLoop: loop('if (state.stop) { debugger; state.stop = false; }'),
            matchSignal: `state.stop ||= data === 'stop'; ${signal}`,
          }),
        ),
        moduleOf('free', handler('free', { matchLoop: loop(''), matchSignal: signal })),
      ],
      { inspection, limits: { matchCpuMs: 300, callTimeMs: 300 } },
    );
    const [held, free] = [await ObservedMatch.start(host, 'held'), await ObservedMatch.start(host, 'free')];
    const client = attach(inspection, encodeURIComponent('held (matches)'));
    await client.send('Debugger.enable');
    // A loop may run in the entry that takes the signal: then that is answered when the loop has ended.
    const signalled = held.host.signal('stop');
    await client.next('Debugger.paused');
    const before = Number(await free.host.signal(''));
    const until = performance.now() + heldMs;
    while (performance.now() < until) await free.host.signal('');
    assert.ok(Number(await free.host.signal('')) > before + 10);
    await client.send('Debugger.resume');
    await signalled;
    const resumed = Number(await held.host.signal(''));
    while (Number(await held.host.signal('')) < resumed + 10);
    assert.deepEqual([held.end, free.end], [undefined, undefined]);
  });

  it('an isolate that dies of its memory is replaced, and debugging goes on', { timeout: hangGuardMs }, async (t) => {
    const inspection = new InspectedModules();
    const hungry = moduleOf(
      'game',
      "initializer.registerRpc('eat', () => { const all = []; for (;;) all.push(new Array(1000).fill(all)); });\n" +
        "initializer.registerRpc('seven', () => '7');",
    );
    const { host, log } = await hostFor(t, [hungry], { inspection, limits: { heapMb: 32 } });
    await assert.rejects(host.rpc('eat', nobody, ''));
    assert.ok(log.lines.some(({ text }) => /heapMb|worker/.test(text)));
    for (;;) {
      const answer = await host.rpc('seven', nobody, '').catch((error: Error) => error.message);
      if (answer === '7') break;
    }
    assert.equal(typeof inspection.attach('game', noClient), 'object');
  });
});

/** A debugger of a target. */
function attach(inspection: InspectedModules, id: string): DebugClient {
  const client = new DebugClient();
  const debug = inspection.attach(id, { send: (message) => client.receive(message), close: () => {} }) as Attachment;
  client.transmit = (message) => debug.receive(message);
  return client;
}

const noClient = { send: () => {}, close: () => {} };
