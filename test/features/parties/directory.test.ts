import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { create } from '@bufbuild/protobuf';
import type { OperationCall } from '../../../src/features/feature.ts';
import { partyFunctions } from '../../../src/features/parties/module-api.ts';
import { partyOperations } from '../../../src/features/parties/operations.ts';
import { ListPartiesRequestSchema, PartyListSchema } from '../../../src/protocol/gen/nakama/api/api_pb.js';
import { toWireJson } from '../../../src/protocol/json-codec.ts';
import { ArgumentError } from '../../../src/runtime/argument-check.ts';
import type { FakeSession } from '../../support/fake-session.ts';
import { moduleCaller } from '../../support/realtime-scene.ts';
import { PartyScene, presenceOf } from './party-scene.ts';

describe('the list of parties', () => {
  let scene: PartyScene;
  let alice: FakeSession;
  let nk: ReturnType<typeof moduleCaller>;

  beforeEach(() => {
    scene = new PartyScene();
    alice = scene.player('alice');
    nk = moduleCaller(partyFunctions(scene.directory));
  });

  const make = (label: object | '', { open = true, hidden = false } = {}) =>
    scene.parties.create(alice, { open, hidden, label: label === '' ? '' : JSON.stringify(label), maxSize: 4 }).id;
  const list = (query = '', { open, limit = 10 }: { open?: boolean; limit?: number } = {}, cursor = '') =>
    scene.directory.list({ query, open, limit }, cursor);
  const ids = (query?: string, options?: { open?: boolean; limit?: number }) =>
    list(query, options).parties.map(({ partyId }) => partyId);

  it('has what the leader last made of a party, `{}` where that is no label', () => {
    const id = make({ level: 10 });
    scene.parties.update(alice, id, { open: false, hidden: false, label: '{ "level": 12 }' });
    const plain = make('');
    assert.deepEqual(list().parties, [
      { partyId: id, open: false, maxSize: 4, label: '{ "level": 12 }' },
      { partyId: plain, open: true, maxSize: 4, label: '{}' },
    ]);
  });

  it('is searched by label, down to what is nested and in lists', () => {
    const giant = make({ quest: 'giant', level: 12, tags: ['hard', 'long'], realm: { name: 'north' } });
    const dragon = make({ quest: 'dragon', level: 10 });
    assert.deepEqual(ids('+label.quest:giant'), [giant]);
    assert.deepEqual(ids('+label.level:<=10'), [dragon]);
    assert.deepEqual(ids('+label.tags:long'), [giant]);
    assert.deepEqual(ids('+label.realm.name:north -label.quest:dragon'), [giant]);
    assert.deepEqual(ids('label.level:>1 label.quest:dragon'), [dragon, giant], 'the best fit comes first');
    scene.parties.update(alice, dragon, { open: true, hidden: false, label: '{"quest":"giant"}' });
    assert.deepEqual(ids('+label.quest:giant'), [giant, dragon], 'who was made first comes first');
    assert.deepEqual(ids('+label.quest:dragon'), []);
  });

  it('has open ones only, or closed ones', () => {
    const [open, closed] = [make(''), make('', { open: false })];
    assert.deepEqual([ids('', { open: true }), ids('', { open: false }), ids()], [[open], [closed], [open, closed]]);
  });

  it('has neither hidden parties nor ended ones', async () => {
    make({ a: 1 }, { hidden: true });
    const [closed, left, lost] = [make(''), make(''), make('')];
    scene.parties.close(alice, closed);
    scene.parties.leave(alice, left);
    assert.deepEqual(ids(), [lost]);
    scene.parties.update(alice, lost, { open: true, hidden: true, label: '' });
    assert.deepEqual(ids(), []);
    scene.parties.update(alice, lost, { open: true, hidden: false, label: '' });
    assert.deepEqual(ids(), [lost]);
    scene.realtime.disconnect(alice);
    await scene.realtime.told();
    assert.deepEqual(ids(), []);
  });

  it('goes from page to page and loses none', () => {
    const made = Array.from({ length: 7 }, (_, i) => make({ level: i }));
    const found: string[] = [];
    let cursor = '';
    for (let page = 0; page < 3; page++) {
      const { parties, cursor: next } = list('label.level:>=0 label.level:5', { limit: 3 }, cursor);
      found.push(...parties.map(({ partyId }) => partyId));
      cursor = next;
    }
    assert.equal(cursor, '');
    assert.deepEqual(found, [made[5], ...made.slice(0, 5), made[6]]);
    assert.equal(list('', { limit: 7 }).cursor, '', 'a full last page is the last');
  });

  it('takes a cursor only with the query, limit and openness that it came of', () => {
    for (let i = 0; i < 3; i++) make('');
    const { cursor } = list('', { limit: 1 });
    assert.equal(list('*', { limit: 1 }, cursor).parties.length, 1, 'nothing and * are the same query');
    const refused = { name: 'StatusError', code: 13 };
    assert.throws(() => list('label.a:1', { limit: 1 }, cursor), refused);
    assert.throws(() => list('', { limit: 2 }, cursor), refused);
    assert.throws(() => list('', { limit: 1, open: true }, cursor), refused);
    for (const text of [
      'nonsense',
      Buffer.from('[1,2,3]').toString('base64url'),
      Buffer.from('1').toString('base64url'),
    ]) {
      assert.throws(() => list('', { limit: 1 }, text), refused);
    }
  });

  it('is read by clients, ten at a time unless they say otherwise', async () => {
    const [operation] = partyOperations(scene.directory);
    const ask = async (request: object) => {
      const answer = await operation!.handle(create(ListPartiesRequestSchema, request) as never, {} as OperationCall);
      return JSON.parse(toWireJson(PartyListSchema, answer as never));
    };
    assert.deepEqual(await ask({}), {});
    const id = make({ a: 1 });
    assert.deepEqual(await ask({ limit: 1 }), {
      parties: [{ party_id: id, open: true, max_size: 4, label: '{"a":1}' }],
    });
    for (let i = 0; i < 10; i++) make('');
    const page = await ask({});
    assert.equal(page.parties.length, 10);
    assert.equal((await ask({ cursor: page.cursor })).parties.length, 1);
    for (const limit of [0, 101, -1]) await assert.rejects(ask({ limit }), { code: 3 });
    await assert.rejects(ask({ query: '+label.quest:' }), { code: 13 });
  });

  it('is read by modules', async () => {
    const first = make({ a: 1 });
    make('', { open: false });
    const page = await nk('partyList', 1);
    assert.deepEqual(page.parties, [{ partyId: first, open: true, maxSize: 4, label: '{"a":1}' }]);
    const rest = await nk('partyList', 1, undefined, undefined, page.cursor);
    assert.deepEqual([rest.parties[0].open, 'cursor' in rest], [false, false]);
    assert.equal((await nk('partyList')).parties.length, 2);
    assert.equal((await nk('partyList', 10, true, '+label.a:1')).parties.length, 1);
    for (const limit of [0, 101]) await assert.rejects(nk('partyList', limit), ArgumentError);
    await assert.rejects(nk('partyList', 10, null, '+label.a:'), /is expected|ends/);
  });

  it('does not change with who leads', () => {
    const id = make('');
    const bob = scene.player('bob');
    scene.parties.join(bob, id);
    scene.parties.promote(alice, id, presenceOf(bob));
    assert.deepEqual(ids(), [id]);
  });
});
