import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { type PresenceChange, PresenceTracker } from '../../src/realtime/presence-tracker.ts';
import type { Session } from '../../src/realtime/session.ts';
import { PresenceReason, type Stream } from '../../src/realtime/stream.ts';

const room: Stream = { mode: 2, subject: '', subcontext: '', label: 'harbour' };
const pier: Stream = { mode: 2, subject: '', subcontext: '', label: 'pier' };

function session(id: string): Session {
  return { id, userId: `user-of-${id}`, username: `name-of-${id}` } as Session;
}

describe('PresenceTracker', () => {
  let tracker: PresenceTracker;
  let changes: PresenceChange[];
  /** What has been told so far, as `room +a -b`. */
  const told = async () => {
    await Promise.resolve();
    return changes
      .splice(0)
      .map(({ stream, joins, leaves }) =>
        [stream.label, ...joins.map((p) => `+${p.sessionId}`), ...leaves.map((p) => `-${p.sessionId}`)].join(' '),
      );
  };

  beforeEach(() => {
    tracker = new PresenceTracker('node-1');
    changes = [];
    tracker.onChange((change) => changes.push(change));
  });

  it('tells of a join and a leave, after the current turn of work', async () => {
    tracker.track(session('a'), room);
    assert.deepEqual(changes, []);
    assert.deepEqual(await told(), ['harbour +a']);
    tracker.untrack('a', room);
    assert.deepEqual(await told(), ['harbour -a']);
  });

  it('tells at once of every stream whose count changes, of hidden presences too', () => {
    const counts: string[] = [];
    tracker.onCount((stream) => counts.push(`${stream.label} ${tracker.count(stream)}`));
    const now = () => counts.splice(0);
    tracker.track(session('a'), room);
    tracker.track(session('a'), room);
    tracker.track(session('ghost'), room, { hidden: true });
    assert.deepEqual(now(), ['harbour 1', 'harbour 2']);
    tracker.update(session('a'), room, { status: 'busy' });
    tracker.untrack('stranger', room);
    assert.deepEqual(now(), []);
    tracker.untrack('ghost', room);
    tracker.untrackSession('a');
    assert.deepEqual(now(), ['harbour 1', 'harbour 0']);
    tracker.track(session('a'), pier);
    tracker.untrackStream(pier);
    assert.deepEqual(now(), ['pier 1', 'pier 0']);
  });

  it('takes a second join of the same session for no change, whatever its flags', async () => {
    assert.equal(tracker.track(session('a'), room), true);
    assert.equal(tracker.track(session('a'), room, { hidden: true }), false);
    assert.equal(tracker.get('a', room)?.hidden, false);
    assert.deepEqual(await told(), ['harbour +a']);
  });

  it('tells nothing of hidden presences, but counts and lists them', async () => {
    tracker.track(session('ghost'), room, { hidden: true });
    tracker.track(session('a'), room);
    tracker.update(session('ghost'), room, { hidden: true, status: 'busy' });
    tracker.untrack('ghost', room);
    assert.deepEqual(await told(), ['harbour +a']);
    tracker.track(session('ghost'), room, { hidden: true });
    assert.equal(tracker.count(room), 2);
    assert.deepEqual(
      tracker.list(room, { visible: false }).map((p) => p.sessionId),
      ['ghost'],
    );
    assert.deepEqual(
      tracker.list(room, { hidden: false }).map((p) => p.sessionId),
      ['a'],
    );
  });

  it('shows what an update changes: both sides when visible, one when it appears or disappears', async () => {
    tracker.track(session('a'), room, { status: 'one' });
    await told();
    tracker.update(session('a'), room, { status: 'two' });
    assert.deepEqual(await told(), ['harbour +a -a']);
    tracker.update(session('a'), room, { hidden: true });
    assert.deepEqual(await told(), ['harbour -a']);
    tracker.update(session('a'), room, {});
    assert.deepEqual(await told(), ['harbour +a']);
    tracker.update(session('new'), room, {});
    assert.deepEqual(await told(), ['harbour +new']);
  });

  it('takes a session that has ended out of all its streams, with the reason', async () => {
    tracker.track(session('a'), room);
    tracker.track(session('a'), pier);
    tracker.track(session('b'), room);
    await told();
    tracker.untrackSession('a', PresenceReason.DISCONNECT);
    await Promise.resolve();
    assert.deepEqual(
      changes.flatMap(({ leaves }) => leaves.map((p) => p.reason)),
      [PresenceReason.DISCONNECT, PresenceReason.DISCONNECT],
    );
    assert.deepEqual(tracker.streamsOf('a'), []);
    assert.equal(tracker.count(room), 1);
  });

  it('closes a stream without a word', async () => {
    tracker.track(session('a'), room);
    await told();
    tracker.untrackStream(room);
    assert.deepEqual(await told(), []);
    assert.equal(tracker.count(room), 0);
    assert.deepEqual(tracker.streamsOf('a'), []);
  });

  it('keeps the order of changes', async () => {
    tracker.track(session('a'), room);
    tracker.untrack('a', room);
    tracker.track(session('a'), room);
    assert.deepEqual(await told(), ['harbour +a', 'harbour -a', 'harbour +a']);
  });

  describe('with limits', () => {
    const stream = (mode: number, label: string): Stream => ({ mode, subject: '', subcontext: '', label });
    const limited = () => new PresenceTracker('node-1', { channels: 2, matches: 3, parties: 1, streams: 2 });
    /** A mode of each kind, with another one of that kind where there is one, and how many there may be. */
    const kinds = [
      ['channels', 2, 4, 2],
      ['matches', 5, 6, 3],
      ['parties', 7, 7, 1],
      ['streams', 8, 200, 2],
    ] as const;

    for (const [kind, mode, other, limit] of kinds) {
      it(`lets a session be in so many ${kind}, whatever else it is in`, () => {
        const tracker = limited();
        const a = session('a');
        for (const [, mode, , limit] of kinds) {
          for (let n = 0; n < limit; n++) tracker.track(a, stream(mode, `${n}`));
        }
        for (const mode of [0, 1]) for (const label of ['x', 'y', 'z']) tracker.track(a, stream(mode, label));
        for (const more of [mode, other]) {
          const refused = { name: 'RealtimeError', code: 3, message: `a session may be in ${limit} ${kind} at a time` };
          assert.throws(() => tracker.track(a, stream(more, 'more')), refused);
          assert.throws(() => tracker.update(a, stream(more, 'more'), {}), refused);
          assert.equal(tracker.count(stream(more, 'more')), 0);
        }
        assert.equal(tracker.track(a, stream(mode, '0')), false);
        tracker.update(a, stream(mode, '0'), { status: 'here' });
        assert.equal(tracker.track(session('b'), stream(mode, '0')), true);
        tracker.untrack('a', stream(mode, '0'));
        assert.equal(tracker.track(a, stream(other, 'more')), true);
      });
    }
  });
});
