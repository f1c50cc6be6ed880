import assert from 'node:assert/strict';
import test, { describe, type TestContext } from 'node:test';
import type { RuntimeHost } from '../../../src/runtime/host/index.ts';
import type { RuntimeLimits } from '../../../src/runtime/limits.ts';
import { hostFor, moduleOf } from '../host/support.ts';
import { handler, lineOf, ObservedMatch, player } from '../matches/support.ts';
import { assertPlaceInLog } from './support.ts';

const loop = `while (true);`;
const limits = { matchCpuMs: 200, callCpuMs: 300, callTimeMs: 1500, heapMb: 64, workerMemoryMb: 600 };
/** How long modules may be without their process after an attack. */
const RECOVERY_MS = 5000;
/** Where the first line of an InitModule's body stands in the script of a module without a top level. */
const FIRST_LINE = 5;

/** A peaceful match: a signal is answered with the number of its loops. */
const peaceful = handler('peaceful', { matchSignal: `return { state, data: JSON.stringify(tick) };` });
const bystander = moduleOf('bystander', peaceful.replace(`'peaceful'`, `'elsewhere'`));

type Bodies = Parameters<typeof handler>[1];
type Name = keyof NonNullable<Bodies>;

/** What brings a match's function to run, once its match is there; matchInit runs without. */
const callers: readonly (readonly [Name, (match: ObservedMatch) => unknown])[] = [
  ['matchJoinAttempt', (match) => match.attempt(player('alice'))],
  ['matchJoin', (match) => match.join(player('alice'))],
  ['matchLeave', (match) => match.leave(player('alice'))],
  ['matchLoop', (match) => match.send(player('alice'), 'go')],
  ['matchSignal', (match) => match.host.signal('go')],
];

async function scene(t: TestContext, bodies: Bodies, more: Partial<RuntimeLimits> = {}) {
  const attacker = moduleOf('attacker', `${handler('attack', bodies)}\n${peaceful}`);
  const { host, log } = await hostFor(t, [attacker, bystander], { limits: { ...limits, ...more } });
  const neighbours = [await ObservedMatch.start(host, 'peaceful'), await ObservedMatch.start(host, 'elsewhere')];
  return { host, log, neighbours };
}

/** Asserts that a match runs: its loop goes on. */
async function assertRuns(match: ObservedMatch): Promise<void> {
  assert.equal(match.end, undefined);
  const from = await match.ask();
  while (Number(await match.ask()) <= Number(from));
}

/** Starts a match, again and again while the modules' process is on its way back. */
async function startedAgain(host: RuntimeHost, name: string): Promise<ObservedMatch> {
  const until = performance.now() + RECOVERY_MS;
  for (;;) {
    try {
      return await ObservedMatch.start(host, name);
    } catch (error) {
      if (performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

for (const [name, call] of callers) {
  describe(`in ${name}`, () => {
    test('a loop ends its match with the limit and the line; those beside it go on', async (t) => {
      const { host, log, neighbours } = await scene(t, { [name]: loop });
      const match = await ObservedMatch.start(host, 'attack');
      const attack = Promise.allSettled([call(match)]);
      // It goes into the isolate with the attack.
      assert.ok(Number(await neighbours[0]!.ask()) >= 0);
      await attack;
      assert.equal(await match.untilEnded(), 'failed');
      assertPlaceInLog(log.lines, `attacker.js:${lineOf(name, FIRST_LINE)}`);
      assert.match(log.lines.find(({ level }) => level === 'error')!.text, /module attacker: .*\(limit matchCpuMs\)/);
      for (const neighbour of neighbours) await assertRuns(neighbour);
    });

    test('a throw ends its match, and is told with its line', async (t) => {
      const { host, log, neighbours } = await scene(t, { [name]: `throw new Error('broken');` });
      const match = await ObservedMatch.start(host, 'attack');
      await Promise.allSettled([call(match)]);
      assert.equal(await match.untilEnded(), 'failed');
      const { text, fields } = log.lines.find(({ level }) => level === 'error')!;
      assert.deepEqual([text, fields.place], ['Error: broken', `attacker.js:${lineOf(name, FIRST_LINE)}`]);
      for (const neighbour of neighbours) await assertRuns(neighbour);
    });
  });
}

describe('in matchInit', () => {
  for (const [what, body, message] of [
    ['a loop', loop, /\(limit matchCpuMs\)/],
    ['a throw', `throw new Error('broken');`, /Error: broken/],
    ['what is no match', `return { state: {}, tickRate: 1000 };`, /tickRate/],
  ] as const) {
    test(`${what} fails who wants the match`, async (t) => {
      const { host, neighbours } = await scene(t, { matchInit: body });
      await assert.rejects(ObservedMatch.start(host, 'attack'), { message });
      for (const neighbour of neighbours) await assertRuns(neighbour);
    });
  }
});

describe('the process of the modules', () => {
  test('what a match fills the memory with ends it and those of its isolate, and nothing else', async (t) => {
    const flood = `const a = []; while (true) a.push({ a: 1 });`;
    const { host, log, neighbours } = await scene(t, { matchLoop: flood }, { matchCpuMs: 10_000 });
    const match = await ObservedMatch.start(host, 'attack');
    assert.equal(await match.untilEnded(), 'failed');
    assert.match(log.lines.find(({ fields }) => fields.limit)!.text, /module attacker: .*\(limit heapMb\)/);
    assertPlaceInLog(log.lines, `attacker.js:${FIRST_LINE}`);
    const [, elsewhere] = neighbours;
    if (elsewhere!.end === undefined) await assertRuns(elsewhere!);
    else assert.equal(elsewhere!.end, 'lost');
    await assertRuns(await startedAgain(host, 'peaceful'));
  });

  test('a match that nothing interrupts takes it along: the others are lost, and it comes back', async (t) => {
    const stuck = `const a = []; a[4294967290] = 1; a.sort(); a.reverse(); return { state };`;
    const { host, log, neighbours } = await scene(t, { matchLoop: stuck });
    const match = await ObservedMatch.start(host, 'attack');
    assert.equal(await match.untilEnded(), 'failed');
    assert.equal(await neighbours[1]!.untilEnded(), 'lost');
    assert.match(log.lines.find(({ fields }) => fields.limit)!.text, /\(limit matchCpuMs\)/);
    for (const name of ['peaceful', 'elsewhere']) await assertRuns(await startedAgain(host, name));
  });

  test('killed, all matches in it are lost, and it comes back', async (t) => {
    const { host, neighbours } = await scene(t, {});
    const waiting = assert.rejects(neighbours[0]!.host.signal('x'), { code: 14 });
    process.kill(host.workerPids()[0]!, 'SIGKILL');
    for (const neighbour of neighbours) assert.equal(await neighbour.untilEnded(), 'lost');
    await waiting;
    await assertRuns(await startedAgain(host, 'peaceful'));
  });
});
