import assert from 'node:assert/strict';
import test, { describe, type TestContext } from 'node:test';
import type { RuntimeHost } from '../../../src/runtime/host/index.ts';
import { hostFor, moduleOf } from '../host/support.ts';
import { handler, ObservedMatch, player } from './support.ts';

type Bodies = Parameters<typeof handler>[1];

/** A version of the game: signals are answered with its number, the loop's and what is in the state. */
const version = (n: number, bodies: Bodies = {}) => {
  const matchSignal = `return { state, data: JSON.stringify({ code: ${n}, tick, state }) };`;
  return moduleOf('game', handler('arena', { matchSignal, ...bodies }));
};

interface Answer {
  readonly code: number;
  readonly tick: number;
  readonly state: { readonly seen: readonly unknown[] };
}

/** Asked again and again, a match on trial would be sent more than is kept for its way back. */
const ask = async (match: ObservedMatch) => {
  await new Promise((resolve) => setTimeout(resolve, 2));
  return (await match.ask()) as Answer;
};

async function scene(t: TestContext, bodies: Bodies = {}) {
  const { host, log } = await hostFor(t, [version(1, bodies)], { limits: { matchCpuMs: 300 } });
  return { host, log, match: await ObservedMatch.start(host, 'arena') };
}

/** Waits until the match runs the code of a version. */
async function runs(match: ObservedMatch, code: number): Promise<Answer> {
  for (;;) {
    const answer = await ask(match);
    if (answer.code === code) return answer;
  }
}

/** Replaces the game and waits until the new one has either kept the match or lost it again. */
async function settled(host: RuntimeHost, match: ObservedMatch, log: { lines: readonly object[] }, next = version(2)) {
  await host.replace([next]);
  while (log.lines.length === 0) await ask(match);
}

describe('a match whose module is reloaded', () => {
  test('goes on with its state under the new code, its loops counted on', async (t) => {
    const { host, match } = await scene(t, { matchInit: `return { state: { seen: ['old'] }, tickRate: 60 };` });
    const before = await ask(match);
    await host.replace([version(2)]);
    const after = await runs(match, 2);
    assert.deepEqual(after.state.seen, ['old']);
    assert.ok(after.tick >= before.tick);
    assert.equal(match.end, undefined);
  });

  test('keeps its members and what they have sent', async (t) => {
    const { host, match } = await scene(t, { matchInit: `return { state: { seen: [] }, tickRate: 1 };` });
    const alice = player('alice');
    match.join(alice);
    match.send(alice, 'sent before');
    const note = `for (const m of messages) dispatcher.broadcastMessage(1, m.sender.username + ': ' + nk.binaryToString(m.data)); return { state };`;
    await host.replace([version(2, { matchLoop: note })]);
    match.send(alice, 'sent after');
    await match.until(({ texts }) => texts.length === 2);
    assert.deepEqual(match.texts, ['alice: sent before', 'alice: sent after']);
  });

  test('may hold what JSON cannot', async (t) => {
    const { host, match } = await scene(t, {
      matchInit: `const state = { map: new Map([['a', new Date(5)]]), bytes: new Uint8Array([1, 2]) }; state.self = state; return { state, tickRate: 60 };`,
      matchSignal: `return { state, data: '{}' };`,
    });
    const matchSignal = `return { state, data: JSON.stringify({ code: 2, state: [state.map.get('a').getTime(), state.bytes[1], state.self === state] }) };`;
    await host.replace([version(2, { matchSignal })]);
    assert.deepEqual((await runs(match, 2)).state, [5, 2, true]);
  });

  test('may have its state changed for the new code, which is told who ran it', async (t) => {
    const { host, match } = await scene(t);
    const matchMigrate = `return { seen: ['from ' + fromVersion, ...state.seen] };`;
    await host.replace([version(2, { matchMigrate })]);
    assert.deepEqual((await runs(match, 2)).state.seen, ['from 1']);
    await host.replace([version(3, { matchMigrate })]);
    assert.deepEqual((await runs(match, 3)).state.seen, ['from 2', 'from 1']);
  });

  test('goes back to the old code when the new throws in its first loops, and misses nothing', async (t) => {
    const { host, match, log } = await scene(t, {
      matchInit: `return { state: { seen: [] }, tickRate: 5 };`,
      matchJoin: `for (const p of presences) state.seen.push(p.username); return { state };`,
    });
    const matchLoop = `state.loops = (state.loops ?? 0) + 1; if (state.loops === 2) throw new Error('broken'); return { state };`;
    await host.replace([version(2, { matchLoop })]);
    await runs(match, 2);
    match.join(player('alice'));
    while (log.lines.length === 0) await ask(match);
    const after = await ask(match);
    assert.deepEqual([after.code, after.state.seen, match.end], [1, ['alice'], undefined]);
    const { text, fields } = log.lines[0] as { text: string; fields: Record<string, unknown> };
    assert.match(text, /goes back to the code before: Error: broken/);
    assert.match(String(fields.place), /^game\.js:\d+$/);
    await host.replace([version(3)]);
    assert.deepEqual((await runs(match, 3)).state.seen, ['alice']);
  });

  test('does so too when the new code loops without end', async (t) => {
    const { host, match, log } = await scene(t);
    await settled(host, match, log, version(2, { matchLoop: `while (true);` }));
    assert.match((log.lines[0] as { text: string }).text, /\(limit matchCpuMs\)/);
    assert.equal((await ask(match)).code, 1);
  });

  for (const [what, bodies, next, message] of [
    [
      'whose state holds a function',
      { matchInit: `return { state: { seen: [], f() {} }, tickRate: 60 };` },
      {},
      /could not be cloned/,
    ],
    ['whose migration throws', {}, { matchMigrate: `throw new Error('no way');` }, /no way/],
    ['whose migration never ends', {}, { matchMigrate: `while (true);` }, /\(limit matchCpuMs\)/],
  ] as const) {
    test(`stays with the old code ${what}`, async (t) => {
      const { host, match, log } = await scene(t, bodies);
      await settled(host, match, log, version(2, next));
      assert.match((log.lines[0] as { text: string }).text, message);
      assert.match((log.lines[0] as { text: string }).text, /it stays with the code before/);
      assert.equal((await ask(match)).code, 1);
    });
  }

  test('goes on with the old code when the new has no such handler', async (t) => {
    const { host, match } = await scene(t);
    await host.replace([moduleOf('game', handler('other'))]);
    const { tick } = await ask(match);
    while ((await ask(match)).tick <= tick);
    await assert.rejects(ObservedMatch.start(host, 'arena'), { code: 5 });
  });

  test('may end under the new code', async (t) => {
    const { host, match, log } = await scene(t);
    await host.replace([version(2, { matchLoop: `return null;` })]);
    assert.equal(await match.untilEnded(), 'ended');
    assert.deepEqual(log.lines, []);
  });

  test('moves with many others, each with its own state', async (t) => {
    const { host } = await scene(t);
    const matches = await Promise.all(Array.from({ length: 30 }, () => ObservedMatch.start(host, 'arena')));
    await host.replace([version(2, { matchMigrate: `return { seen: ['moved'] };` })]);
    for (const match of matches) assert.deepEqual((await runs(match, 2)).state.seen, ['moved']);
  });
});
