import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Attachment, InspectedModules } from '../../../src/runtime/inspector/inspected-modules.ts';
import { DebugClient } from '../../support/debug-client.ts';
import { hostFor, moduleOf, nobody } from '../host/support.ts';

/** How long a test may take before it is given up. */
const hangGuardMs = 30_000;
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

  it('without a name the first module is meant', { timeout: hangGuardMs }, () => {
    assert.equal(new InspectedModules().attach(undefined, noClient), 'no module is loaded');
  });

  it('a debugger stays with its module when the worker process is killed and replaced', {
    timeout: hangGuardMs,
  }, async (t) => {
    const inspection = new InspectedModules();
    const { host } = await hostFor(t, [game], { inspection });
    const client = new DebugClient();
    const send = (message: string) => client.receive(message);
    const debug = inspection.attach('game', { send, close: () => {} }) as Attachment;
    client.transmit = (message) => debug.receive(message);
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

const noClient = { send: () => {}, close: () => {} };
