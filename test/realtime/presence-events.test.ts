import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fakeUser, RealtimeScene } from '../support/realtime-scene.ts';

const streamOf = (mode: number) => ({ mode, subject: '', subcontext: '', label: 'x' });

describe('PresenceEvents', () => {
  it('takes a change to the publisher of its stream’s mode, and all others to one', async () => {
    const scene = new RealtimeScene();
    const told: string[] = [];
    scene.events.publish(2, ({ stream }) => told.push(`chat ${stream.mode}`));
    scene.events.publishOthers(({ stream }) => told.push(`other ${stream.mode}`));
    const session = scene.connect(fakeUser('alice'));
    for (const mode of [2, 123]) scene.tracker.track(session, streamOf(mode));
    await scene.told();
    assert.deepEqual(told, ['chat 2', 'other 123']);
  });

  it('has one publisher for a mode', () => {
    const { events } = new RealtimeScene();
    events.publish(2, () => {});
    events.publishOthers(() => {});
    assert.throws(() => events.publish(2, () => {}));
    assert.throws(() => events.publishOthers(() => {}));
  });
});
