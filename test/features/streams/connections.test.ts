import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { connectionsFunction, MAX_CONNECTIONS } from '../../../src/features/streams/connections.ts';
import { FakeSession } from '../../support/fake-session.ts';
import { fakeUser, moduleCaller, RealtimeScene } from '../../support/realtime-scene.ts';

describe('connectionsList', () => {
  const [alice, bob] = [fakeUser('alice'), fakeUser('bob')];
  const lounge = { mode: 123, subject: '', subcontext: '', label: 'lounge' };
  let scene: RealtimeScene;
  let phone: FakeSession;
  let desk: FakeSession;
  let other: FakeSession;
  let list: (scope: object) => Promise<string[]>;

  beforeEach(() => {
    scene = new RealtimeScene();
    [phone, desk, other] = [scene.connect(alice, { seat: '7' }), scene.connect(alice), scene.connect(bob)];
    for (const session of [desk, other]) scene.tracker.track(session, lounge, { hidden: true });
    const call = moduleCaller([connectionsFunction(scene.sessions, scene.tracker)]);
    list = async (scope) => (await call('connectionsList', scope)).map((c: { sessionId: string }) => c.sessionId);
  });

  it('gives what a module chooses by', async () => {
    const call = moduleCaller([connectionsFunction(scene.sessions, scene.tracker)]);
    assert.deepEqual((await call('connectionsList', { userIds: [alice.id] }))[0], {
      sessionId: phone.id,
      userId: alice.id,
      username: 'alice',
      vars: { seat: '7' },
      lang: 'en',
      clientIp: '127.0.0.1',
      format: 'json',
    });
  });

  it('gives those of the users, those in the stream, both, or all', async () => {
    assert.deepEqual(await list({ userIds: [alice.id, alice.id] }), [phone.id, desk.id]);
    assert.deepEqual(await list({ stream: { mode: 123, label: 'lounge' } }), [desk.id, other.id]);
    assert.deepEqual(await list({ userIds: [alice.id], stream: { mode: 123, label: 'lounge' } }), [desk.id]);
    assert.deepEqual(await list({}), [phone.id, desk.id, other.id]);
    assert.deepEqual(await list({ userIds: [] }), []);
  });

  it('is bounded', async () => {
    for (let i = 3; i < MAX_CONNECTIONS; i++) scene.sessions.add(new FakeSession(fakeUser('x', `user ${i}`)));
    assert.equal((await list({})).length, MAX_CONNECTIONS);
    scene.connect(bob);
    await assert.rejects(list({}), /at most/);
  });
});
