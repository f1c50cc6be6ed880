import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import { parsePartyId } from '../../../src/features/parties/party-id.ts';
import { StreamMode } from '../../../src/realtime/stream.ts';
import type { FakeSession } from '../../support/fake-session.ts';
import { PartyScene, presenceOf } from './party-scene.ts';

const refused = { name: 'RealtimeError', code: 3 };
const nothing = new Uint8Array();

describe('parties', () => {
  let scene: PartyScene;
  let alice: FakeSession;
  let bob: FakeSession;
  let carol: FakeSession;

  beforeEach(() => {
    scene = new PartyScene();
    [alice, bob, carol] = [scene.player('alice'), scene.player('bob'), scene.player('carol')];
  });

  describe('making a party', () => {
    it('makes its creator the leader, who hears of her own joining', async () => {
      const { parties } = scene;
      const party = parties.create(alice, { open: true, hidden: true, label: '{"a":1}', maxSize: 256 });
      assert.match(party.id, /^[0-9a-f-]{36}\.node-1$/);
      assert.deepEqual([party.leader, party.members], [presenceOf(alice), [presenceOf(alice)]]);
      assert.deepEqual(await scene.heard(alice), [['+alice -']]);
    });

    it('refuses sizes and labels that no party has', () => {
      for (const maxSize of [-1, 257]) {
        assert.throws(() => scene.parties.create(alice, { open: true, hidden: false, label: '', maxSize }), refused);
      }
      const tooLong = JSON.stringify({ a: 'ü'.repeat(1021) });
      assert.equal(Buffer.byteLength(tooLong), 2050);
      for (const label of ['[]', '1', '{', 'null', tooLong]) {
        assert.throws(() => scene.parties.create(alice, { open: true, hidden: false, label, maxSize: 2 }), refused);
      }
    });

    it('is not for a connection that has ended while a hook ran, nor is joining', async () => {
      const id = await scene.party(bob);
      scene.realtime.disconnect(alice);
      const settings = { open: true, hidden: false, label: '', maxSize: 2 };
      assert.throws(() => scene.parties.create(alice, settings), refused);
      assert.throws(() => scene.parties.join(alice, id), refused);
    });
  });

  it('are so many for a session at a time; one too many changes nothing', async () => {
    const { parties, realtime } = new PartyScene({ maxParties: 2 });
    const [ann, ben] = ['ann', 'ben'].map((name) => realtime.connect({ id: randomUUID(), username: name }));
    const settings = { open: true, hidden: false, label: '', maxSize: 4 };
    const [first] = [0, 1].map(() => parties.create(ann!, settings));
    const full = { ...refused, message: 'a session may be in 2 parties at a time' };
    assert.throws(() => parties.create(ann!, settings), full);
    const open = parties.create(ben!, settings);
    const closed = parties.create(ben!, { ...settings, open: false });
    assert.throws(() => parties.join(ann!, open.id), full);
    parties.join(ann!, first!.id);
    parties.leave(ann!, first!.id);
    parties.join(ann!, closed.id);
    parties.join(ann!, open.id);
    assert.throws(() => parties.accept(ben!, closed.id, presenceOf(ann!)), full);
    assert.deepEqual(
      [open, closed].map(({ members }) => members.length),
      [2, 1],
    );
  });

  describe('joining', () => {
    it('an open party shows it to who joins, and tells all', async () => {
      const id = await scene.party(alice);
      scene.parties.join(bob, id);
      scene.parties.join(carol, id.toUpperCase().replace('NODE', 'node'));
      assert.deepEqual(await scene.heard(alice, bob, carol), [
        ['+bob -', '+carol -'],
        ['party of alice with alice,bob for bob', '+bob -', '+carol -'],
        ['party of alice with alice,bob,carol for carol', '+bob -', '+carol -'],
      ]);
      scene.parties.join(bob, id);
      assert.deepEqual(await scene.heard(alice, bob), [[], []]);
    });

    it('shows all that there is to a party', async () => {
      const id = await scene.party(alice, { label: '{"a":1}' });
      scene.parties.join(bob, id);
      const [party] = bob.takenOf('party');
      const { leader, presences, self, ...rest } = party;
      assert.deepEqual(rest, { party_id: id, open: true, max_size: 4, label: '{"a":1}' });
      const wire = { user_id: alice.userId, session_id: alice.id, username: 'alice' };
      assert.deepEqual([leader, presences[0], self], [wire, wire, presences[1]]);
    });

    it('a closed party asks who leads it then, and waits', async () => {
      const id = await scene.party(alice, { open: false });
      scene.parties.join(bob, id);
      assert.deepEqual(await scene.heard(alice, bob), [['asked by bob'], []]);
      scene.parties.accept(alice, id, presenceOf(bob));
      assert.deepEqual(await scene.heard(alice, bob), [
        ['+bob -'],
        ['party of alice with alice,bob for bob', '+bob -'],
      ]);
      scene.parties.promote(alice, id, presenceOf(bob));
      await scene.heard(alice, bob);
      scene.parties.join(carol, id);
      assert.deepEqual(await scene.heard(alice, bob), [[], ['asked by carol']]);
    });

    it('is not granted to a lost connection', async () => {
      const id = await scene.party(alice, { open: false });
      scene.parties.join(bob, id);
      scene.realtime.disconnect(bob);
      assert.throws(() => scene.parties.accept(alice, id, presenceOf(bob)), refused);
      assert.deepEqual(await scene.heard(alice), [['asked by bob']]);
      assert.deepEqual(scene.parties.withRequests(alice, id).requests, []);
    });

    it('is declined without a word', async () => {
      const id = await scene.party(alice, { open: false });
      scene.parties.join(bob, id);
      scene.parties.remove(alice, id, presenceOf(bob));
      scene.parties.join(bob, id);
      assert.deepEqual(await scene.heard(alice, bob), [['asked by bob', 'asked by bob'], []]);
    });

    it('leaves the session’s other parties where only one is allowed', async () => {
      scene = new PartyScene({ isSingleParty: true });
      [alice, bob, carol] = [scene.player('alice'), scene.player('bob'), scene.player('carol')];
      const first = await scene.party(alice, {}, bob);
      const second = await scene.party(carol, { open: false });
      scene.parties.join(bob, second);
      assert.deepEqual(await scene.heard(alice), [[]]);
      scene.parties.accept(carol, second, presenceOf(bob));
      assert.deepEqual(await scene.heard(alice), [['+ -bob']]);
      scene.parties.join(carol, first);
      assert.deepEqual(await scene.heard(bob), [
        ['party of carol with carol,bob for bob', '+bob -', 'led by bob', '+ -carol'],
      ]);
    });
  });

  describe('leaving', () => {
    it('tells the others alone', async () => {
      const id = await scene.party(alice, {}, bob, carol);
      scene.parties.leave(bob, id);
      assert.deepEqual(await scene.heard(alice, bob, carol), [['+ -bob'], [], ['+ -bob']]);
    });

    it('hands the lead over before it is told, also when the connection is lost', async () => {
      const id = await scene.party(alice, {}, bob, carol);
      scene.parties.leave(alice, id);
      const told = ['led by bob', '+ -alice'];
      assert.deepEqual(await scene.heard(alice, bob, carol), [[], told, told]);
      scene.realtime.disconnect(bob);
      assert.deepEqual(await scene.heard(carol), [['led by carol', '+ -bob']]);
    });

    it('ends the party with the last member', async () => {
      const id = await scene.party(alice);
      scene.parties.leave(alice, id);
      assert.throws(() => scene.parties.join(bob, id), refused);
      const lost = await scene.party(alice);
      scene.realtime.disconnect(alice);
      await scene.realtime.told();
      assert.throws(() => scene.parties.join(bob, lost), refused);
    });

    it('and coming back at once is to leave and to join', async () => {
      const id = await scene.party(alice, {}, bob);
      scene.parties.leave(bob, id);
      scene.parties.join(bob, id);
      assert.deepEqual(await scene.heard(alice), [['+ -bob', '+bob -']]);
      scene.parties.sendData(bob, id, 1n, nothing);
      assert.deepEqual(await scene.heard(alice), [['data 1  from bob']]);
    });

    it('and joining in one go leaves nobody behind', async () => {
      const id = await scene.party(alice);
      scene.parties.join(bob, id);
      scene.parties.leave(bob, id);
      assert.deepEqual(await scene.heard(alice), [['+bob -', '+ -bob']]);
      assert.throws(() => scene.parties.sendData(bob, id, 1n, nothing), refused);
    });

    it('is no error where one is not in, nor where nothing is; only for what is no party id', async () => {
      const id = await scene.party(alice);
      for (const partyId of [id, `${id}-elsewhere`, `${randomUUID()}.node-1`]) scene.parties.leave(bob, partyId);
      for (const partyId of ['', 'nonsense.node-1', id.split('.')[0]!]) {
        assert.throws(() => scene.parties.leave(alice, partyId), refused);
      }
      assert.deepEqual(await scene.heard(alice), [[]]);
    });
  });

  describe('leading', () => {
    it('is given to another member, and all are told', async () => {
      const id = await scene.party(alice, {}, bob);
      scene.parties.promote(alice, id, presenceOf(alice));
      scene.parties.promote(alice, id, presenceOf(bob));
      assert.deepEqual(await scene.heard(alice, bob), [
        ['led by alice', 'led by bob'],
        ['led by alice', 'led by bob'],
      ]);
      assert.throws(() => scene.parties.promote(alice, id, presenceOf(alice)), refused);
    });

    it('alone allows what changes the party', async () => {
      const id = await scene.party(alice, {}, bob);
      const settings = { open: false, hidden: false, label: '' };
      for (const session of [bob, carol]) {
        for (const attempt of [
          () => scene.parties.promote(session, id, presenceOf(bob)),
          () => scene.parties.accept(session, id, presenceOf(bob)),
          () => scene.parties.remove(session, id, presenceOf(alice)),
          () => scene.parties.close(session, id),
          () => scene.parties.withRequests(session, id),
          () => scene.parties.update(session, id, settings),
        ]) {
          assert.throws(attempt, refused);
        }
      }
      assert.deepEqual(await scene.heard(alice, bob), [[], []]);
    });

    it('removes a member, for whom the party is closed, and who may come back', async () => {
      const id = await scene.party(alice, {}, bob, carol);
      scene.parties.remove(alice, id, presenceOf(bob));
      assert.deepEqual(await scene.heard(alice, bob, carol), [['+ -bob'], ['party_close'], ['+ -bob']]);
      assert.throws(() => scene.parties.remove(alice, id, presenceOf(bob)), refused);
      assert.throws(() => scene.parties.remove(alice, id, presenceOf(alice)), refused);
      scene.parties.join(bob, id);
      assert.deepEqual(await scene.heard(bob), [['party of alice with alice,carol,bob for bob', '+bob -']]);
    });

    it('ends the party, without anybody leaving', async () => {
      const id = await scene.party(alice, {}, bob);
      scene.parties.close(alice, id);
      assert.deepEqual(await scene.heard(alice, bob), [['party_close'], ['party_close']]);
      assert.throws(() => scene.parties.close(alice, id), refused);
      assert.throws(() => scene.parties.sendData(bob, id, 1n, nothing), refused);
      scene.parties.leave(bob, id);
      assert.deepEqual(await scene.heard(alice, bob), [[], []]);
    });

    it('changes openness, hiding and label together', async () => {
      const id = await scene.party(alice, { open: false }, bob);
      scene.parties.update(alice, id, { open: true, hidden: false, label: '{"a":1}' });
      scene.parties.join(bob, id);
      scene.parties.update(alice, id, { open: false, hidden: true, label: '{}' });
      scene.parties.update(alice, id, { open: false, hidden: true, label: '' });
      assert.deepEqual(await scene.heard(alice), [['open {"a":1}', 'closed hidden {}', 'closed hidden ', '+bob -']]);
      for (const [hidden, label] of [
        [false, 'giant'],
        [true, '{"a":1}'],
      ] as const) {
        assert.throws(() => scene.parties.update(alice, id, { open: true, hidden, label }), refused);
      }
      assert.throws(() => scene.parties.join(carol, `${id}x`), refused);
      scene.parties.join(carol, id);
      assert.deepEqual(await scene.heard(alice, carol), [['asked by carol'], []], 'what was refused changed nothing');
    });
  });

  describe('data', () => {
    it('reaches the other members', async () => {
      const id = await scene.party(alice, {}, bob, carol);
      scene.parties.sendData(bob, id, 9007199254740993n, Buffer.from('hi'));
      const told = ['data 9007199254740993 aGk= from bob'];
      assert.deepEqual(await scene.heard(alice, bob, carol), [told, [], told]);
    });

    it('is for members to send', async () => {
      const id = await scene.party(alice);
      scene.parties.sendData(alice, id, 1n, nothing);
      assert.throws(() => scene.parties.sendData(bob, id, 1n, nothing), refused);
      assert.deepEqual(await scene.heard(alice), [[]]);
    });
  });

  describe('a ticket of the matchmaker', () => {
    const request = { minCount: 2, maxCount: 8, query: '', stringProperties: {}, numericProperties: {} };
    const waiting = () => scene.matchmaker.ticketCount;
    const add = (leader: FakeSession, id: string) => {
      scene.parties.addTicket(leader, id, request);
    };

    it('is the leader’s to ask for, and the other members are told', async () => {
      const id = await scene.party(alice, {}, bob);
      const answer = scene.parties.addTicket(alice, id, request);
      assert.deepEqual(await scene.heard(alice, carol), [[], []]);
      const [told] = bob.takenOf('party_matchmaker_ticket');
      assert.deepEqual(answer, { case: 'partyMatchmakerTicket', value: { partyId: id, ticket: told.ticket } });
      assert.equal(told.party_id, id);
      for (const session of [bob, carol]) assert.throws(() => add(session, id), refused);
      assert.throws(() => scene.parties.removeTicket(bob, id, told.ticket), refused);
      scene.parties.promote(alice, id, presenceOf(bob));
      assert.equal(waiting(), 1);
      scene.parties.removeTicket(bob, id, told.ticket);
      assert.equal(waiting(), 0);
      assert.throws(() => scene.parties.removeTicket(bob, id, told.ticket), refused);
    });

    it('is refused with code 3 whatever is wrong with it', async () => {
      const id = await scene.party(alice, {}, bob);
      const bad = [{ minCount: 1 }, { maxCount: 1 }, { countMultiple: 3 }, { query: '+properties.room:' }];
      for (const part of bad) {
        assert.throws(() => scene.parties.addTicket(alice, id, { ...request, ...part }), refused, JSON.stringify(part));
      }
      for (let i = 0; i < 3; i++) add(alice, id);
      assert.throws(() => add(alice, id), refused);
    });

    it('is cancelled when the members change, and by the end of the party', async () => {
      const id = await scene.party(alice, { open: false }, bob, carol);
      const changes: Record<string, () => void> = {
        accept: () => scene.parties.accept(alice, id, presenceOf(bob)),
        remove: () => scene.parties.remove(alice, id, presenceOf(bob)),
        open: () => {
          scene.parties.update(alice, id, { open: true, hidden: false, label: '' });
          scene.parties.join(bob, id);
        },
        leave: () => scene.parties.leave(bob, id),
        'module puts in': () => scene.realtime.tracker.track(carol, parsePartyId(id)!),
        disconnect: () => scene.realtime.disconnect(carol),
        close: () => scene.parties.close(alice, id),
      };
      for (const [what, change] of Object.entries(changes)) {
        add(alice, id);
        assert.equal(waiting(), 1);
        change();
        await scene.realtime.told();
        assert.equal(waiting(), 0, what);
      }
    });

    it('stays through what leaves the members as they are', async () => {
      const id = await scene.party(alice, { open: false }, bob);
      add(alice, id);
      scene.parties.remove(alice, id, presenceOf(bob));
      scene.parties.join(carol, id);
      scene.parties.promote(alice, id, presenceOf(alice));
      scene.parties.update(alice, id, { open: true, hidden: false, label: '' });
      scene.parties.leave(bob, id);
      await scene.realtime.told();
      assert.equal(waiting(), 1);
    });
  });

  describe('a module that works on the stream of a party', () => {
    const streamOf = (id: string) => parsePartyId(id)!;

    it('takes members out of the party, and puts others in', async () => {
      const id = await scene.party(alice, {}, bob);
      assert.equal(streamOf(id).mode, StreamMode.PARTY);
      scene.realtime.tracker.untrack(alice.id, streamOf(id));
      assert.deepEqual(await scene.heard(bob), [['led by bob', '+ -alice']]);
      scene.realtime.tracker.track(carol, streamOf(id), { persistence: true });
      assert.deepEqual(await scene.heard(bob, carol), [
        ['+carol -'],
        ['party of bob with bob,carol for carol', '+carol -'],
      ]);
      scene.parties.promote(bob, id, presenceOf(carol));
    });

    it('puts nobody in who is out again before it is told', async () => {
      const id = await scene.party(alice);
      scene.realtime.tracker.track(bob, streamOf(id));
      scene.realtime.tracker.untrack(bob.id, streamOf(id));
      assert.deepEqual(await scene.heard(alice, bob), [['+bob -', '+ -bob'], []]);
      assert.throws(() => scene.parties.sendData(bob, id, 1n, nothing), refused);
      scene.parties.leave(alice, id);
      assert.deepEqual(scene.directory.list({ query: '', limit: 1 }, '').parties, []);
    });

    it('makes no members above the party’s size', async () => {
      const id = await scene.party(alice, { maxSize: 1 });
      scene.realtime.tracker.track(bob, streamOf(id));
      assert.deepEqual(await scene.heard(bob), [['+bob -']]);
      assert.throws(() => scene.parties.sendData(bob, id, 1n, nothing), refused);
    });

    it('does not take out a member by a new status', async () => {
      const id = await scene.party(alice, {}, bob);
      scene.realtime.tracker.update(alice, streamOf(id), { status: 'ready' });
      assert.deepEqual(await scene.heard(bob), [['+alice -alice']]);
      scene.parties.withRequests(alice, id);
    });
  });
});
