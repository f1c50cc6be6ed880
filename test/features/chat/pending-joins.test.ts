import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, it } from 'node:test';
import { createChatFeature } from '../../../src/features/chat/index.ts';
import { createNotificationsFeature } from '../../../src/features/notifications/index.ts';
import { forEachDatabase } from '../../support/databases.ts';
import { fakeUser, RealtimeScene } from '../../support/realtime-scene.ts';

const GROUP = 3;

forEachDatabase((_name, open) => {
  const scene = new RealtimeScene();
  let answer: (isMember: boolean) => void;
  let feature: ReturnType<typeof createChatFeature>;

  before(async () => {
    const { db } = await open();
    const { notifications } = createNotificationsFeature({ ...scene, db });
    const groups = { isMember: () => new Promise<boolean>((resolve) => (answer = resolve)) };
    feature = createChatFeature({ ...scene, db, notifications, groups });
  });

  for (const [what, happens, isRefused] of [
    ['the user leaves', (group: string, user: string) => feature.groupEvents.removeUser(group, user), true],
    ['the group ends', (group: string) => feature.groupEvents.close(group), true],
    ['somebody else leaves', (group: string) => feature.groupEvents.removeUser(group, randomUUID()), false],
    ['another group ends', () => feature.groupEvents.close(randomUUID()), false],
  ] as [string, (group: string, user: string) => void, boolean][]) {
    it(`a join of a group's channel is ${isRefused ? '' : 'not '}refused when ${what} before the database answers`, async () => {
      const groupId = randomUUID();
      const session = scene.connect(fakeUser('bob'));
      const request = { target: groupId.toUpperCase(), type: GROUP, persistence: true, hidden: false };
      const joining = Promise.resolve(feature.chat.join(session, request));
      happens(groupId, session.userId);
      answer(true);
      if (isRefused) await assert.rejects(joining, { name: 'RealtimeError' });
      else await joining;
      assert.equal(scene.tracker.streamsOf(session.id).length, isRefused ? 0 : 1);
    });
  }
});
