import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { createStreamsFeature } from '../../../src/features/streams/index.ts';
import { ArgumentError } from '../../../src/runtime/argument-check.ts';
import type { FakeSession } from '../../support/fake-session.ts';
import { fakeUser, moduleCaller, RealtimeScene } from '../../support/realtime-scene.ts';

const lounge = { mode: 123, label: 'lounge' };
const MATCH = '11111111-2222-4333-8444-555555555555';
const NIL = '00000000-0000-0000-0000-000000000000';
const UNKNOWN = '6b0f1d5e-1111-4222-8333-9a1b2c3d4e5f';

describe('streams', () => {
  let scene: RealtimeScene;
  let nk: ReturnType<typeof moduleCaller>;
  let a: FakeSession;
  let b: FakeSession;

  beforeEach(() => {
    scene = new RealtimeScene();
    nk = moduleCaller(createStreamsFeature(scene).functions);
    a = scene.connect(fakeUser('alice'));
    b = scene.connect(fakeUser('bob'), { seat: '7' });
  });

  const join = (s: FakeSession, ...rest: unknown[]) => nk('streamUserJoin', s.userId, s.id, lounge, ...rest);
  const update = (s: FakeSession, ...rest: unknown[]) => nk('streamUserUpdate', s.userId, s.id, lounge, ...rest);
  const heard = async (s: FakeSession) => {
    await scene.told();
    const nameOf = (list: { username: string }[] = []) => list.map((p) => p.username).join();
    return s.takenOf('stream_presence_event').map((e) => `+${nameOf(e.joins)} -${nameOf(e.leaves)}`);
  };

  describe('events', () => {
    it('name stream and presences, without status, to all in it and to who joins', async () => {
      assert.equal(await join(a, false, false, 'cheering'), true);
      await scene.told();
      const presence = { user_id: a.userId, session_id: a.id, username: 'alice' };
      assert.deepEqual(a.taken(), [{ stream_presence_event: { stream: lounge, joins: [presence] } }]);
    });

    it('tell who comes and goes; who left hears nothing; joining twice is no event', async () => {
      await join(a);
      await join(b);
      assert.equal(await join(b), false);
      assert.deepEqual(await heard(a), ['+alice -', '+bob -']);
      await heard(b);
      await nk('streamUserLeave', b.userId, b.id, lounge);
      await nk('streamUserLeave', b.userId, b.id, lounge);
      assert.deepEqual(await heard(a), ['+ -bob']);
      assert.deepEqual(await heard(b), []);
    });

    it('tell of an update what was seen before and what is seen after', async () => {
      await join(a);
      await join(b);
      await heard(a);
      await update(b, false, true, 'old hand');
      assert.deepEqual(await heard(a), ['+bob -bob']);
      await update(b, true);
      assert.deepEqual(await heard(a), ['+ -bob']);
      await update(b, true, true, 'unseen');
      assert.deepEqual(await heard(a), []);
      await update(b);
      assert.deepEqual(await heard(a), ['+bob -']);
    });

    it('tell nothing of the hidden, who hear all', async () => {
      await join(b, true);
      await join(a);
      assert.deepEqual(await heard(b), ['+alice -']);
      scene.disconnect(b);
      assert.deepEqual(await heard(a), ['+alice -']);
    });

    it('are not sent when a stream is closed', async () => {
      await join(a);
      await join(b);
      await heard(a);
      await nk('streamClose', lounge);
      await nk('streamClose', lounge);
      assert.equal(await nk('streamCount', lounge), 0);
      assert.deepEqual(await heard(a), []);
    });

    it('tell of a kick as of a leave', async () => {
      await join(a);
      await join(b);
      await heard(a);
      const [, bob] = await nk('streamUserList', lounge);
      await nk('streamUserKick', bob, lounge);
      assert.deepEqual(await heard(a), ['+ -bob']);
      for (const bad of [{}, { userId: b.userId }, { userId: b.userId, sessionId: 'phone' }]) {
        await assert.rejects(nk('streamUserKick', bad, lounge), ArgumentError);
      }
    });
  });

  describe('who is in it', () => {
    it('is listed with status and flags, the hidden and the visible as asked', async () => {
      await join(a, false, true, 'cheering');
      await join(b, true, false);
      const names = async (...flags: unknown[]) =>
        (await nk('streamUserList', lounge, ...flags)).map((p: { username: string }) => p.username);
      assert.deepEqual(await names(), ['alice', 'bob']);
      assert.deepEqual(await names(false), ['alice']);
      assert.deepEqual(await names(true, false), ['bob']);
      assert.deepEqual(await names(false, false), []);
      assert.equal(await nk('streamCount', lounge), 2);
      const [first] = await nk('streamUserList', lounge);
      assert.deepEqual(first, {
        userId: a.userId,
        sessionId: a.id,
        nodeId: 'node-1',
        username: 'alice',
        status: 'cheering',
        hidden: false,
        persistence: true,
        reason: 1,
      });
    });

    it('is found one by one, or is null', async () => {
      await join(b, true, false, 'x');
      assert.deepEqual(await nk('streamUserGet', b.userId, b.id, lounge), {
        username: 'bob',
        status: 'x',
        hidden: true,
        persistence: false,
        reason: 1,
      });
      assert.equal(await nk('streamUserGet', a.userId, a.id, lounge), null);
      assert.equal(await nk('streamUserGet', a.userId, b.id, lounge), null, 'somebody else’s session');
    });

    it('is another matter for each mode, subject, subcontext and label', async () => {
      await nk('streamUserJoin', a.userId, a.id, { ...lounge, subject: MATCH });
      assert.equal(await nk('streamCount', { ...lounge, subject: MATCH.toUpperCase(), subcontext: NIL }), 1);
      for (const other of [lounge, { mode: 123, subject: MATCH }, { ...lounge, mode: 124, subject: MATCH }]) {
        assert.equal(await nk('streamCount', other), 0);
      }
      assert.equal(await nk('streamCount', {}), 0);
    });
  });

  describe('sending', () => {
    const dataOf = (s: FakeSession) => s.takenOf('stream_data').map(({ data }) => data);

    beforeEach(async () => {
      await join(a);
      await join(b, true);
      await scene.told();
      a.taken();
      b.taken();
    });

    it('reaches all in it, the hidden too, with the stream in full and no sender', async () => {
      await nk('streamSend', lounge, 'a goal!');
      assert.deepEqual(a.taken(), [{ stream_data: { stream: lounge, data: 'a goal!', reliable: true } }]);
      assert.deepEqual(dataOf(b), ['a goal!']);
      await nk('streamSend', lounge, 'tick', [], false);
      assert.deepEqual(a.taken(), [{ stream_data: { stream: lounge, data: 'tick' } }]);
    });

    it('reaches the presences that are named, by their sessions, and passes over those that are gone', async () => {
      await nk('streamSend', lounge, 'psst', [{ sessionId: b.id }, { sessionId: UNKNOWN }]);
      assert.deepEqual([dataOf(a), dataOf(b)], [[], ['psst']]);
      await nk('streamSend', lounge, 'nobody', [{ userId: a.userId }]);
      assert.deepEqual([dataOf(a), dataOf(b)], [[], []]);
    });

    it('reaches of those in it the ones whose session variables match, or that are chosen', async () => {
      const outside = scene.connect(fakeUser('carol'), { seat: '7' });
      await nk('streamSend', lounge, 'seven', null, true, { vars: { seat: '7' } });
      assert.deepEqual([dataOf(a), dataOf(b), dataOf(outside)], [[], ['seven'], []]);
      await nk('streamSend', lounge, 'chosen', null, true, { sessionIds: [a.id, outside.id] });
      assert.deepEqual([dataOf(a), dataOf(b), dataOf(outside)], [['chosen'], [], []]);
      await assert.rejects(nk('streamSend', lounge, 'x', null, true, { where: {} }), ArgumentError);
    });

    it('takes any envelope as it is, and refuses what is none', async () => {
      await nk('streamSendRaw', lounge, {
        notifications: { notifications: [{ id: MATCH, subject: 'Half time', code: 9 }] },
      });
      assert.deepEqual(a.taken(), [
        { notifications: { notifications: [{ id: MATCH, subject: 'Half time', code: 9 }] } },
      ]);
      for (const bad of [{ no_such_thing: {} }, {}, { ping: {}, pong: {} }]) {
        await assert.rejects(nk('streamSendRaw', lounge, bad));
      }
      await assert.rejects(nk('streamSendRaw', lounge, 'text'), ArgumentError);
    });
  });

  it('refuses bad ids, streams and flags, and sessions that are not connected', async () => {
    const bad: unknown[][] = [
      ['', a.id, lounge],
      ['alice', a.id, lounge],
      [a.userId, '', lounge],
      [a.userId, 'phone', lounge],
      [a.userId, a.id, undefined],
      [a.userId, a.id, 'lounge'],
      [a.userId, a.id, { mode: '123' }],
      [a.userId, a.id, { mode: 1.5 }],
      [a.userId, a.id, { mode: 256 }],
      [a.userId, a.id, { mode: 1, subject: 'match' }],
      [a.userId, a.id, { mode: 1, subject: '' }],
      [a.userId, a.id, { mode: 1, subcontext: null }],
      [a.userId, a.id, { mode: 1, label: 7 }],
      [a.userId, a.id, lounge, null],
      [a.userId, a.id, lounge, false, 'yes'],
      [a.userId, a.id, lounge, false, true, 7],
    ];
    for (const name of ['streamUserJoin', 'streamUserUpdate']) {
      for (const args of bad) await assert.rejects(nk(name, ...args), ArgumentError, JSON.stringify(args));
      await assert.rejects(nk(name, a.userId, UNKNOWN, lounge), /no connection/);
      await assert.rejects(nk(name, b.userId, a.id, lounge), /no connection/);
    }
    await assert.rejects(nk('streamSend', lounge, { text: 1 }), ArgumentError);
    await assert.rejects(nk('streamSend', lounge, 'x', null, null), ArgumentError);
  });
});
