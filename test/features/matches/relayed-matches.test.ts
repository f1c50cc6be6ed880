import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Feature } from '../../../src/features/feature.ts';
import { createMatchesFeature, type Matches } from '../../../src/features/matches/index.ts';
import { issueMatchToken } from '../../../src/features/matches/match-token.ts';
import type { EncodedMessage } from '../../../src/realtime/encoded-message.ts';
import { LoadedModules } from '../../../src/runtime/loaded-modules.ts';
import { FakeSession } from '../../support/fake-session.ts';
import { fakeUser, RealtimeScene } from '../../support/realtime-scene.ts';
import { type FakeHooks, messageSender } from '../../support/socket-messages.ts';

const tokenKey = 'session-key';
const withoutModules = { modules: new LoadedModules(), nodeId: 'node1' };
const UNKNOWN = '6b0f1d5e-1111-4222-8333-9a1b2c3d4e5f';

describe('relayed matches', () => {
  let scene: RealtimeScene;
  let feature: Feature;
  let matches: Matches;
  let tell: ReturnType<typeof messageSender>;
  let alice: FakeSession;
  let bob: FakeSession;
  let carol: FakeSession;

  const start = (options: { readonly singleMatch?: boolean; readonly hooks?: FakeHooks } = {}) => {
    scene = new RealtimeScene();
    const created = createMatchesFeature({
      ...scene,
      ...withoutModules,
      tokenKey,
      singleMatch: options.singleMatch ?? false,
    });
    ({ feature, matches } = created);
    tell = messageSender(feature, scene, options.hooks);
    [alice, bob, carol] = ['alice', 'bob', 'carol'].map((name) => scene.connect(fakeUser(name))) as [
      FakeSession,
      FakeSession,
      FakeSession,
    ];
  };
  beforeEach(() => start());

  /** Sends a message and gives its answer; what came before and after is thrown away. */
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into it
  const ask = async (session: FakeSession, message: object): Promise<any> => {
    await tell(session, { cid: 'asked', ...message });
    return session.taken().find(({ cid }) => cid === 'asked');
  };
  const create = async (session: FakeSession, name = '') => (await ask(session, { match_create: { name } })).match;
  const join = async (session: FakeSession, matchId: string) =>
    (await ask(session, { match_join: { match_id: matchId } })).match;
  /** A match with these in it, who have heard of each other. */
  const matchOf = async (first: FakeSession, ...others: FakeSession[]): Promise<string> => {
    const { match_id: id } = await create(first);
    for (const other of others) await join(other, id);
    heard(first, ...others);
    return id;
  };
  const presenceOf = ({ userId, id, username }: FakeSession) => ({ user_id: userId, session_id: id, username });
  const namesIn = (presences: readonly { username: string }[] = []) => presences.map(({ username }) => username);
  /** What each has heard of others since the last call: `+bob -carol`, or the op codes and texts of data. */
  const heard = (...sessions: FakeSession[]): string[] =>
    sessions.map((session) =>
      session
        .taken()
        // biome-ignore lint/suspicious/noExplicitAny: what was sent is plain JSON
        .flatMap(({ match_presence_event: event, match_data: data }: any) => [
          ...namesIn(event?.joins).map((name) => `+${name}`),
          ...namesIn(event?.leaves).map((name) => `-${name}`),
          ...(data ? [`${data.op_code ?? 0}:${Buffer.from(data.data ?? '', 'base64')}`] : []),
        ])
        .join(' '),
    );
  const base64 = (text: string) => Buffer.from(text).toString('base64');

  describe('match_create', () => {
    it('is answered first, then its maker is told of having come', async () => {
      await tell(alice, { cid: '1', match_create: {} });
      const [answer, event] = alice.taken() as [{ match: { match_id: string } }, unknown];
      const { match_id } = answer.match;
      assert.match(match_id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\.$/);
      assert.deepEqual(answer, { cid: '1', match: { match_id, size: 1, self: presenceOf(alice) } });
      assert.deepEqual(event, { match_presence_event: { match_id, joins: [presenceOf(alice)] } });
    });

    it('without a name makes a new match each time', async () => {
      assert.notEqual((await create(alice)).match_id, (await create(alice)).match_id);
    });

    it('with a name brings all who give it together; the size counts everybody', async () => {
      const first = await create(alice, 'lobby');
      const second = await create(bob, 'lobby');
      assert.equal(second.match_id, first.match_id);
      assert.deepEqual([second.size, namesIn(second.presences)], [2, ['alice']]);
      assert.notEqual((await create(carol, 'other')).match_id, first.match_id);
    });

    it('with the name of a match that one is in counts and shows oneself, and is no event', async () => {
      await create(alice, 'lobby');
      const again = await create(alice, 'lobby');
      assert.deepEqual([again.size, namesIn(again.presences)], [1, ['alice']]);
      assert.deepEqual(heard(alice), ['']);
    });

    it('gives a name the UUID of version 5 in the namespace of host names', async () => {
      assert.equal((await create(alice, 'www.example.com')).match_id, '2ed6657d-e927-568b-95e1-2665a8aea6a2.');
    });
  });

  describe('match_join', () => {
    it('shows who was there, without the joiner, and everybody is told, the joiner too', async () => {
      const { match_id } = await create(alice);
      await tell(bob, { cid: '1', match_join: { match_id } });
      assert.deepEqual(bob.taken(), [
        { cid: '1', match: { match_id, size: 1, presences: [presenceOf(alice)], self: presenceOf(bob) } },
        { match_presence_event: { match_id, joins: [presenceOf(bob)] } },
      ]);
      assert.deepEqual(heard(alice), ['+bob']);
    });

    it('again shows oneself, too, and is no event', async () => {
      const match_id = await matchOf(alice, bob);
      const again = await join(bob, match_id);
      assert.deepEqual([again.size, namesIn(again.presences).sort()], [2, ['alice', 'bob']]);
      assert.deepEqual(heard(alice, bob), ['', '']);
    });

    it('takes any spelling of the id, and answers with the one that all know', async () => {
      const match_id = await matchOf(alice);
      assert.equal((await join(bob, match_id.toUpperCase().replaceAll('-', ''))).match_id, match_id);
      assert.deepEqual(heard(alice), ['+bob']);
    });

    it('needs an id or a token, and the id must be one', async () => {
      const match_id = await matchOf(alice);
      const wrong = [{}, ...['', '.', 'nonsense', 'nonsense.', match_id.slice(0, -1)].map((id) => ({ match_id: id }))];
      for (const message of wrong) {
        assert.equal((await ask(bob, { match_join: message })).error.code, 3, JSON.stringify(message));
      }
      assert.deepEqual(heard(alice), ['']);
    });

    it('finds no match in which nobody is, nor one that a node would run', async () => {
      const match_id = await matchOf(alice);
      await ask(alice, { match_leave: { match_id } });
      for (const id of [match_id, `${UNKNOWN}.`, `${UNKNOWN}.node-1`, `${match_id}node-1`]) {
        assert.equal((await ask(bob, { match_join: { match_id: id } })).error.code, 4, id);
      }
    });

    it('shows one whom a module has put in like any other', async () => {
      const match_id = await matchOf(alice);
      const stream = { mode: 5, subject: match_id.slice(0, -1), subcontext: '', label: '' };
      scene.tracker.track(carol, stream, { persistence: true, status: 'playing' });
      assert.deepEqual((await join(bob, match_id)).presences, [presenceOf(alice), presenceOf(carol)]);
    });

    it('by id and by token at once ends the connection, as every message with two of one kind', async () => {
      const match_id = await matchOf(alice);
      await tell(bob, { match_join: { match_id, token: matches.issueToken() } });
      assert.notEqual(bob.closedFor, undefined);
      assert.equal(matches.get(match_id)?.size, 1);
    });

    it('lets users in by each of their connections', async () => {
      const user = fakeUser('dave');
      const [phone, desk] = [scene.connect(user), scene.connect(user)];
      const match_id = await matchOf(alice, phone);
      assert.deepEqual(namesIn((await join(desk, match_id)).presences), ['alice', 'dave']);
      await ask(phone, { match_leave: { match_id } });
      assert.deepEqual(heard(alice), ['+dave -dave']);
      assert.equal(matches.get(match_id)?.size, 2);
    });

    it('does not bring a connection back that ended while its before hook ran', async () => {
      const hangUp = (envelope: unknown) => {
        scene.disconnect(bob);
        return envelope;
      };
      start({ hooks: { 'rtBefore MatchJoin': hangUp } });
      const match_id = await matchOf(alice);
      await tell(bob, { match_join: { match_id } });
      assert.equal(matches.get(match_id)?.size, 1);
    });
  });

  describe('match_join with a token', () => {
    it('lets in whoever has it, be the match empty or not', async () => {
      const token = matches.issueToken();
      const { match: first } = await ask(alice, { match_join: { token } });
      const { match: second } = await ask(bob, { match_join: { token } });
      assert.match(first.match_id, /\.$/);
      assert.deepEqual([first.size, first.presences], [undefined, undefined]);
      assert.deepEqual([second.match_id, namesIn(second.presences)], [first.match_id, ['alice']]);
      for (const session of [alice, bob]) await ask(session, { match_leave: { match_id: first.match_id } });
      assert.equal((await ask(carol, { match_join: { token } })).match.match_id, first.match_id);
    });

    it('of its own for each match', async () => {
      const [one, other] = [matches.issueToken(), matches.issueToken()];
      const { match } = await ask(alice, { match_join: { token: one } });
      assert.notEqual((await ask(bob, { match_join: { token: other } })).match.match_id, match.match_id);
    });

    it('refuses what is none, has expired, or names no match', async () => {
      const longAgo = Date.now() - 60_000;
      const wrong = [
        '',
        'nonsense',
        issueMatchToken(`${UNKNOWN}.`, tokenKey, longAgo),
        issueMatchToken(`${UNKNOWN}.`, 'another key'),
        issueMatchToken('nonsense', tokenKey),
      ];
      for (const token of wrong) assert.equal((await ask(alice, { match_join: { token } })).error.code, 3, token);
    });
  });

  describe('leaving', () => {
    it('is told to those who stay', async () => {
      const match_id = await matchOf(alice, bob);
      await tell(alice, { cid: '1', match_leave: { match_id } });
      assert.deepEqual(alice.taken(), [{ cid: '1' }]);
      assert.deepEqual(bob.taken(), [{ match_presence_event: { match_id, leaves: [presenceOf(alice)] } }]);
    });

    it('a match that one is not in, or that is not there, is no error; a bad id is', async () => {
      const match_id = await matchOf(alice);
      for (const id of [match_id, `${UNKNOWN}.`, `${UNKNOWN}.node-1`]) {
        assert.deepEqual(await ask(bob, { match_leave: { match_id: id } }), { cid: 'asked' });
      }
      for (const id of ['', 'nonsense', UNKNOWN]) {
        assert.equal((await ask(bob, { match_leave: { match_id: id } })).error.code, 3);
      }
      assert.deepEqual(heard(alice), ['']);
    });

    it('happens in every match when the connection ends', async () => {
      const [one, other] = [await matchOf(alice, carol), await matchOf(bob, carol)];
      scene.disconnect(carol);
      await scene.told();
      assert.deepEqual(heard(alice, bob), ['-carol', '-carol']);
      assert.deepEqual([matches.get(one)?.size, matches.get(other)?.size], [1, 1]);
    });

    it('the other matches comes with joining where a player is to be in one only', async () => {
      start({ singleMatch: true });
      const one = await matchOf(alice, bob);
      const other = await matchOf(carol, bob);
      assert.deepEqual(heard(alice), ['-bob']);
      await join(bob, other);
      await create(bob, 'third');
      assert.deepEqual(heard(carol), ['-bob']);
      assert.deepEqual([matches.get(one)?.size, matches.get(other)?.size], [1, 1]);
    });
  });

  describe('match_data_send', () => {
    it('reaches everybody but the sender, and is not answered', async () => {
      const match_id = await matchOf(alice, bob, carol);
      const data = base64('{"x":1}');
      await tell(alice, { cid: '1', match_data_send: { match_id, op_code: 1, data, reliable: true } });
      const message = { match_data: { match_id, presence: presenceOf(alice), op_code: '1', data, reliable: true } };
      assert.deepEqual([alice.taken(), bob.taken(), carol.taken()], [[], [message], [message]]);
    });

    it('carries op codes of 64 bits; what is 0, empty or false is left out', async () => {
      const match_id = await matchOf(alice, bob);
      await tell(alice, { match_data_send: { match_id, op_code: '-9223372036854775808' } });
      await tell(alice, { match_data_send: { match_id } });
      assert.deepEqual(bob.takenOf('match_data'), [
        { match_id, presence: presenceOf(alice), op_code: '-9223372036854775808' },
        { match_id, presence: presenceOf(alice) },
      ]);
    });

    it('takes base64 of either alphabet, padded or not, and passes it on in the standard form', async () => {
      const match_id = await matchOf(alice, bob);
      for (const data of ['-_8', '-_8=', '+/8', '+/8=']) {
        await tell(alice, { match_data_send: { match_id, data } });
        assert.equal(bob.takenOf('match_data')[0].data, '+/8=', data);
      }
    });

    it('to chosen sessions reaches those of them that are in the match, the sender only if chosen', async () => {
      const match_id = await matchOf(alice, bob, carol);
      const dave = scene.connect(fakeUser('dave'));
      const sendTo = async (opCode: number, ...to: FakeSession[]) => {
        await tell(alice, { match_data_send: { match_id, op_code: opCode, presences: to.map(presenceOf) } });
        return heard(alice, bob, carol, dave);
      };
      assert.deepEqual(await sendTo(1, bob), ['', '1:', '', '']);
      assert.deepEqual(await sendTo(2, bob, carol), ['', '2:', '2:', '']);
      assert.deepEqual(await sendTo(3, alice, carol), ['3:', '', '3:', '']);
      assert.deepEqual(await sendTo(4, dave), ['', '', '', '']);
      assert.deepEqual(await sendTo(5, dave, bob, bob), ['', '5:', '', '']);
      assert.deepEqual(await sendTo(6), ['', '6:', '6:', '']);
    });

    it('chooses by the session alone, and sends nothing when a choice cannot be read', async () => {
      const match_id = await matchOf(alice, bob);
      const sendTo = (...presences: object[]) => tell(alice, { match_data_send: { match_id, op_code: 1, presences } });
      await sendTo({ user_id: UNKNOWN, session_id: bob.id.toUpperCase() });
      assert.deepEqual(heard(bob), ['1:']);
      await sendTo({ user_id: bob.userId, session_id: bob.id }, { user_id: bob.userId, session_id: 'bob' });
      await sendTo({ user_id: 'bob', session_id: bob.id });
      await sendTo({ session_id: bob.id });
      assert.deepEqual(heard(alice, bob), ['', '']);
    });

    it('from one who is not in the match, or into none, is dropped without a word', async () => {
      const match_id = await matchOf(alice, bob);
      await tell(carol, { cid: '1', match_data_send: { match_id, op_code: 1 } });
      await tell(carol, { cid: '1', match_data_send: { match_id, presences: [presenceOf(alice)] } });
      await tell(alice, { cid: '1', match_data_send: { match_id: `${UNKNOWN}.` } });
      await tell(alice, { cid: '1', match_data_send: { match_id: `${UNKNOWN}.node-1` } });
      await ask(bob, { match_leave: { match_id } });
      heard(alice);
      await tell(bob, { match_data_send: { match_id } });
      assert.deepEqual([alice.taken(), bob.taken(), carol.taken()], [[], [], []]);
    });

    it('reaches those whom a module has put in unseen', async () => {
      const match_id = await matchOf(alice, bob);
      const stream = { mode: 5, subject: match_id.slice(0, -1), subcontext: '', label: '' };
      scene.tracker.track(carol, stream, { hidden: true });
      await tell(alice, { match_data_send: { match_id, op_code: 1 } });
      assert.deepEqual(heard(bob, carol), ['1:', '1:']);
      assert.deepEqual(namesIn((await join(bob, match_id)).presences), ['alice', 'bob']);
    });

    it('with a bad id is an error without the cid', async () => {
      for (const match_id of ['', 'nonsense.', UNKNOWN]) {
        await tell(alice, { cid: '1', match_data_send: { match_id, op_code: 1 } });
        const [answer, ...more] = alice.taken() as [{ cid?: string; error: { code: number } }];
        assert.deepEqual([answer.cid, answer.error.code, more], [undefined, 3, []]);
      }
    });

    it('has its after hook called for data that went out, not for what was dropped', async () => {
      const after: unknown[] = [];
      start({ hooks: { 'rtAfter MatchDataSend': (...envelopes) => void after.push(envelopes) } });
      const match_id = await matchOf(alice, bob);
      await tell(carol, { match_data_send: { match_id, op_code: 1 } });
      assert.deepEqual(carol.taken(), []);
      await tell(alice, { match_data_send: { match_id: 'nonsense', op_code: 2 } });
      await tell(alice, { match_data_send: { match_id, op_code: 3 } });
      const sent = { matchId: match_id, opCode: '3', data: '', presences: [], reliable: false };
      assert.deepEqual(after, [[null, { cid: '', matchDataSend: sent }]]);
    });

    it('is encoded once, however many it goes to', async () => {
      const frames = new Set<Buffer>();
      const crowd = Array.from({ length: 32 }, (_, i) => {
        const session = new WatchedSession(fakeUser(`player ${i}`), frames);
        scene.sessions.add(session);
        return session;
      });
      const match_id = await matchOf(alice, ...crowd);
      frames.clear();
      await tell(alice, { match_data_send: { match_id, op_code: 7 } });
      assert.deepEqual(new Set(heard(...crowd)), new Set(['7:']));
      assert.equal(frames.size, 1);
    });
  });
});

/** A session that notes the bytes it is given. */
class WatchedSession extends FakeSession {
  readonly #frames: Set<Buffer>;

  constructor(user: { readonly id: string; readonly username: string }, frames: Set<Buffer>) {
    super(user);
    this.#frames = frames;
  }

  override sendEncoded(message: EncodedMessage): void {
    this.#frames.add(message.frame('json'));
    super.sendEncoded(message);
  }
}
