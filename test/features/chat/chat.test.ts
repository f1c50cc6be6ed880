import assert from 'node:assert/strict';
import { before, beforeEach, describe, it } from 'node:test';
import type { Db } from '../../../src/database/database.ts';
import {
  type Chat,
  createChatFeature,
  type GroupEvents,
  StoredGroupMembership,
} from '../../../src/features/chat/index.ts';
import type { JoinRequest } from '../../../src/features/chat/service.ts';
import { chatUserData } from '../../../src/features/chat/user-data.ts';
import type { EnvelopeBinding } from '../../../src/features/feature.ts';
import { createNotificationsFeature, type Notifications } from '../../../src/features/notifications/index.ts';
import { ArgumentError } from '../../../src/runtime/argument-check.ts';
import { forEachDatabase } from '../../support/databases.ts';
import type { FakeSession, FakeUser } from '../../support/fake-session.ts';
import { moduleCaller, RealtimeScene, storedUser } from '../../support/realtime-scene.ts';

const NIL = '00000000-0000-0000-0000-000000000000';
const UNKNOWN = '6b0f1d5e-1111-4222-8333-9a1b2c3d4e5f';
const [ROOM, DIRECT, GROUP] = [1, 2, 3];

forEachDatabase((_name, open) => {
  let db: Db;
  let scene: RealtimeScene;
  let chat: Chat;
  let groupEvents: GroupEvents;
  let notifications: Notifications;
  let envelopes: readonly EnvelopeBinding[];
  let nk: ReturnType<typeof moduleCaller>;
  let rooms = 0;
  let room: string;
  let id: string;

  before(async () => {
    ({ db } = await open());
    scene = new RealtimeScene();
    notifications = createNotificationsFeature({ ...scene, db }).notifications;
    const created = createChatFeature({ ...scene, db, notifications, groups: new StoredGroupMembership(db) });
    ({ chat, groupEvents } = created);
    envelopes = created.feature.envelopes ?? [];
    nk = moduleCaller(created.feature.functions);
  });

  beforeEach(() => {
    room = `room ${++rooms}`;
    id = `2...${room}`;
  });

  const user = (name = 'user') => storedUser(db, name);
  const connect = async (name = 'user') => scene.connect(await user(name));
  const join = async (session: FakeSession, more: Partial<JoinRequest> = {}) =>
    chat.join(session, { target: room, type: ROOM, persistence: true, hidden: false, ...more });
  const joinDirect = (session: FakeSession, other: FakeUser) => join(session, { target: other.id, type: DIRECT });
  const namesIn = ({ presences }: { presences: readonly { username: string }[] }) => presences.map((p) => p.username);
  /** What has come since the last call: `+joined`, `-left` or the content of a message. */
  const heard = async (session: FakeSession) => {
    await scene.told();
    return session.taken().flatMap((message) => {
      const { channel_presence_event: event, channel_message: said } = message as Record<string, never>;
      const { joins = [], leaves = [] } = (event ?? {}) as Record<string, { username: string }[]>;
      if (said) return [(said as { content: string }).content];
      return [...joins.map((p) => `+${p.username}`), ...leaves.map((p) => `-${p.username}`)];
    });
  };
  const history = async (channelId: string, limit = 100) =>
    (await nk('channelMessagesList', channelId, limit)).messages as {
      code: number;
      content: string;
      messageId: string;
    }[];
  const contentsOf = async (channelId: string) => (await history(channelId)).map((m) => JSON.parse(m.content));
  const say = async (session: FakeSession, content: string, channelId = id) =>
    await chat.send(session, channelId, content);
  const groupOf = async (...members: [FakeUser, number][]) => {
    const groupId = crypto.randomUUID();
    for (const [member, state] of members) {
      const edge = { source_id: groupId, destination_id: member.id, state, position: 1 };
      await db.insertInto('group_edge').values(edge).execute();
    }
    return groupId;
  };

  describe('joining', () => {
    it('shows who is there, tells them, and tells the one who joined', async () => {
      const [a, b] = [await connect('alice'), await connect('bob')];
      assert.deepEqual(namesIn(await join(a)), []);
      assert.deepEqual(await heard(a), [`+${a.username}`]);
      assert.deepEqual(namesIn(await join(b)), [a.username]);
      assert.deepEqual(await heard(a), [`+${b.username}`]);
      assert.deepEqual(await heard(b), [`+${b.username}`]);
    });

    it('again is no event, keeps the first flags and shows the session itself', async () => {
      const a = await connect();
      await join(a);
      await heard(a);
      assert.deepEqual(namesIn(await join(a, { hidden: true, persistence: false })), [a.username]);
      assert.deepEqual(await heard(a), []);
    });

    it('hidden is seen by nobody, and hears and speaks all the same', async () => {
      const [a, ghost, b] = [await connect(), await connect(), await connect()];
      await join(a);
      await join(ghost, { hidden: true });
      await say(ghost, '{"n":1}');
      assert.deepEqual(namesIn(await join(b)), [a.username]);
      assert.deepEqual(await heard(a), [`+${a.username}`, '{"n":1}', `+${b.username}`]);
      assert.deepEqual(await heard(ghost), ['{"n":1}', `+${b.username}`]);
      chat.leave(ghost, id);
      assert.deepEqual(await heard(a), []);
    });

    it('is refused where there is no such channel for the user', async () => {
      const me = await user();
      const a = scene.connect(me);
      const requests: [string, number][] = [
        ['', ROOM],
        ['x'.repeat(65), ROOM],
        ['ü'.repeat(33), ROOM],
        ['two\nlines', ROOM],
        ['lobby', 4],
        ['lobby', -1],
        ['', DIRECT],
        ['bob', DIRECT],
        [NIL, DIRECT],
        [UNKNOWN, DIRECT],
        [me.id, DIRECT],
        ['guild', GROUP],
        [UNKNOWN, GROUP],
      ];
      for (const [target, type] of requests) {
        await assert.rejects(join(a, { target, type }), { name: 'RealtimeError', code: 3 }, `${target} ${type}`);
      }
      assert.deepEqual(await heard(a), []);
      await join(a, { target: 'no type given', type: 0 });
      assert.deepEqual(await heard(a), [`+${a.username}`]);
    });

    it('a direct channel is refused to whom the other has blocked, not the other way round', async () => {
      const [alice, bob] = [await user(), await user()];
      const block = { source_id: alice.id, destination_id: bob.id, state: 3, position: 1 };
      await db.insertInto('user_edge').values(block).execute();
      await assert.rejects(joinDirect(scene.connect(bob), alice), { code: 3 });
      await joinDirect(scene.connect(alice), bob);
    });

    it('a group’s channel is for members of any role, not for requests and bans', async () => {
      const members = [await user(), await user(), await user(), await user(), await user()];
      const groupId = await groupOf(...members.map((member, state): [FakeUser, number] => [member, state]));
      const mayJoin = await Promise.all(
        members.map((member) =>
          join(scene.connect(member), { target: groupId.toUpperCase(), type: GROUP }).then(
            () => true,
            () => false,
          ),
        ),
      );
      assert.deepEqual(mayJoin, [true, true, true, false, false]);
    });

    it('a room is answered at once, before anybody is told', async () => {
      const a = await connect();
      const binding = envelopes.find(({ message }) => message === 'channelJoin');
      const answer = binding?.handle({ target: room, type: 0 } as never, a) as {
        case: string;
        value: { self: object };
      };
      assert.equal(answer.case, 'channel');
      const self = { userId: a.userId, sessionId: a.id, username: a.username, persistence: true };
      assert.deepEqual(answer.value.self, self);
      assert.deepEqual(a.taken(), []);
      assert.deepEqual(await heard(a), [`+${a.username}`]);
    });

    it('does not come about for a connection that ends meanwhile', async () => {
      const [a, other] = [await connect(), await user()];
      const joining = joinDirect(a, other);
      scene.disconnect(a);
      await assert.rejects(joining, { code: 3 });
      assert.deepEqual(scene.tracker.streamsOf(a.id), []);
    });
  });

  describe('leaving', () => {
    it('is told to the others alone, and one never joined may be left', async () => {
      const [a, b] = [await connect(), await connect()];
      await join(a);
      await join(b);
      await heard(a);
      await heard(b);
      chat.leave(b, id);
      chat.leave(b, id);
      assert.deepEqual(await heard(a), [`-${b.username}`]);
      assert.deepEqual(await heard(b), []);
      assert.throws(() => chat.leave(b, 'lobby'), { code: 3 });
    });
  });

  describe('an invitation', () => {
    const invitations = async (to: FakeUser) =>
      (await notifications.list(to.id, 100, '')).notifications.map(({ code, subject, content, senderId }) => ({
        code,
        subject,
        content: JSON.parse(content),
        senderId,
      }));

    it('goes to the other one of a direct channel when they are not there, and is kept', async () => {
      const [alice, bob] = [await user('alice'), await user('bob')];
      const [a, b] = [scene.connect(alice), scene.connect(bob)];
      await joinDirect(a, bob);
      const invitation = {
        code: -1,
        subject: `${alice.username} wants to chat`,
        content: { username: alice.username },
        senderId: alice.id,
      };
      assert.equal(b.takenOf('notifications').length, 1);
      assert.deepEqual(await invitations(bob), [invitation]);
      await joinDirect(a, bob);
      assert.equal((await invitations(bob)).length, 1, 'joining again invites nobody');
      await joinDirect(b, alice);
      assert.deepEqual(await invitations(alice), [], 'she is there');
      const { stream } = await joinDirect(a, bob);
      scene.tracker.untrack(a.id, stream);
      scene.tracker.untrack(b.id, stream);
      await joinDirect(a, bob);
      assert.equal((await invitations(bob)).length, 2);
    });
  });

  describe('a message', () => {
    it('is acknowledged without sender and content, and pushed with them to all, exactly as sent', async () => {
      const [a, b] = [await connect(), await connect()];
      await join(a);
      await join(b);
      await heard(b);
      await heard(a);
      const sent = await say(a, '{"b": 1,"a":2}');
      for (const session of [a, b]) {
        const [{ message_id, create_time, update_time, ...rest }] = session.takenOf('channel_message');
        assert.equal(message_id, sent.id);
        assert.match(create_time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/);
        assert.equal(update_time, create_time);
        assert.deepEqual(rest, {
          channel_id: id,
          code: 0,
          sender_id: a.userId,
          username: a.username,
          content: '{"b": 1,"a":2}',
          persistent: true,
          room_name: room,
        });
      }
      assert.deepEqual(await contentsOf(id), [{ a: 2, b: 1 }]);
    });

    it('that is not kept is done at once, without a promise', async () => {
      const a = await connect();
      await join(a, { persistence: false });
      await heard(a);
      const binding = envelopes.find(({ message }) => message === 'channelMessageSend');
      const answer = binding?.handle({ channelId: id, content: '{"n":1}' } as never, a) as {
        case: string;
        value: object;
      };
      assert.equal(answer.case, 'channelMessageAck');
      assert.equal('content' in answer.value || 'senderId' in answer.value, false);
      const [pushed] = a.takenOf('channel_message');
      assert.equal(pushed.persistent, false);
      assert.deepEqual(await history(id), []);
    });

    it('is refused, in this order: for its channel id, its content, and when the session has not joined', async () => {
      const me = await user();
      const [a, other] = [scene.connect(me), scene.connect(me)];
      await join(a);
      for (const bad of ['hello', '"x"', '[]', '42', '{"a":', '']) {
        assert.throws(() => chat.send(a, id, bad), { name: 'RealtimeError', code: 3, message: /JSON object/ }, bad);
      }
      assert.throws(() => chat.send(a, id, '{"a":1e100000}'), { name: 'RealtimeError', code: 3, message: /1e100000/ });
      assert.throws(() => chat.send(other, 'lobby', '[]'), /channel id/);
      assert.throws(() => chat.send(other, id, '[]'), /JSON object/);
      assert.throws(() => chat.send(other, id, '{}'), { code: 3, message: /join/ });
      assert.throws(() => chat.update(other, 'lobby', 'first', '[]'), /message id/);
      assert.throws(() => chat.update(other, 'lobby', UNKNOWN, '[]'), /channel id/);
      assert.throws(() => chat.remove(other, id, UNKNOWN), /join/);
      await say(a, '{}');
    });

    it('is refused by itself where the database cannot hold it, and others sent with it are kept', async () => {
      const a = await connect();
      await join(a);
      const sends = ['{"n":1}', '{"n":2}', '{"nul":"\\u0000"}', '{"n":3}'].map((content) => say(a, content));
      const results = await Promise.allSettled(sends);
      assert.deepEqual(
        results.map(({ status }) => status),
        ['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
      );
      assert.equal((results[2] as PromiseRejectedResult).reason.code, 0);
      assert.deepEqual(await contentsOf(id), [{ n: 1 }, { n: 2 }, { n: 3 }]);
    });

    it('keeps its place in the history among many that were sent at once', async () => {
      const a = await connect();
      await join(a);
      await heard(a);
      const numbers = Array.from({ length: 600 }, (_, n) => n);
      await Promise.all(numbers.map((n) => say(a, JSON.stringify({ n }))));
      assert.deepEqual(
        (await heard(a)).map((content) => JSON.parse(content).n),
        numbers,
      );
      const first = await nk('channelMessagesList', id, 100, true);
      assert.deepEqual(
        first.messages.map((m: { content: string }) => JSON.parse(m.content).n),
        numbers.slice(0, 100),
      );
    });
  });

  describe('a change', () => {
    it('of one’s own message is pushed with code 1 and keeps place, time and code in the history', async () => {
      const me = await user();
      const [a, phone] = [scene.connect(me), scene.connect(me)];
      await join(a);
      await join(phone);
      const one = await say(a, '{"n":1}');
      await say(a, '{"n":2}');
      await heard(phone);
      a.taken();
      const change = await chat.update(phone, id, one.id, '{"n":10}');
      assert.equal(change.createTimeMicros, one.createTimeMicros);
      assert.ok(change.updateTimeMicros > one.updateTimeMicros);
      const [pushed] = a.takenOf('channel_message');
      assert.deepEqual([pushed.code, pushed.message_id, pushed.content], [1, one.id, '{"n":10}']);
      assert.deepEqual(
        (await history(id)).map(({ code, content }) => [code, JSON.parse(content).n]),
        [
          [0, 10],
          [0, 2],
        ],
      );
    });

    it('of somebody else’s or of none is refused, and pushed to nobody', async () => {
      const [a, b] = [await connect(), await connect()];
      await join(a);
      await join(b);
      const one = await say(a, '{}');
      await heard(a);
      await assert.rejects(async () => chat.update(b, id, one.id, '{}'), { name: 'RealtimeError', code: 3 });
      await assert.rejects(async () => chat.remove(b, id, one.id), { code: 3 });
      await assert.rejects(async () => chat.update(a, id, UNKNOWN, '{}'), { code: 3 });
      assert.deepEqual(await heard(a), []);
      assert.equal((await history(id)).length, 1);
    });

    it('by removal is pushed with code 2 and the last times stored', async () => {
      const a = await connect();
      await join(a);
      const one = await say(a, '{"n":1}');
      const removal = await chat.remove(a, id, one.id.toUpperCase());
      assert.deepEqual([removal.code, removal.content], [2, '{}']);
      assert.equal(removal.updateTimeMicros, one.updateTimeMicros);
      assert.deepEqual(await history(id), []);
      await assert.rejects(async () => chat.remove(a, id, one.id), { code: 3 });
    });

    it('without persistence is pushed whether there is such a message or not', async () => {
      const a = await connect();
      await join(a, { persistence: false });
      await heard(a);
      await chat.update(a, id, UNKNOWN, '{"n":1}');
      await chat.remove(a, id, UNKNOWN);
      assert.deepEqual(
        a.takenOf('channel_message').map((m) => m.code),
        [1, 2],
      );
    });
  });

  describe('the history', () => {
    const pageOf = async (forward: boolean, limit: number, cursor = '') => {
      const page = await chat.history({ mode: 2, subject: '', subcontext: '', label: room }, limit, forward, cursor);
      return { ...page, numbers: page.messages.map((m) => JSON.parse(m.content).n) };
    };
    const fill = async (from: number, to: number) => {
      for (let n = from; n <= to; n++) await nk('channelMessageSend', id, { n });
    };

    it('goes page by page in both directions', async () => {
      await fill(1, 5);
      const one = await pageOf(true, 2);
      assert.deepEqual([one.numbers, one.prevCursor], [[1, 2], '']);
      const two = await pageOf(true, 2, one.nextCursor);
      const three = await pageOf(true, 2, two.nextCursor);
      assert.deepEqual([two.numbers, three.numbers, three.nextCursor], [[3, 4], [5], '']);
      const back = await pageOf(true, 2, three.prevCursor);
      assert.deepEqual(back.numbers, [3, 4]);
      const start = await pageOf(true, 2, back.prevCursor);
      assert.deepEqual([start.numbers, start.prevCursor], [[1, 2], '']);
      assert.deepEqual((await pageOf(true, 2, start.nextCursor)).numbers, [3, 4]);

      const last = await pageOf(false, 3);
      const rest = await pageOf(false, 3, last.nextCursor);
      assert.deepEqual([last.numbers, rest.numbers, rest.nextCursor], [[5, 4, 3], [2, 1], '']);
      assert.deepEqual((await pageOf(false, 3, rest.prevCursor)).numbers, [5, 4, 3]);
    });

    it('has no next page when one is just full, and no cursor at all when empty', async () => {
      assert.deepEqual(await pageOf(true, 5), {
        messages: [],
        numbers: [],
        nextCursor: '',
        prevCursor: '',
        cacheableCursor: '',
      });
      await fill(1, 5);
      assert.equal((await pageOf(true, 5)).nextCursor, '');
    });

    it('tells by a cacheable cursor what has come since, as often as asked', async () => {
      await fill(1, 3);
      const { cacheableCursor } = await pageOf(true, 10);
      const nothing = await pageOf(true, 10, cacheableCursor);
      assert.deepEqual([nothing.numbers, nothing.cacheableCursor], [[], cacheableCursor]);
      await fill(4, 5);
      assert.deepEqual((await pageOf(true, 10, cacheableCursor)).numbers, [4, 5]);
      const oldest = await pageOf(false, 10);
      assert.deepEqual((await pageOf(true, 10, oldest.cacheableCursor)).numbers, [2, 3, 4, 5]);
    });

    it('refuses cursors that are none, or for another channel or direction', async () => {
      await fill(1, 3);
      const { nextCursor } = await pageOf(true, 1);
      await assert.rejects(pageOf(true, 1, 'nonsense'), { name: 'StatusError', code: 3 });
      await assert.rejects(pageOf(false, 1, nextCursor), { code: 3 });
      room = 'another';
      await assert.rejects(pageOf(true, 1, nextCursor), { code: 3 });
    });

    it('may be read of rooms by all, of direct channels by the two, of groups by members', async () => {
      const [alice, bob, carol] = [await user(), await user(), await user()];
      const groupId = await groupOf([alice, 0], [bob, 3]);
      const mayRead = (who: FakeUser, stream: { mode: number; subject: string; subcontext: string }) =>
        chat.historyFor(who.id, { ...stream, label: '' }, 1, true, '').then(
          () => true,
          (error) => error.code !== 3,
        );
      const direct = { mode: 4, subject: alice.id, subcontext: bob.id };
      const group = { mode: 3, subject: groupId, subcontext: '' };
      assert.deepEqual(await Promise.all([alice, bob, carol].map((who) => mayRead(who, direct))), [true, true, false]);
      assert.deepEqual(await Promise.all([alice, bob, carol].map((who) => mayRead(who, group))), [true, false, false]);
      assert.equal(await mayRead(carol, { mode: 2, subject: '', subcontext: '' }), true);
    });
  });

  describe('nk.channel functions', () => {
    it('speak in any channel, as a user or as nobody', async () => {
      const a = await connect();
      await join(a);
      await heard(a);
      const ack = await nk('channelMessageSend', id, { text: 'open' });
      assert.deepEqual(
        { ...ack, createTime: 0, updateTime: 0 },
        {
          channelId: id,
          messageId: ack.messageId,
          code: 0,
          username: '',
          createTime: 0,
          updateTime: 0,
          persistent: true,
        },
      );
      assert.ok(Number.isInteger(ack.createTime));
      const [pushed] = a.takenOf('channel_message');
      assert.deepEqual([pushed.sender_id, 'username' in pushed], [NIL, false]);
      await nk('channelMessageSend', id, null, a.userId, 'rumour', false);
      assert.equal(a.takenOf('channel_message')[0].username, 'rumour');
      assert.deepEqual(await contentsOf(id), [{ text: 'open' }]);
    });

    it('change and remove by message and sender', async () => {
      const a = await connect();
      await join(a);
      const { id: messageId } = await say(a, '{"rude":true}');
      await assert.rejects(nk('channelMessageUpdate', id, messageId, {}), { name: 'RealtimeError' });
      await nk('channelMessageUpdate', id, messageId, { masked: true }, a.userId, a.username);
      assert.deepEqual(await contentsOf(id), [{ masked: true }]);
      await nk('channelMessageRemove', id, messageId, a.userId, a.username);
      assert.deepEqual(await contentsOf(id), []);
    });

    it('list with every field, those of other kinds empty, and no cacheable cursor', async () => {
      await nk('channelMessageSend', id, { n: 1 });
      const { messages, ...cursors } = await nk('channelMessagesList', id);
      assert.deepEqual(cursors, { nextCursor: '', prevCursor: '' });
      const [{ messageId: _id, createTime, updateTime, ...rest }] = messages;
      assert.ok(Number.isInteger(createTime) && createTime === updateTime);
      assert.deepEqual(rest, {
        channelId: id,
        code: 0,
        senderId: NIL,
        username: '',
        content: '{"n": 1}',
        persistent: true,
        roomName: room,
        groupId: '',
        userIdOne: '',
        userIdTwo: '',
      });
    });

    it('build ids as a join would find them', async () => {
      const [alice, bob] = [await user(), await user()];
      const groupId = await groupOf([alice, 2]);
      assert.equal(await nk('channelIdBuild', undefined, room, ROOM), id);
      assert.equal(
        await nk('channelIdBuild', bob.id, alice.id, DIRECT),
        await nk('channelIdBuild', alice.id, bob.id, DIRECT),
      );
      assert.equal(await nk('channelIdBuild', alice.id, groupId, GROUP), `3.${groupId}..`);
      assert.equal(await nk('channelIdBuild', null, groupId, GROUP), `3.${groupId}..`);
      const bad: unknown[][] = [
        [undefined, '', ROOM],
        [undefined, room, 4],
        [undefined, room, 0],
        [undefined, alice.id, DIRECT],
        [alice.id, 'nobody', DIRECT],
        [bob.id, groupId, GROUP],
        ['alice', room, ROOM],
      ];
      for (const args of bad) await assert.rejects(nk('channelIdBuild', ...args), ArgumentError, JSON.stringify(args));
    });

    it('refuse what is none', async () => {
      await assert.rejects(nk('channelMessageSend', 'tavern', {}), ArgumentError);
      await assert.rejects(nk('channelMessageSend', id, 'hello'), ArgumentError);
      await assert.rejects(nk('channelMessageSend', id, [1]), ArgumentError);
      await assert.rejects(nk('channelMessageSend', id, {}, 'alice'), ArgumentError);
      await assert.rejects(nk('channelMessageRemove', id, 'first'), ArgumentError);
      await assert.rejects(nk('channelMessagesList', id, 101), ArgumentError);
      await assert.rejects(nk('channelMessagesList', id, 1, true, 'nonsense'), { name: 'StatusError' });
    });
  });

  it('has what a user has said, everywhere, in an account’s export', async () => {
    const [alice, bob] = [await user(), await user()];
    await nk('channelMessageSend', id, { n: 1 }, alice.id, alice.username);
    await nk('channelMessageSend', await nk('channelIdBuild', alice.id, bob.id, DIRECT), { n: 2 }, alice.id);
    await nk('channelMessageSend', id, { n: 3 }, bob.id);
    const { messages } = await chatUserData.exportOf(db, alice.id);
    const [low, high] = [alice.id, bob.id].sort();
    assert.deepEqual((messages as { channel_id: string }[]).map((m) => m.channel_id).sort(), [id, `4.${low}.${high}.`]);
    assert.deepEqual(await chatUserData.exportOf(db, UNKNOWN), {});
  });

  describe('a group’s events', () => {
    it('are stored at whole seconds, pushed when the change is done, and before the leave of who is out', async () => {
      const [alice, bob] = [await user(), await user()];
      const groupId = await groupOf([alice, 0], [bob, 2]);
      const [a, b] = [scene.connect(alice), scene.connect(bob)];
      await join(a, { target: groupId, type: GROUP });
      await join(b, { target: groupId, type: GROUP });
      await heard(a);
      const messages = await groupEvents.store(db, groupId, 6, [{ userId: bob.id, username: bob.username }]);
      assert.deepEqual(await heard(a), []);
      groupEvents.push(messages);
      groupEvents.removeUser(groupId, bob.id);
      assert.deepEqual(await heard(a), ['{}', `-${bob.username}`]);
      const [{ code, createTime }] = (await nk('channelMessagesList', `3.${groupId}..`)).messages;
      assert.equal(code, 6);
      assert.equal(messages[0]!.createTimeMicros, BigInt(createTime) * 1_000_000n);
      assert.throws(() => chat.send(b, `3.${groupId}..`, '{}'), { code: 3 });
    });
  });
});
