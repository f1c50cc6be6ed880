import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  decodeFriendOfFriendPlace,
  decodeFriendPlace,
  encodeFriendOfFriendPlace,
  encodeFriendPlace,
} from '../../../src/features/friends/cursor.ts';
import { Status } from '../../../src/protocol/status.ts';

const refused = { code: Status.INVALID_ARGUMENT };
const ids = ['0a0a0a0a-1111-4222-8333-444444444444', '0b0b0b0b-1111-4222-8333-444444444444'] as const;

it('a place comes back from its cursor, to the nanosecond', () => {
  const place = { state: 1, position: 1_767_225_600_123_456_789n } as const;
  assert.deepEqual(decodeFriendPlace(encodeFriendPlace(place), undefined), place);
  assert.deepEqual(decodeFriendPlace(encodeFriendPlace(place), 1), place);
});

it('a cursor is refused with another state', () => {
  assert.throws(() => decodeFriendPlace(encodeFriendPlace({ state: 1, position: 5n }), 0), refused);
});

it('text that is no cursor is refused', () => {
  const texts = ['nonsense', '4.1', '1.', '1.-5', '1.9223372036854775808', `${ids[0]}.x`];
  for (const text of texts) {
    const cursor = Buffer.from(text).toString('base64url');
    assert.throws(() => decodeFriendPlace(cursor, undefined), refused, text);
    assert.throws(() => decodeFriendOfFriendPlace(cursor), refused, text);
  }
});

it('a place among friends of friends comes back from its cursor', () => {
  const place = { referrerId: ids[0], userId: ids[1] };
  assert.deepEqual(decodeFriendOfFriendPlace(encodeFriendOfFriendPlace(place)), place);
});
