import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Party, type PartyPresence } from '../../../src/features/parties/party.ts';
import { partyStream } from '../../../src/features/parties/party-id.ts';

const presence = (name: string, session = `${name}-1`): PartyPresence => ({
  userId: `id-of-${name}`,
  sessionId: session,
  username: name,
});
const [alice, bob, carol, dave] = [presence('alice'), presence('bob'), presence('carol'), presence('dave')] as const;
const subject = 'aaaaaaaa-2222-4333-8444-555555555555';
const partyOf = (open: boolean, maxSize = 4) =>
  new Party(partyStream(subject, 'n'), maxSize, { open, hidden: false, label: '' }, alice);
const connected = () => true;
const names = (presences: readonly PartyPresence[]) => presences.map(({ username }) => username).join(' ');
const refused = { name: 'RealtimeError', code: 3 };

describe('an open party', () => {
  it('takes in who joins, in order, each session once', () => {
    const party = partyOf(true);
    assert.equal(party.join(bob, connected), 'joined');
    assert.equal(party.join(carol, connected), 'joined');
    assert.equal(party.join(bob, connected), 'unchanged');
    assert.equal(names(party.members), 'alice bob carol');
    assert.deepEqual(party.sessionsBut(bob.sessionId), [alice.sessionId, carol.sessionId]);
  });

  it('takes the sessions of one user as two members', () => {
    const party = partyOf(true);
    assert.equal(party.join(presence('alice', 'alice-2'), connected), 'joined');
    assert.equal(names(party.members), 'alice alice');
  });

  it('refuses when it is full, members too', () => {
    const party = partyOf(true, 2);
    party.join(bob, connected);
    assert.throws(() => party.join(carol, connected), refused);
    assert.throws(() => party.join(bob, connected), refused);
    party.leave(bob.sessionId);
    assert.equal(party.join(carol, connected), 'joined');
  });
});

describe('a closed party', () => {
  it('keeps requests, oldest first, until they are granted or turned down', () => {
    const party = partyOf(false);
    for (const asking of [bob, carol, dave]) assert.equal(party.join(asking, connected), 'asked');
    assert.equal(names(party.requests), 'bob carol dave');
    assert.deepEqual(party.takeRequest(carol), carol);
    assert.equal(party.decline(dave), true);
    assert.equal(party.decline(dave), false);
    assert.equal(names(party.requests), 'bob');
    assert.equal(names(party.members), 'alice', 'to take a request is not to admit');
    assert.throws(() => party.takeRequest(carol), refused);
    assert.equal(party.join(dave, connected), 'asked', 'who was turned down may ask again');
  });

  it('takes one request of a user, whatever the connection, and none of a member', () => {
    const party = partyOf(false);
    party.join(bob, connected);
    assert.throws(() => party.join(bob, connected), refused);
    assert.throws(() => party.join(presence('bob', 'bob-2'), connected), refused);
    assert.throws(() => party.join(alice, connected), refused);
  });

  it('keeps no more requests than it may have members, and grants none when it is full', () => {
    const party = partyOf(false, 2);
    party.join(bob, connected);
    party.join(carol, connected);
    assert.throws(() => party.join(dave, connected), refused);
    party.admit(party.takeRequest(bob));
    assert.throws(() => party.takeRequest(carol), refused);
    assert.equal(names(party.requests), 'carol');
  });

  it('lets a request whose connection is lost stand until its place is needed', () => {
    const party = partyOf(false, 2);
    party.join(bob, connected);
    party.join(carol, (id) => id !== bob.sessionId);
    assert.equal(names(party.requests), 'bob carol');
    assert.equal(
      party.join(presence('bob', 'bob-2'), (id) => id !== bob.sessionId),
      'asked',
    );
    assert.equal(
      party.join(dave, (id) => id !== carol.sessionId),
      'asked',
    );
    assert.equal(names(party.requests), 'bob dave');
  });

  it('has no request any more of one who came in otherwise', () => {
    const party = partyOf(false);
    party.join(bob, connected);
    party.settings = { ...party.settings, open: true };
    assert.equal(party.join(bob, connected), 'joined');
    assert.equal(names(party.requests), '');
  });

  it('knows a request by all three parts of a presence', () => {
    const party = partyOf(false);
    party.join(bob, connected);
    for (const part of ['userId', 'sessionId', 'username'] as const) {
      assert.throws(() => party.takeRequest({ ...bob, [part]: 'another' }), refused, part);
      assert.equal(party.decline({ ...bob, [part]: '' }), false, part);
    }
  });
});

describe('the lead of a party', () => {
  it('is the creator’s first, and goes where she gives it', () => {
    const party = partyOf(true);
    party.join(bob, connected);
    party.checkLeader(alice.sessionId);
    party.promote(bob);
    assert.equal(party.leader, bob);
    assert.throws(() => party.checkLeader(alice.sessionId), refused);
    for (const other of [carol, { ...bob, username: '' }]) assert.throws(() => party.promote(other), refused);
  });

  it('goes to who has been in the party longest when the leader leaves', () => {
    const party = partyOf(true);
    for (const joining of [bob, carol, dave]) party.join(joining, connected);
    party.leave(bob.sessionId);
    party.join(bob, connected);
    assert.equal(party.leave(carol.sessionId), true);
    assert.equal(party.leader, alice);
    party.leave(alice.sessionId);
    assert.equal(party.leader, dave, 'one who left and came back is the newest');
    assert.equal(names(party.members), 'dave bob');
    assert.equal(party.leave(alice.sessionId), false);
  });

  it('ends with the last member', () => {
    const party = partyOf(true);
    assert.equal(party.isEmpty, false);
    party.leave(alice.sessionId);
    assert.equal(party.isEmpty, true);
    assert.throws(() => party.memberOf(alice.sessionId), refused);
  });
});
