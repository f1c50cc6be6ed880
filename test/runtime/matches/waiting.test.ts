import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import type { RuntimeLimits } from '../../../src/runtime/limits.ts';
import { moduleFunction } from '../../../src/runtime/module-function.ts';
import { text } from '../../../src/runtime/parameters.ts';
import { gameHost } from '../host/support.ts';
import { handler, ObservedMatch } from './support.ts';

const ticking = handler('ticking', { matchSignal: `return { state, data: JSON.stringify(tick) };` });

/** A host whose modules can wait: `nk.hold(name)` is answered when the test says so. */
async function waitingHost(t: TestContext, handlers: string, limits: Partial<RuntimeLimits> = {}) {
  const held = new Map<string, PromiseWithResolvers<string>>();
  const matches = new Map<string, ObservedMatch>();
  const asked = (name: string) => {
    if (!held.has(name)) held.set(name, Promise.withResolvers());
    return held.get(name)!;
  };
  const hold = moduleFunction('hold', [['name', text()]], (_call, name) => asked(name).promise);
  const askMatch = moduleFunction('askMatch', [['name', text()]], (_call, name) => matches.get(name)!.host.signal(''));
  const begin = moduleFunction('begin', [['handler', text()]], async (_call, name) => {
    matches.set(name, await ObservedMatch.start(host, name));
  });
  const { host, log } = await gameHost(t, `${handlers}\n${ticking}`, {
    functions: [hold, askMatch, begin],
    // A machine that is busy with other things must not look like an entry that computes for too long to go on.
    limits: { matchCpuMs: 20_000, ...limits },
  });
  const start = async (name: string) => {
    const match = await ObservedMatch.start(host, name);
    matches.set(name, match);
    return match;
  };
  return { host, log, start, release: (name: string) => asked(name).resolve('') };
}

async function assertRuns(match: ObservedMatch): Promise<void> {
  const from = await match.ask();
  while (Number(await match.ask()) <= Number(from));
}

test('while one match waits for the server, others of its isolate go on', async (t) => {
  const { start, release } = await waitingHost(
    t,
    handler('slow', {
      matchInit: `return { state: {}, tickRate: 60 };`,
      matchLoop: `if (tick === 0) { nk.hold('a'); dispatcher.broadcastMessage(1, 'done'); } return { state };`,
    }),
  );
  const other = await start('ticking');
  const slow = await start('slow');
  await assertRuns(other);
  await assertRuns(other);
  assert.deepEqual(slow.texts, []);
  release('a');
  await slow.until(({ texts }) => texts.includes('done'));
});

test('a match that waits hears what came meanwhile afterwards, in order', async (t) => {
  const { start, release } = await waitingHost(
    t,
    handler('slow', {
      matchSignal: `if (data === 'wait') nk.hold('a'); state.seen.push(data); return { state, data: JSON.stringify(state.seen) };`,
    }),
  );
  const slow = await start('slow');
  const answers = ['wait', 'b', 'c'].map((data) => slow.ask(data));
  release('a');
  assert.deepEqual(await Promise.all(answers), [['wait'], ['wait', 'b'], ['wait', 'b', 'c']]);
});

test('several may wait, each until its own answer', async (t) => {
  const { start, release } = await waitingHost(
    t,
    handler('slow', { matchSignal: `nk.hold(data); return { state, data: JSON.stringify(data) };` }),
  );
  const [a, b, ticker] = [await start('slow'), await start('slow'), await start('ticking')];
  // Often, since it matters which of these messages the isolate is given together.
  for (let round = 0; round < 10; round++) {
    const names = [`a${round}`, `b${round}`] as const;
    const answers = [a.ask(names[0]), b.ask(names[1])];
    await assertRuns(ticker);
    for (const name of names) release(name);
    assert.deepEqual(await Promise.all(answers), names);
  }
});

test('a match may signal and start others, wherever they run', async (t) => {
  const { start } = await waitingHost(
    t,
    handler('lobby', {
      matchSignal: `nk.begin('ticking'); return { state, data: JSON.stringify(Number(nk.askMatch('ticking')) >= 0) };`,
    }),
  );
  const lobby = await start('lobby');
  assert.equal(await lobby.ask(), true);
});

test('a wait that takes too long ends its match, and only that', async (t) => {
  const { start, log } = await waitingHost(
    t,
    handler('slow', { matchSignal: `nk.hold('for ever'); return { state };` }),
    {
      callTimeMs: 300,
    },
  );
  const other = await start('ticking');
  const slow = await start('slow');
  await assert.rejects(slow.ask(), /\(limit callTimeMs\)/);
  assert.equal(slow.end, 'failed');
  assert.match(String(log.lines.find(({ level }) => level === 'error')?.fields.place), /^game\.js:\d+$/);
  await assertRuns(other);
});

test('a loop in a match ends it though another waits beneath it, which ends with it', async (t) => {
  const { start } = await waitingHost(
    t,
    [
      handler('slow', { matchSignal: `nk.hold('for ever'); return { state };` }),
      handler('attack', { matchSignal: `while (true);` }),
    ].join('\n'),
    { matchCpuMs: 200 },
  );
  const [slow, attack, other] = [await start('slow'), await start('attack'), await start('ticking')];
  const waiting = assert.rejects(slow.ask(), /cut off/);
  await assertRuns(other);
  await assert.rejects(attack.ask(), /\(limit matchCpuMs\)/);
  await waiting;
  await assertRuns(other);
});
