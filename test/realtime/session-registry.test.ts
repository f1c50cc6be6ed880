import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Session } from '../../src/realtime/session.ts';
import { SessionRegistry } from '../../src/realtime/session-registry.ts';

const session = (id: string, userId: string) => ({ id, userId }) as Session;

describe('SessionRegistry', () => {
  it('finds sessions by id and all those of a user, oldest first', () => {
    const registry = new SessionRegistry();
    const [phone, laptop, other] = [session('1', 'ken'), session('2', 'ken'), session('3', 'dennis')];
    for (const one of [phone, laptop, other]) registry.add(one);
    assert.equal(registry.get('2'), laptop);
    assert.deepEqual(registry.ofUser('ken'), [phone, laptop]);
    assert.deepEqual(registry.ofUser('dennis'), [other]);
    assert.deepEqual(registry.ofUser('nobody'), []);
    assert.equal(registry.count, 3);
  });

  it('forgets a session that has ended and keeps the user’s others', () => {
    const registry = new SessionRegistry();
    const [phone, laptop] = [session('1', 'ken'), session('2', 'ken')];
    registry.add(phone);
    registry.add(laptop);
    registry.remove('1');
    registry.remove('1');
    assert.deepEqual(registry.ofUser('ken'), [laptop]);
    registry.remove('2');
    assert.deepEqual(registry.ofUser('ken'), []);
    assert.equal(registry.count, 0);
  });
});
