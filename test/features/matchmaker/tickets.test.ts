import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { MatchmakerService, type TicketMember, type TicketRequest } from '../../../src/features/matchmaker/index.ts';
import { WaitingTickets } from '../../../src/features/matchmaker/waiting-tickets.ts';
import { RealtimeError, RealtimeErrorCode } from '../../../src/protocol/status.ts';
import type { FakeSession } from '../../support/fake-session.ts';
import { fakeUser, RealtimeScene } from '../../support/realtime-scene.ts';

const pair: TicketRequest = { query: '', minCount: 2, maxCount: 2, stringProperties: {}, numericProperties: {} };
const UNKNOWN = 'a4f0a9d0-6f3d-4f3c-8f0e-0d5b1c9e7a11';

describe('matchmaker tickets', () => {
  let scene: RealtimeScene;
  let matchmaker: MatchmakerService;
  let alice: FakeSession;
  let bob: FakeSession;

  beforeEach(() => {
    scene = new RealtimeScene();
    matchmaker = new MatchmakerService({ ...scene, waiting: new WaitingTickets(), maxTickets: 3 });
    alice = scene.connect(fakeUser('alice'));
    bob = scene.connect(fakeUser('bob'));
  });

  const memberOf = ({ id: sessionId, userId, username }: FakeSession): TicketMember => ({
    sessionId,
    userId,
    username,
  });
  const add = (session: FakeSession, wishes: Partial<TicketRequest> = {}) =>
    matchmaker.add([memberOf(session)], { ...pair, ...wishes });
  const addParty = (partyId: string, ...sessions: FakeSession[]) =>
    matchmaker.add(sessions.map(memberOf), pair, partyId);
  const refused = (code: number) => (error: unknown) => error instanceof RealtimeError && error.code === code;
  const badInput = refused(RealtimeErrorCode.BAD_INPUT);

  it('are refused for counts that no match can have', () => {
    const impossible: Partial<TicketRequest>[] = [
      { minCount: 1 },
      { minCount: 0 },
      { minCount: -1 },
      { maxCount: 1 },
      { minCount: 4, maxCount: 3 },
      { countMultiple: 0 },
      { countMultiple: -2 },
      { minCount: 3, maxCount: 4, countMultiple: 2 },
      { minCount: 2, maxCount: 5, countMultiple: 2 },
    ];
    for (const wishes of impossible) assert.throws(() => add(alice, wishes), badInput, JSON.stringify(wishes));
    assert.equal(matchmaker.ticketCount, 0);
    add(alice, { minCount: 4, maxCount: 6, countMultiple: 2 });
    add(alice, { maxCount: 1000 });
  });

  it('are refused without a code for a query that cannot be read, and for one ticket too many', () => {
    const uncoded = refused(RealtimeErrorCode.RUNTIME_EXCEPTION);
    for (const query of ['+', '+properties.mode:', '+properties.mode:"ranked', '+properties.rank:>high']) {
      assert.throws(() => add(alice, { query }), uncoded, query);
    }
    add(alice, { query: '+properties.mode:/[/' });
    for (let i = 0; i < 2; i++) add(alice);
    assert.throws(() => add(alice), uncoded);
    add(bob);
  });

  it('of a party count for each member, and for the party', () => {
    const tickets = [1, 2, 3].map(() => addParty('p', alice, bob));
    const carol = scene.connect(fakeUser('carol'));
    assert.throws(() => add(bob), RealtimeError);
    assert.throws(() => addParty('q', carol, alice), RealtimeError);
    assert.throws(() => addParty('p', carol), RealtimeError);
    addParty('q', carol);
    assert.equal(matchmaker.ticketCount, 4);
    for (const ticket of tickets) matchmaker.removeOfParty('p', ticket);
    for (let i = 0; i < 3; i++) addParty('p', alice, bob);
  });

  it('are taken back by the session that added them, once', () => {
    const ticket = add(alice);
    assert.equal(matchmaker.removeOfSession(bob.id, ticket), false);
    const desk = scene.connect({ id: alice.userId, username: alice.username });
    assert.equal(matchmaker.removeOfSession(desk.id, ticket), false, 'another socket of hers');
    assert.equal(matchmaker.removeOfSession(alice.id, ticket), true);
    assert.equal(matchmaker.removeOfSession(alice.id, ticket), false);
    for (const id of ['', 'nonsense', UNKNOWN]) assert.equal(matchmaker.removeOfSession(alice.id, id), false);
  });

  it('of a party are taken back by the party alone', () => {
    const own = add(alice);
    const ticket = addParty('p', alice, bob);
    assert.equal(matchmaker.removeOfSession(alice.id, ticket), false);
    assert.equal(matchmaker.removeOfParty('q', ticket), false);
    assert.equal(matchmaker.removeOfParty('p', own), false);
    assert.equal(matchmaker.removeOfParty('p', ticket), true);
    assert.equal(matchmaker.removeOfParty('p', ticket), false);
    assert.equal(matchmaker.ticketCount, 1);
  });

  it('go together when a party changes', () => {
    addParty('p', alice, bob);
    addParty('p', alice, bob);
    add(alice);
    matchmaker.removeAllOfParty('p');
    assert.equal(matchmaker.ticketCount, 1);
    for (let i = 0; i < 3; i++) add(bob);
  });

  it('go with the connection, those of its parties too', () => {
    add(alice);
    add(bob);
    addParty('p', bob, alice);
    matchmaker.sessionClosed(alice.id);
    assert.equal(matchmaker.ticketCount, 1);
  });

  it('are refused to a connection that has ended', () => {
    scene.disconnect(alice);
    assert.throws(() => add(alice), badInput);
    assert.throws(() => addParty('p', bob, alice), badInput);
    assert.equal(matchmaker.ticketCount, 0);
  });
});
