import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Feature } from '../../../src/features/feature.ts';
import { createMatchesFeature, type Matches } from '../../../src/features/matches/index.ts';
import { Status, StatusError } from '../../../src/protocol/status.ts';
import type { Admission, HostedMatch, MatchEvents, MatchHost, MatchPassage } from '../../../src/runtime/match-host.ts';
import type { FakeSession } from '../../support/fake-session.ts';
import { fakeUser, moduleCaller, RealtimeScene } from '../../support/realtime-scene.ts';

const NODE = 'node-1';

/** A match whose handler a test plays: it lets in whom `admission` says, and keeps what it hears. */
class PlayedMatch implements HostedMatch {
  readonly tickRate = 10;
  readonly heard: unknown[][] = [];
  readonly handler: string;
  readonly matchId: string;
  readonly params: unknown;
  readonly events: MatchEvents;
  admission: () => Promise<Admission> = async () => ({ isAccepted: true, reason: '' });

  constructor(handler: string, matchId: string, params: string, events: MatchEvents) {
    this.handler = handler;
    this.matchId = matchId;
    this.params = JSON.parse(params);
    this.events = events;
  }

  attempt(_contextText: string, { username }: { username: string }, metadata: object): Promise<Admission> {
    this.heard.push(['attempt', username, metadata]);
    return this.admission();
  }

  joined(presences: readonly MatchPassage[]): void {
    for (const { username, reason, node } of presences) this.heard.push(['join', username, reason, node]);
  }

  left(presences: readonly MatchPassage[]): void {
    for (const { username, reason } of presences) this.heard.push(['leave', username, reason]);
  }

  sent(_sessionId: string, opCode: bigint, data: Uint8Array): void {
    this.heard.push(['data', opCode, Buffer.from(data).toString()]);
  }

  async signal(data: string): Promise<string> {
    return `heard ${data}`;
  }

  say(text: string, to: readonly FakeSession[] | null = null): void {
    const sessionIds = to?.map(({ id }) => id) ?? null;
    this.events.broadcast({ opCode: 1n, data: Buffer.from(text), reliable: true, sessionIds, sender: undefined });
  }
}

describe('authoritative matches', () => {
  let scene: RealtimeScene;
  let feature: Feature;
  let matches: Matches;
  let nk: ReturnType<typeof moduleCaller>;
  let alice: FakeSession;
  let bob: FakeSession;
  let label: string;
  let match: PlayedMatch;

  const modules: MatchHost = {
    async createMatch(handler, matchId, params, events) {
      if (handler !== 'arena') throw new StatusError(Status.NOT_FOUND, 'no such handler');
      match = new PlayedMatch(handler, matchId, params, events);
      events.started(match, label);
    },
  };

  beforeEach(async () => {
    scene = new RealtimeScene();
    ({ feature, matches } = createMatchesFeature({
      ...scene,
      modules,
      nodeId: NODE,
      tokenKey: 'key',
      singleMatch: false,
    }));
    nk = moduleCaller(feature.functions);
    label = '{"mode":"ranked"}';
    [alice, bob] = [scene.connect(fakeUser('alice')), scene.connect(fakeUser('bob'))];
    await nk('matchCreate', 'arena', { map: 'harbour' });
  });

  const enter = async (session: FakeSession, metadata: Record<string, string> = {}) => {
    const entered = await matches.join(session, match.matchId, metadata);
    await scene.told();
    return entered;
  };
  const dataOf = (session: FakeSession) =>
    session.takenOf('match_data').map(({ data }) => Buffer.from(data, 'base64').toString());

  it('are made by modules, which give a handler and parameters', async () => {
    assert.deepEqual(match.params, { map: 'harbour' });
    assert.match(match.matchId, new RegExp(`^[0-9a-f-]{36}\\.${NODE}$`));
    assert.deepEqual(await nk('matchGet', match.matchId), {
      matchId: match.matchId,
      authoritative: true,
      size: 0,
      label,
    });
    await assert.rejects(nk('matchCreate', 'nowhere'), { code: 5 });
    await assert.rejects(nk('matchCreate', ''));
    await assert.rejects(nk('matchCreate', 'arena', null));
  });

  it('decide who comes in, and hear who came, left or was lost', async () => {
    const { presences, authoritative, label: shown } = await enter(alice, { seat: '2' });
    assert.deepEqual([presences, authoritative, shown], [[], true, label]);
    await enter(bob);
    matches.leave(bob, match.matchId);
    scene.disconnect(alice);
    await scene.told();
    assert.deepEqual(match.heard, [
      ['attempt', 'alice', { seat: '2' }],
      ['join', 'alice', 0, NODE],
      ['attempt', 'bob', {}],
      ['join', 'bob', 0, NODE],
      ['leave', 'bob', 3],
      ['leave', 'alice', 4],
    ]);
  });

  it('refuse with their own words, or with a text for those that give none', async () => {
    match.admission = async () => ({ isAccepted: false, reason: 'full' });
    await assert.rejects(enter(alice), { code: 5, message: 'full' });
    match.admission = async () => ({ isAccepted: false, reason: '' });
    await assert.rejects(enter(alice), { code: 5, message: /./ });
    match.admission = async () => Promise.reject(new StatusError(13, 'a mistake of the module'));
    await assert.rejects(enter(alice), (error: Error) => !error.message.includes('mistake'));
    assert.equal((await nk('matchGet', match.matchId)).size, 0);
  });

  it('are not asked again by who is in already', async () => {
    await enter(alice);
    const { presences } = await enter(alice);
    assert.equal(presences.length, 1);
    assert.equal(match.heard.filter(([what]) => what === 'attempt').length, 1);
  });

  it('get what members send, and nobody else does', async () => {
    await enter(alice);
    const data = { opCode: 7n, data: Buffer.from('hi'), reliable: true, presences: [] };
    assert.equal(matches.send(alice, match.matchId, data), true);
    assert.equal(matches.send(bob, match.matchId, data), false);
    assert.deepEqual(match.heard.at(-1), ['data', 7n, 'hi']);
    assert.deepEqual(dataOf(alice), []);
  });

  it('speak to all members or to some, never to others', async () => {
    await enter(alice);
    match.say('all');
    match.say('both', [alice, bob]);
    match.say('nobody', []);
    assert.deepEqual([dataOf(alice), dataOf(bob)], [['all', 'both'], []]);
  });

  it('put members out, of which the others are told', async () => {
    await enter(alice);
    await enter(bob);
    for (const session of [alice, bob]) session.taken();
    match.events.kick([bob.id]);
    await scene.told();
    assert.deepEqual(bob.taken(), []);
    assert.equal(alice.takenOf('match_presence_event')[0].leaves[0].username, 'bob');
    assert.deepEqual(match.heard.at(-1), ['leave', 'bob', 3]);
  });

  it('are found by label, query and size, the label as it is now', async () => {
    const ids = (found: { matchId?: string }[]) => found.map(({ matchId }) => matchId);
    const ranked = match;
    label = '{"mode":"casual"}';
    await nk('matchCreate', 'arena');
    const casual = match;
    match = ranked;
    await enter(alice);
    const find = (query: string) => ids(matches.list({ query }, 10));
    assert.deepEqual(find('+label.mode:ranked'), [ranked.matchId]);
    assert.deepEqual(find('label.mode:casual^2 label.mode:ranked'), [casual.matchId, ranked.matchId]);
    assert.deepEqual(ids(matches.list({ minSize: 1 }, 10)), [ranked.matchId]);
    assert.deepEqual(ids(matches.list({ label: '{"mode":"casual"}' }, 10)), [casual.matchId]);
    assert.deepEqual(ids(matches.list({}, 1)), [ranked.matchId]);
    ranked.events.label('no JSON');
    assert.deepEqual(find('+label.mode:ranked'), []);
    assert.equal((await nk('matchGet', ranked.matchId)).label, 'no JSON');
  });

  it('answer signals', async () => {
    assert.equal(await nk('matchSignal', match.matchId, 'x'), 'heard x');
    await assert.rejects(nk('matchSignal', `${match.matchId}2`, 'x'), { code: 5 });
    await assert.rejects(nk('matchSignal', 'nonsense', 'x'));
    await assert.rejects(nk('matchSignal', matches.create(alice, '').matchId, 'x'), { code: 5 });
  });

  for (const [end, closes, tells] of [
    ['ended', false, 0],
    ['failed', true, 0],
    ['lost', false, 2],
  ] as const) {
    it(`that have ${end} are gone`, async () => {
      await enter(alice);
      await enter(bob);
      for (const session of [alice, bob]) session.taken();
      match.events.ended(end);
      await scene.told();
      assert.deepEqual([alice.closedFor !== undefined, bob.closedFor !== undefined], [closes, closes]);
      const leaves = alice.takenOf('match_presence_event').flatMap((event) => event.leaves);
      assert.equal(leaves.length, tells);
      assert.equal(await nk('matchGet', match.matchId), null);
      assert.deepEqual(matches.list({}, 10), []);
      await assert.rejects(enter(alice), { code: 4 });
    });
  }

  it('that end as they let somebody in have nobody in', async () => {
    match.admission = () => {
      const accepted = Promise.resolve({ isAccepted: true, reason: '' });
      match.events.ended('ended');
      return accepted;
    };
    await assert.rejects(enter(alice), { code: 4 });
  });
});
