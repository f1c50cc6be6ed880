import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formGroups } from '../../../../src/features/matchmaker/matching/form-groups.ts';
import type { MatchingRules } from '../../../../src/features/matchmaker/matching/wishes.ts';
import type { Ticket } from '../../../../src/features/matchmaker/ticket.ts';
import { nameOf, newTicket as ticket } from './new-ticket.ts';

const defaults: MatchingRules = { maxIntervals: 2, isMutual: false };
const mutual: MatchingRules = { ...defaults, isMutual: true };

/** The groups of a round, as `ann+ben`, the one that looked first. */
function round(tickets: readonly Ticket[], rules = defaults): string[] {
  const waiting = tickets.filter(({ isWaiting }) => isWaiting);
  return [...formGroups(waiting, rules)].flatMap((group) => (group ? [group.map(nameOf).join('+')] : []));
}

function several(names: string, counts: string, wishes: Parameters<typeof ticket>[2] = {}): Ticket[] {
  return names.split(' ').map((name) => ticket(name, counts, wishes));
}

describe('a round of matchmaking: counts', () => {
  it('makes a match of as many as are wanted, the longest waiting first', () => {
    assert.deepEqual(round(several('ann ben cat dan eve', '2')), ['ann+ben', 'cat+dan']);
    assert.deepEqual(round(several('ann ben cat dan eve', '3')), ['ann+ben+cat']);
    assert.deepEqual(round(several('ann ben', '3')), []);
  });

  it('uses a ticket once', () => {
    const tickets = several('ann ben', '2');
    assert.deepEqual(round(tickets), ['ann+ben']);
    assert.deepEqual(round(tickets), []);
  });

  it('makes a match of the highest count at once, of fewer on the last interval', () => {
    assert.deepEqual(round(several('ann ben cat dan', '2-4')), ['ann+ben+cat+dan']);
    const three = several('ann ben cat', '2-4');
    assert.deepEqual(round(three), []);
    assert.deepEqual(round(three), ['ann+ben+cat']);
  });

  it('makes no match of fewer than wanted, whatever the interval', () => {
    const two = several('ann ben', '3-4');
    for (let i = 0; i < 5; i++) assert.deepEqual(round(two), []);
  });

  it('lets tickets with one count look once; then they are there for newer ones', () => {
    const ann = ticket('ann', '2', { query: '+properties.role:guest' });
    assert.deepEqual(round([ann]), []);
    const guest = ticket('gus', '2', { query: '+properties.role:host', has: { role: 'guest' } });
    assert.deepEqual(round([ann, guest]), [], 'ann does not look again, and is no host');
    const ben = ticket('ben', '2', { has: { role: 'guest' } });
    assert.deepEqual(round([ann, guest, ben]), ['ben+ann']);
  });

  it('has everybody’s wishes hold', () => {
    assert.deepEqual(round([ticket('ann', '2'), ticket('ben', '3')]), []);
    assert.deepEqual(round([ticket('ann', '2'), ...several('ben cat', '3'), ticket('dan', '2')]), ['ann+dan']);
    assert.deepEqual(round([ticket('ben', '3-4', { rounds: 2 }), ticket('ann', '2')]), []);
    const mixed = [ticket('ann', '2-4'), ticket('ben', '4'), ticket('cat', '3-4'), ticket('dan', '2-6', { rounds: 2 })];
    assert.deepEqual(round(mixed), ['ann+ben+cat+dan']);
    const late = [ticket('ann', '2-4', { rounds: 1 }), ticket('ben', '2', { rounds: 1 }), ticket('cat', '3')];
    assert.deepEqual(round(late), ['ann+ben']);
  });

  it('takes the size that most can be had with', () => {
    const late = { rounds: 1 };
    const tickets = [
      ticket('ann', '2-5', late),
      ticket('ben', '2', { rounds: 1 }),
      ...several('cat dan', '3-3', { rounds: 1 }),
      ticket('eve', '4', { rounds: 1 }),
    ];
    assert.deepEqual(round(tickets), ['ann+cat+dan']);
  });

  it('finds a small match though many would be there for a large one that cannot be', () => {
    const crowd = Array.from({ length: 50 }, (_, i) => ticket(`x${i}`, '62', { rounds: 1 }));
    assert.deepEqual(round([...crowd, ticket('ann', '2', { rounds: 1 }), ticket('ben', '2-100', { rounds: 1 })]), [
      'ben+ann',
    ]);
  });

  it('leaves a ticket that hopes for more players alone as long as it can find them itself', () => {
    const hopeful = ticket('ann', '2-8');
    const other = ticket('ben', '2-4', { rounds: 1 });
    assert.deepEqual(round([other, hopeful]), []);
    assert.deepEqual(round([other, hopeful]), ['ann+ben'], 'on her own last interval she takes whom there is');
    assert.deepEqual(round([ticket('ann', '2-8', { rounds: 2 }), ticket('ben', '2')]), ['ben+ann']);
  });

  it('keeps to the multiples of all', () => {
    assert.deepEqual(round(several('ann ben cat dan', '2-4/2')), ['ann+ben+cat+dan']);
    const three = several('ann ben cat', '2-4/2');
    assert.deepEqual(round(three), []);
    assert.deepEqual(round(three), ['ann+ben']);
    const late = [ticket('ann', '2-4', { rounds: 1 }), ticket('ben', '2-4/2', { rounds: 2 }), ticket('cat', '2-4')];
    assert.deepEqual(round(late), ['ann+ben'], 'three are none for ben');
    const [cat, dan] = several('cat dan', '2-4', { rounds: 2 }) as [Ticket, Ticket];
    assert.deepEqual(round([cat, dan, ticket('eve', '2-4/2', { rounds: 1 })]), ['eve+cat'], 'nor for eve, who looks');
  });

  it('looks in as many rounds as is set', () => {
    const [ann, ben] = several('ann ben', '2-3') as [Ticket, Ticket];
    const patient = { ...defaults, maxIntervals: 4 };
    for (let i = 0; i < 3; i++) assert.deepEqual(round([ann, ben], patient), []);
    assert.deepEqual(round([ann, ben], patient), ['ann+ben']);
    assert.deepEqual(round(several('cat dan', '2-3'), { ...defaults, maxIntervals: 1 }), ['cat+dan']);
  });
});

describe('a round of matchmaking: parties', () => {
  it('keeps them together', () => {
    const parties = [ticket('three', '4', { sessions: ['a', 'b', 'c'] }), ticket('two', '4', { sessions: ['d', 'e'] })];
    assert.deepEqual(round(parties), []);
    const solo = ticket('sue', '4');
    assert.deepEqual(round([...parties, solo]), ['sue+three']);
  });

  it('finds those that add up, though the first do not', () => {
    const party = (name: string, size: number) =>
      ticket(name, '7', { sessions: Array.from({ length: size }, (_, i) => `${name}${i}`), rounds: 1 });
    assert.deepEqual(round([party('four', 4), party('two', 2), ticket('one', '7', { rounds: 1 })]), []);
    assert.deepEqual(round([party('two', 2), party('six', 6), ticket('zoe', '7')]), ['zoe+six']);
    const looker = ticket('ann', '7');
    assert.deepEqual(round([party('four', 4), party('three', 3), party('two', 2), looker]), ['ann+four+two']);
    assert.deepEqual(round([party('five', 5), party('four', 4), party('two', 2), ticket('bea', '7')]), [
      'bea+four+two',
    ]);
  });

  it('does not match a party with nobody', () => {
    assert.deepEqual(round([ticket('pair', '2', { sessions: ['a', 'b'] })]), []);
    const late = ticket('pair', '2-4', { sessions: ['a', 'b'], rounds: 1 });
    assert.deepEqual(round([late]), []);
    const even = ticket('pair', '2-4/2', { sessions: ['a', 'b'], rounds: 1 });
    assert.deepEqual(round([even, ticket('ann', '2-4', { rounds: 2 })]), []);
  });
});

describe('a round of matchmaking: sessions', () => {
  it('matches no session with itself, not even through others', () => {
    assert.deepEqual(round([ticket('ann', '2'), ticket('ann2', '2', { sessions: ['ann'] })]), []);
    const party = ticket('party', '3', { sessions: ['ann', 'ben'] });
    assert.deepEqual(round([ticket('ann', '3'), party]), []);
    const twice = [ticket('ben', '3', { rounds: 1 }), ticket('ben2', '3', { sessions: ['ben'], rounds: 1 })];
    assert.deepEqual(round([...twice, ticket('cat', '3')]), []);
    assert.deepEqual(round([...twice, ticket('dan', '3'), ticket('eve', '3')]), ['dan+ben+eve']);
  });
});

describe('a round of matchmaking: queries', () => {
  const host = (name: string, has: Record<string, string>) =>
    ticket(name, '2', { query: '+properties.role:guest', has: { role: 'host', ...has } });
  const guest = (name: string, query: string) =>
    ticket(name, '2', { query: `+properties.role:host ${query}`, has: { role: 'guest' } });

  it('takes those whom the ticket that looks wants, though they may not want it', () => {
    const ann = ticket('ann', '2', { query: '+properties.level:>10', has: { level: 5 } });
    const ben = ticket('ben', '2', { query: '+properties.level:<3', has: { level: 20 } });
    assert.deepEqual(round([ann, ben]), ['ann+ben']);
  });

  it('prefers the best, then the longest waiting', () => {
    const hosts = () => [
      host('ann', { region: 'asia', mode: 'ranked' }),
      host('ben', { region: 'europe', mode: 'casual' }),
      host('cat', { region: 'asia', mode: 'casual' }),
      host('dan', { region: 'africa', mode: 'casual' }),
    ];
    const foundBy = (query: string) => {
      const waiting = hosts();
      round(waiting);
      return round([...waiting, guest('gus', query)]);
    };
    assert.deepEqual(foundBy(''), ['gus+ann']);
    assert.deepEqual(foundBy('properties.region:europe'), ['gus+ben']);
    assert.deepEqual(foundBy('properties.mode:ranked properties.region:africa^5'), ['gus+dan']);
    assert.deepEqual(foundBy('properties.mode:casual properties.region:asia^0.5'), ['gus+cat']);
    assert.deepEqual(foundBy('properties.region:antarctica'), ['gus+ann']);
    assert.deepEqual(foundBy('properties.mode:ranked^-2'), ['gus+ben']);
  });

  it('finds by text, by the number in either spelling, by ranges, and by what is not', () => {
    const others = [
      ticket('low', '3', { has: { rank: 3, mode: 'duel' }, rounds: 1 }),
      ticket('mid', '3', { has: { rank: 7, mode: 'race' }, rounds: 1 }),
      ticket('text', '3', { has: { rank: '7', mode: 'race' }, rounds: 1 }),
      ticket('high', '3', { has: { rank: 12.5 }, rounds: 1 }),
    ];
    const foundBy = (query: string) => {
      for (const other of others) other.isWaiting = true;
      return round([...others, ticket('ann', '3', { query })]);
    };
    assert.deepEqual(foundBy('+properties.rank:7'), ['ann+mid+text']);
    assert.deepEqual(foundBy('+properties.rank:>=7'), ['ann+mid+high']);
    assert.deepEqual(foundBy('+properties.rank:>7'), []);
    assert.deepEqual(foundBy('+properties.rank:>=3 +properties.rank:<=7'), ['ann+low+mid']);
    assert.deepEqual(foundBy('+properties.rank:>=8 +properties.rank:<=6'), []);
    assert.deepEqual(foundBy('+properties.mode:race'), ['ann+mid+text']);
    assert.deepEqual(foundBy('+properties.mode:race +properties.rank:>1'), []);
    assert.deepEqual(foundBy('-properties.mode:race'), ['ann+low+high']);
    assert.deepEqual(foundBy('+properties.mode:r*'), ['ann+mid+text']);
    assert.deepEqual(foundBy('+properties.absent:x'), []);
    assert.deepEqual(foundBy('+min_count:3'), ['ann+low+mid']);
    assert.deepEqual(foundBy(`+ticket:${others[1]!.id} ticket:${others[3]!.id}`), []);
  });

  it('finds the same in a large crowd, where it does not look at everybody', () => {
    const crowd = Array.from({ length: 500 }, (_, i) =>
      ticket(`x${i}`, '2', { has: { skill: i, mode: `m${i % 50}` }, rounds: 1 }),
    );
    const looker = (query: string) => ticket('ann', '2', { query });
    const found = (query: string) => {
      for (const one of crowd) one.isWaiting = true;
      return round([...crowd, looker(query)]);
    };
    assert.deepEqual(found('+properties.mode:m7 +properties.skill:>=200'), ['ann+x207']);
    assert.deepEqual(found('+properties.skill:>=333 +properties.skill:<=340'), ['ann+x333']);
    assert.deepEqual(found('+properties.skill:>=340 +properties.skill:<=340'), ['ann+x340']);
    assert.deepEqual(found('+properties.skill:>499'), []);
    assert.deepEqual(found('+properties.mode:m7 +properties.skill:8'), []);
  });
});

describe('a round of matchmaking: mutual', () => {
  it('wants the found to want the finder', () => {
    const ann = ticket('ann', '2', { query: '+properties.level:>10', has: { level: 5 } });
    const ben = ticket('ben', '2', { query: '+properties.level:<3', has: { level: 20 } });
    const cat = ticket('cat', '2', { has: { level: 30 } });
    assert.deepEqual(round([ann, ben, cat], mutual), ['ann+cat']);
  });

  it('wants the found to want each other, and finds those who do', () => {
    const picky = (name: string, has: string, wants: string) =>
      ticket(name, '3', { query: `+properties.is:/${wants}/`, has: { is: has }, rounds: 1 });
    const looker = ticket('ann', '3', { has: { is: 'ann' } });
    const loner = picky('lou', 'lou', 'ann');
    const [mia, noa] = [picky('mia', 'mia', 'ann|noa'), picky('noa', 'noa', 'ann|mia')];
    assert.deepEqual(round([loner, mia, noa, looker], mutual), ['ann+mia+noa']);
    const unloved = () => [picky('mia', 'mia', 'ann'), picky('lou', 'lou', 'ann|mia')];
    for (const others of [unloved(), unloved().reverse()]) {
      assert.deepEqual(round([...others, ticket('cat', '3', { has: { is: 'ann' } })], mutual), []);
    }
    const again = [picky('lou', 'lou', 'ann'), picky('mia', 'mia', 'ann'), ticket('bea', '3', { has: { is: 'ann' } })];
    assert.deepEqual(round(again, mutual), []);
    assert.deepEqual(round(again.map((one) => Object.assign(one, { rounds: one === again[2] ? 0 : 1 }))), [
      'bea+lou+mia',
    ]);
  });
});

describe('a round of matchmaking: pauses', () => {
  it('are often, and what is taken back in them is in no match', () => {
    const crowd = Array.from({ length: 1000 }, (_, i) => ticket(`x${i}`, '1000', { rounds: 1 }));
    const looker = ticket('ann', '1001', { query: '*' });
    const lonely = ticket('bea', '3', { query: '+properties.a:b' });
    const pair = Array.from({ length: 400 }, (_, i) => ticket(`y${i}`, '300', { rounds: 1, has: { a: 'y' } }));
    const seeker = ticket('cat', '300', { query: '+properties.a:/y|z/' });
    let pauses = 0;
    const groups: string[][] = [];
    for (const group of formGroups([...crowd, ...pair, looker, lonely, seeker], defaults)) {
      if (group) groups.push(group.map(nameOf));
      else if (pauses++ < 3) pair[pauses]!.isWaiting = false;
    }
    assert.ok(pauses > 5);
    assert.equal(groups.length, 1);
    assert.equal(groups[0]!.length, 300);
    for (const gone of ['y1', 'y2', 'y3']) assert.ok(!groups[0]!.includes(gone));
  });

  it('end the search of a ticket that is taken back', () => {
    const crowd = Array.from({ length: 300 }, (_, i) => ticket(`x${i}`, '200', { rounds: 1 }));
    const looker = ticket('ann', '200');
    const groups = [];
    for (const group of formGroups([...crowd, looker], defaults)) {
      if (group) groups.push(group);
      looker.isWaiting = false;
    }
    assert.deepEqual(groups, []);
    assert.ok(crowd.every(({ isWaiting }) => isWaiting));
  });
});
