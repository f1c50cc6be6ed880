import assert from 'node:assert/strict';
import test, { describe, type TestContext } from 'node:test';
import { gameHost, hostFor, moduleOf, nobody } from '../host/support.ts';
import { handler, ObservedMatch, player } from './support.ts';

/** A match of a handler whose other functions do nothing in particular. */
async function matchOf(
  t: TestContext,
  bodies: Parameters<typeof handler>[1],
  options: Parameters<typeof gameHost>[2] = {},
) {
  const { host, log } = await gameHost(t, handler('arena', bodies), options);
  return { host, log, match: await ObservedMatch.start(host, 'arena') };
}

describe('the life of a match', () => {
  test('matchInit gets the parameters, and gives state, loops a second and label', async (t) => {
    const { host } = await gameHost(
      t,
      handler('arena', {
        matchInit: `return { state: { seen: [params.map, ctx.matchId] }, tickRate: 7, label: 'x' };`,
      }),
    );
    const match = await ObservedMatch.start(host, 'arena', { map: 'harbour' });
    assert.deepEqual([match.host.tickRate, match.labels], [7, ['x']]);
    assert.deepEqual(await match.ask(), ['harbour', match.matchId]);
  });

  test('a name that no handler has starts none', async (t) => {
    const { host } = await gameHost(t, handler('arena'));
    await assert.rejects(ObservedMatch.start(host, 'Arena'), { code: 5, message: /no match handler Arena/ });
  });

  test('the loop counts from 0 without a gap', async (t) => {
    const { match } = await matchOf(t, {
      matchLoop: `state.seen.push(tick); if (tick === 5) dispatcher.broadcastMessage(1, JSON.stringify(state.seen)); return { state };`,
    });
    await match.until(({ texts }) => texts.length > 0);
    assert.deepEqual(match.texts, ['[0,1,2,3,4,5]']);
  });

  test('what a function returns as the state is the state', async (t) => {
    const { match } = await matchOf(t, { matchLoop: `return { state: { seen: ['replaced'] } };` });
    while (JSON.stringify(await match.ask()) !== '["replaced"]');
  });

  test('null ends it without a word', async (t) => {
    const { match, log } = await matchOf(t, { matchLoop: `return null;` });
    assert.equal(await match.untilEnded(), 'ended');
    assert.deepEqual(log.lines, []);
    await assert.rejects(match.host.signal(''));
  });

  for (const [what, bodies, message] of [
    ['no state', { matchSignal: `return { data: 'x' };` }, /matchSignal must return an object with the state/],
    ['no object', { matchSignal: `return 5;` }, /must return an object with the state/],
    ['a promise', { matchSignal: `return Promise.resolve({ state });` }, /cannot be async/],
    ['data that are no text', { matchSignal: `return { state, data: 5 };` }, /text as data/],
  ] as const) {
    test(`a function that returns ${what} fails it`, async (t) => {
      const { match, log } = await matchOf(t, bodies);
      await assert.rejects(match.ask(), message);
      assert.equal(match.end, 'failed');
      assert.match(log.lines[0]!.text, message);
    });
  }

  test('a join attempt that is neither accepted nor refused fails it', async (t) => {
    const { match } = await matchOf(t, { matchJoinAttempt: `return { state };` });
    await assert.rejects(match.attempt(player('alice')), /must return accept/);
    assert.equal(match.end, 'failed');
  });

  test('null as the state ends it without a word', async (t) => {
    const { match } = await matchOf(t, { matchLoop: `return { state: null };` });
    assert.equal(await match.untilEnded(), 'ended');
  });

  test('matches of one handler have states of their own', async (t) => {
    const { host, match } = await matchOf(t, {
      matchSignal: `state.seen.push(data); return { state, data: JSON.stringify(state.seen) };`,
    });
    const other = await ObservedMatch.start(host, 'arena');
    await match.ask('a');
    await other.ask('b');
    assert.deepEqual(
      [await match.ask('c'), await other.ask('d')],
      [
        ['a', 'c'],
        ['b', 'd'],
      ],
    );
  });
});

describe('members', () => {
  test('an attempt sees who it is and what was sent along, and may be refused with a reason', async (t) => {
    const { match } = await matchOf(t, {
      matchJoinAttempt: `return { state, accept: metadata.key === 'secret', rejectMessage: presence.username + ' ' + (ctx.userId === presence.userId) };`,
    });
    const alice = player('alice');
    assert.deepEqual(await match.attempt(alice, { key: 'secret' }), { isAccepted: true, reason: '' });
    assert.deepEqual(await match.attempt(alice), { isAccepted: false, reason: 'alice true' });
  });

  test('who comes and goes is told in order, each with the reason', async (t) => {
    const note = (what: string) =>
      `for (const p of presences) state.seen.push('${what} ' + p.username + ' ' + p.reason); return { state };`;
    const { match } = await matchOf(t, { matchJoin: note('join'), matchLeave: note('leave') });
    const [alice, bob] = [player('alice'), player('bob')];
    match.join(alice);
    match.join(bob);
    match.leave(alice, 4);
    assert.deepEqual(await match.ask(), ['join alice 0', 'join bob 0', 'leave alice 4']);
  });

  test('messages come to the next loop in order, from members only', async (t) => {
    const { match } = await matchOf(t, {
      matchLoop: `for (const m of messages) dispatcher.broadcastMessage(m.opCode, [m.sender.username, m.data && nk.binaryToString(m.data), m.reliable].join()); return { state };`,
    });
    const [alice, stranger] = [player('alice'), player('stranger')];
    match.join(alice);
    match.send(stranger, 'let me in', 9n);
    match.send(alice, 'one', 1n);
    match.send(alice, '', 2n);
    match.send(alice, 'three', 3n);
    await match.until(({ texts }) => texts.length === 3);
    assert.deepEqual(match.texts, ['alice,one,true', 'alice,,true', 'alice,three,true']);
    assert.deepEqual(
      match.broadcasts.map(({ opCode }) => opCode),
      [1n, 2n, 3n],
    );
  });

  test('more messages than may wait are dropped, and the author is told', async (t) => {
    const { match, log } = await matchOf(
      t,
      {
        matchInit: `return { state: {}, tickRate: 1 };`,
        matchLoop: `dispatcher.broadcastMessage(1, String(messages.length)); return { state };`,
      },
      { matches: { inputQueue: 3 } },
    );
    const alice = player('alice');
    match.join(alice);
    for (let i = 0; i < 10; i++) match.send(alice, `${i}`);
    await match.until(({ texts }) => texts.length > 0);
    assert.equal(match.texts[0], '3');
    assert.match(log.lines[0]!.text, /more than 3 messages .* match\.input_queue_size/);
  });
});

describe('the end of the server', () => {
  test('matches are told how long they have, may still send, and go on until they end', async (t) => {
    const { host, match } = await matchOf(t, {
      matchTerminate: `dispatcher.broadcastMessage(1, 'bye in ' + graceSeconds); state.until = tick + 3; return { state };`,
      matchLoop: `return tick === state.until ? null : { state };`,
    });
    const stopped = host.stop(20_000);
    await assert.rejects(ObservedMatch.start(host, 'arena'), { code: 14 });
    await stopped;
    assert.deepEqual([match.texts, match.end], [['bye in 20'], 'ended']);
  });

  test('one that does not end by itself is cut off after that time', async (t) => {
    const { host, match } = await matchOf(t, { matchTerminate: `return { state };` });
    await host.stop(50);
    assert.equal(match.end, 'lost');
  });

  test('without a grace they are told nothing', async (t) => {
    const { host, match } = await matchOf(t, { matchTerminate: `dispatcher.broadcastMessage(1, 'bye'); return null;` });
    await host.stop(0);
    assert.deepEqual([match.texts, match.end], [[], 'lost']);
  });
});

describe('the dispatcher', () => {
  /** What becomes of one call of it: its error, or what was sent. */
  const attempts = (calls: readonly string[]) =>
    `const done = []; for (const run of [${calls.map((call) => `() => ${call}`).join()}]) try { run(); done.push('ok'); } catch (error) { done.push(error.message); } return { state, data: JSON.stringify(done) };`;

  test('sends text and bytes to all, some or nobody, with a sender or none', async (t) => {
    const { match } = await matchOf(t, {
      matchJoin: `state.alice = presences[0]; return { state };`,
      matchSignal: attempts([
        `dispatcher.broadcastMessage(1, 'häuser')`,
        `dispatcher.broadcastMessage(2, new Uint8Array([0, 255]).buffer, null, state.alice, false)`,
        `dispatcher.broadcastMessage(3, null, [state.alice])`,
        `dispatcher.broadcastMessage(4, 'nobody', [])`,
        `dispatcher.broadcastMessage(-9007199254740991)`,
      ]),
    });
    const alice = player('alice');
    match.join(alice);
    assert.deepEqual(await match.ask(), ['ok', 'ok', 'ok', 'ok', 'ok']);
    const [text, bytes, one, last] = match.broadcasts;
    assert.deepEqual([text!.opCode, Buffer.from(text!.data).toString(), text!.sessionIds], [1n, 'häuser', null]);
    assert.deepEqual([[...bytes!.data], bytes!.reliable, bytes!.sender?.username], [[0, 255], false, 'alice']);
    assert.deepEqual([one!.sessionIds, one!.data.length, one!.reliable], [[alice.sessionId], 0, true]);
    assert.deepEqual([last!.opCode, match.broadcasts.length], [-9007199254740991n, 4]);
  });

  test('sends what is deferred when the function is over', async (t) => {
    const { match } = await matchOf(t, {
      matchSignal: `dispatcher.broadcastMessageDeferred(1, 'last'); dispatcher.broadcastMessage(1, 'first'); return { state, data: 'null' };`,
    });
    await match.ask();
    assert.deepEqual(match.texts, ['first', 'last']);
  });

  test('refuses what is of the wrong type, with the place of the call', async (t) => {
    const { match } = await matchOf(t, {
      matchSignal: attempts([
        `dispatcher.broadcastMessage('1', 'x')`,
        `dispatcher.broadcastMessage(1, 5)`,
        `dispatcher.broadcastMessage(1, 'x', 'all')`,
        `dispatcher.broadcastMessage(1, 'x', [{ sessionId: 'x', node: 'n' }])`,
        `dispatcher.broadcastMessage(1, 'x', null, null, 1)`,
        `dispatcher.matchKick('alice')`,
        `dispatcher.matchLabelUpdate(5)`,
        `dispatcher.matchLabelUpdate('x'.repeat(2049))`,
      ]),
    });
    for (const message of (await match.ask()) as string[])
      assert.match(message, /^dispatcher\.\w+: .* (must be|is text|at most)/);
    assert.equal(match.end, undefined);
  });

  test('defers only so many broadcasts', async (t) => {
    const defer = `dispatcher.broadcastMessageDeferred(1, 'x')`;
    const { match } = await matchOf(
      t,
      { matchSignal: attempts([defer, defer, defer]) },
      { matches: { deferredQueue: 2 } },
    );
    const done = (await match.ask()) as string[];
    assert.deepEqual(done.slice(0, 2), ['ok', 'ok']);
    assert.match(done[2]!, /match\.deferred_queue_size/);
  });

  test('changes the label where the match sees it at once', async (t) => {
    const { match } = await matchOf(t, {
      matchSignal: `dispatcher.matchLabelUpdate('closed'); return { state, data: JSON.stringify(ctx.matchLabel) };`,
    });
    assert.equal(await match.ask(), 'closed');
    assert.deepEqual(match.labels, ['open', 'closed']);
  });
});

describe('isolation', () => {
  test('matches of a module share its variables with each other, not with other modules nor with RPCs', async (t) => {
    const note = `globalThis.notes = (globalThis.notes ?? '') + data; return { state, data: JSON.stringify(globalThis.notes) };`;
    const { host } = await hostFor(t, [
      moduleOf(
        'one',
        `${handler('one', { matchSignal: note })} initializer.registerRpc('notes', () => String(globalThis.notes));`,
      ),
      moduleOf('two', handler('two', { matchSignal: note })),
    ]);
    const [first, second] = [await ObservedMatch.start(host, 'one'), await ObservedMatch.start(host, 'one')];
    const other = await ObservedMatch.start(host, 'two');
    await first.ask('a');
    assert.deepEqual([await second.ask('b'), await other.ask('c')], ['ab', 'c']);
    assert.equal(await host.rpc('notes', nobody, ''), 'undefined');
  });
});

describe('limits', () => {
  test('a match in which nobody is ends after match.max_empty_sec', async (t) => {
    const { match } = await matchOf(t, {}, { matches: { maxEmptySec: 1 } });
    assert.equal(await match.untilEnded(), 'ended');
  });

  test('one with a member does not', async (t) => {
    const { match } = await matchOf(
      t,
      { matchLoop: `if (tick === 130) dispatcher.broadcastMessage(1, 'still here'); return { state };` },
      { matches: { maxEmptySec: 1 } },
    );
    match.join(player('alice'));
    await match.until(({ texts, end }) => texts.length > 0 || end !== undefined);
    assert.equal(match.end, undefined);
  });

  test('more join attempts or signals than may wait are refused', async (t) => {
    const { match } = await matchOf(t, {}, { matches: { joinAttemptQueue: 1, signalQueue: 1 } });
    const first = [match.attempt(player('alice')), match.ask()];
    await assert.rejects(match.attempt(player('bob')), { code: 8 });
    await assert.rejects(match.ask(), { code: 8 });
    await Promise.all(first);
    await match.ask();
  });
});
