import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import {
  createMatchmakerFeature,
  type MatchmakerSettings,
  type TicketRequest,
} from '../../../src/features/matchmaker/index.ts';
import type { CallOrigin } from '../../../src/runtime/module-function.ts';
import type { Hook, ModuleHost } from '../../../src/runtime/module-host.ts';
import type { FakeSession } from '../../support/fake-session.ts';
import { fakeUser, RealtimeScene } from '../../support/realtime-scene.ts';

const settings: MatchmakerSettings = {
  maxTickets: 3,
  intervalSec: 3600,
  maxIntervals: 2,
  revPrecision: false,
  revThreshold: 1,
};
const pair: TicketRequest = { query: '', minCount: 2, maxCount: 2, stringProperties: {}, numericProperties: {} };
const matchId = '6b0f1d5e-1111-4222-8333-9a1b2c3d4e5f.node-1';

/** Modules with a matchmaker matched function that gives and gets JSON. */
function modulesWith(call: Hook['call']): ModuleHost {
  const hook = (kind: string, name: string) =>
    kind === 'callback' && name === 'MatchmakerMatched' ? { call } : undefined;
  return { hook } as ModuleHost;
}

describe('the matchmaker', () => {
  let scene: RealtimeScene;
  let alice: FakeSession;
  let bob: FakeSession;
  let carol: FakeSession;

  beforeEach(() => {
    scene = new RealtimeScene();
    [alice, bob, carol] = ['alice', 'bob', 'carol'].map((name) => scene.connect(fakeUser(name))) as [
      FakeSession,
      FakeSession,
      FakeSession,
    ];
  });

  const create = (modules?: ModuleHost, changes: Partial<MatchmakerSettings> = {}) => {
    let tokens = 0;
    const created = createMatchmakerFeature({
      ...scene,
      modules: modules ?? ({ hook: () => undefined } as unknown as ModuleHost),
      matches: { issueToken: () => `token-${++tokens}` },
      nodeId: 'node-1',
      settings: { ...settings, ...changes },
    });
    const add = (sessions: FakeSession | FakeSession[], wishes: Partial<TicketRequest> = {}, partyId = '') => {
      const members = [sessions].flat().map(({ id, userId, username }) => ({ sessionId: id, userId, username }));
      return created.matchmaker.add(members, { ...pair, ...wishes }, partyId);
    };
    return { ...created, add };
  };
  const matchedOf = (session: FakeSession) => session.takenOf('matchmaker_matched')[0];
  const userOf = ({ id, userId, username }: FakeSession) => ({
    presence: { user_id: userId, session_id: id, username },
  });

  it('tells each player of a match who is in it, with one token for all', async () => {
    const { add, rounds, matchmaker } = create();
    const [a, b] = [
      add(alice, { stringProperties: { class: 'mage' }, numericProperties: { level: 12, rating: 1503.5, luck: 0 } }),
      add(bob),
    ];
    await rounds.run();
    const hers = {
      ...userOf(alice),
      string_properties: { class: 'mage' },
      numeric_properties: { level: 12, rating: 1503.5, luck: 0 },
    };
    const users = [hers, userOf(bob)];
    assert.deepEqual(matchedOf(alice), { ticket: a, token: 'token-1', users, self: hers });
    assert.deepEqual(matchedOf(bob), { ticket: b, token: 'token-1', users, self: userOf(bob) });
    assert.equal(matchmaker.ticketCount, 0);
    await rounds.run();
    assert.equal(matchedOf(alice), undefined);
  });

  it('takes only the tickets of the match: others of its players stay', async () => {
    const { add, rounds, matchmaker } = create();
    const other = add(alice, { query: '+properties.nobody:here' });
    add(alice);
    add(bob, { minCount: 3, maxCount: 3 });
    add(bob);
    await rounds.run();
    assert.equal(matchmaker.ticketCount, 2);
    assert.equal(matchmaker.removeOfSession(alice.id, other), true);
  });

  it('gives the members of a party one ticket, and names the party', async () => {
    const { add, rounds } = create();
    const wishes = { minCount: 3, maxCount: 3 };
    const ticket = add([alice, bob], { ...wishes, numericProperties: { average: 7 } }, 'p.node-1');
    add(carol, wishes);
    await rounds.run();
    const [a, b, c] = [matchedOf(alice), matchedOf(bob), matchedOf(carol)];
    assert.deepEqual([a.ticket, b.ticket], [ticket, ticket]);
    assert.deepEqual(b.self, { ...userOf(bob), party_id: 'p.node-1', numeric_properties: { average: 7 } });
    assert.deepEqual(c.self, userOf(carol));
    assert.equal(c.users.length, 3);
  });

  it('forgets a ticket with the connection, also during a round', async () => {
    const { add, rounds, matchmaker } = create();
    add(alice);
    add(bob);
    const running = rounds.run();
    add(carol);
    await running;
    assert.notEqual(matchedOf(bob), undefined);
    matchmaker.sessionClosed(carol.id);
    add(alice);
    await rounds.run();
    assert.equal(matchedOf(alice).users.length, 2);
  });

  it('does not run two rounds at a time, nor one after it was stopped', async () => {
    const { add, rounds, feature } = create();
    add(alice, { maxCount: 3 });
    add(bob, { maxCount: 3 });
    await Promise.all([rounds.run(), rounds.run()]);
    assert.equal(matchedOf(alice), undefined);
    await feature.stop!();
    await rounds.run();
    assert.equal(matchedOf(alice), undefined);
  });

  it('wants all to suit each other where rev_precision is on', async () => {
    const wish = { query: '+properties.level:>10', numericProperties: { level: 5 } };
    const other = { numericProperties: { level: 20 }, query: '-properties.level:5' };
    for (const [revPrecision, isMatched] of [
      [true, false],
      [false, true],
    ] as const) {
      const { add, rounds } = create(undefined, { revPrecision });
      add(alice, wish);
      add(bob, other);
      await rounds.run();
      assert.equal(matchedOf(alice) !== undefined, isMatched);
    }
  });

  it('goes on without rev_precision in a round that takes longer than rev_threshold allows', async () => {
    const wishes = [
      { stringProperties: { is: 'cat' }, query: '+properties.is:dog' },
      { stringProperties: { is: 'dog' }, query: '+properties.is:cow' },
    ];
    for (const [revThreshold, isMatched] of [
      [0, false],
      [1, true],
    ] as const) {
      const { add, rounds, matchmaker } = create(undefined, { revPrecision: true, revThreshold, intervalSec: 1e-9 });
      const count = 1000;
      for (let i = 0; i < count; i++) add(scene.connect(fakeUser(`player${i}`)), { maxCount: 3, ...wishes[i % 2] });
      await rounds.run();
      await rounds.run();
      assert.equal(matchmaker.ticketCount < count, isMatched);
    }
  });

  it('has a round each interval from its start to its stop', async () => {
    const { add, feature } = create(undefined, { intervalSec: 0.001 });
    await feature.start!();
    add(alice);
    add(bob);
    while (matchedOf(alice) === undefined) await scene.told();
    await feature.stop!();
  });

  describe('with a module that is asked', () => {
    /** Who was matched is told in slices of the event loop, one group in a turn at least; more than there are here. */
    async function allTold(): Promise<void> {
      for (let turn = 0; turn < 400; turn++) await scene.told();
    }

    it('shows it the players, and sends them to the match that it names', async () => {
      const calls: [CallOrigin, ...(string | null)[]][] = [];
      const modules = modulesWith(async (...call) => {
        calls.push(call);
        return JSON.stringify(matchId);
      });
      const { add, rounds } = create(modules);
      add([alice, bob], { minCount: 3, maxCount: 3, stringProperties: { mode: 'duel' } }, 'p.node-1');
      add(carol, {
        minCount: 3,
        maxCount: 3,
        stringProperties: { mode: 'duel', level: 'high' },
        numericProperties: { level: 3 },
      });
      await rounds.run();
      await allTold();
      for (const session of [alice, bob, carol]) {
        const { match_id, token } = matchedOf(session);
        assert.deepEqual({ match_id, token }, { match_id: matchId, token: undefined });
      }
      const [origin, argument] = calls[0]!;
      assert.deepEqual(JSON.parse(origin.contextText), { executionMode: 'matchmaker' });
      const presenceOf = ({ id, userId, username }: FakeSession) => ({
        userId,
        sessionId: id,
        username,
        node: 'node-1',
      });
      assert.deepEqual(JSON.parse(argument!), [
        { presence: presenceOf(alice), properties: { mode: 'duel' }, partyId: 'p.node-1' },
        { presence: presenceOf(bob), properties: { mode: 'duel' }, partyId: 'p.node-1' },
        { presence: presenceOf(carol), properties: { mode: 'duel', level: 3 } },
      ]);
    });

    it('gives a token when it names none, fails, or returns something else', async () => {
      const answers: [answer: () => Promise<string | null>, errors: number][] = [
        [async () => null, 0],
        [() => Promise.reject(new Error('no duel today')), 0],
        [async () => '"not a match id"', 1],
        [async () => '".node"', 1],
        [async () => `"${matchId.slice(0, 36)}x"`, 1],
        [async () => '7', 1],
        [async () => '{}', 1],
      ];
      for (const [answer, errors] of answers) {
        const { add, rounds } = create(modulesWith(answer));
        add(alice);
        add(bob);
        await rounds.run();
        await allTold();
        assert.equal(matchedOf(alice).token, 'token-1', String(answer));
        assert.equal(matchedOf(bob).token, 'token-1');
        assert.equal(scene.errors.splice(0).length, errors, String(answer));
      }
    });

    it('asks it for a bounded number of groups at a time, and for all in the end', async () => {
      const asked: (() => void)[] = [];
      const modules = modulesWith(() => new Promise((resolve) => asked.push(() => resolve(null))));
      const { add, rounds } = create(modules);
      const players = Array.from({ length: 400 }, (_, i) => scene.connect(fakeUser(`player${i}`)));
      for (const player of players) add(player);
      let isDone = false;
      const round = rounds.run().then(() => (isDone = true));
      let answered = 0;
      let most = 0;
      while (!isDone || asked.length > 0) {
        await scene.told();
        most = Math.max(most, asked.length);
        asked.shift()?.();
        answered++;
      }
      await round;
      assert.ok(most < 100, `${most} at a time`);
      assert.ok(answered >= 200);
      await allTold();
      for (const player of players) assert.equal(player.takenOf('matchmaker_matched').length, 1);
    });
  });

  it('counts tickets and the latest completions, as of its last round', async () => {
    const { add, rounds, feature } = create();
    const operation = feature.operations![0]!;
    const stats = () => operation.handle(undefined as never, undefined as never) as Record<string, unknown>;
    assert.deepEqual(stats(), {});
    await rounds.run();
    assert.deepEqual(stats(), { ticketCount: 0, completions: [] });
    add(carol, { query: '+properties.nobody:here', maxCount: 4 });
    for (let i = 0; i < 6; i++) {
      add(alice);
      add(bob);
      assert.equal((stats().completions as []).length, Math.min(10, i * 2));
      await rounds.run();
    }
    assert.equal((stats().completions as []).length, 10);
    assert.equal(stats().ticketCount, 3);
    const [latest] = stats().completions as { createTime: { seconds: bigint }; completeTime: { seconds: bigint } }[];
    assert.ok(latest!.createTime.seconds <= latest!.completeTime.seconds);
    assert.ok((stats().oldestTicketCreateTime as { seconds: bigint }).seconds > 0n);
  });
});
