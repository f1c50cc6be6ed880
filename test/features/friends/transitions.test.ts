import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type EdgeState, type FriendAction, transitionOf } from '../../../src/features/friends/transitions.ts';

type Entry = EdgeState | null;
const none = null;
const [friend, sent, received, blocked] = [0, 1, 2, 3] as const;

/** Before: mine, theirs. After: mine, theirs, what they are told. Without the second: nothing changes. */
const table: Record<FriendAction, [[Entry, Entry], [Entry, Entry, string | null]?][]> = {
  add: [
    [
      [none, none],
      [sent, received, 'invited'],
    ],
    [[sent, received]],
    [
      [received, sent],
      [friend, friend, 'accepted'],
    ],
    [[friend, friend]],
    [[blocked, none]],
    [[none, blocked]],
    [[blocked, blocked]],
  ],
  delete: [
    [[none, none]],
    [
      [sent, received],
      [none, none, 'removed'],
    ],
    [
      [received, sent],
      [none, none, 'removed'],
    ],
    [
      [friend, friend],
      [none, none, 'removed'],
    ],
    [
      [blocked, none],
      [none, none, null],
    ],
    [[none, blocked]],
    [
      [blocked, blocked],
      [none, blocked, null],
    ],
  ],
  block: [
    [
      [none, none],
      [blocked, none, null],
    ],
    [
      [sent, received],
      [blocked, none, null],
    ],
    [
      [received, sent],
      [blocked, none, null],
    ],
    [
      [friend, friend],
      [blocked, none, null],
    ],
    [[blocked, none]],
    [
      [none, blocked],
      [blocked, blocked, null],
    ],
    [[blocked, blocked]],
  ],
  import: [
    [
      [none, none],
      [friend, friend, 'joined'],
    ],
    [
      [sent, received],
      [friend, friend, 'joined'],
    ],
    [
      [received, sent],
      [friend, friend, 'joined'],
    ],
    [[friend, friend]],
    [[blocked, none]],
    [[none, blocked]],
    [[blocked, blocked]],
  ],
};

const names = ['friend', 'sent', 'received', 'blocked'];
const nameOf = (entry: Entry) => (entry === null ? 'none' : names[entry]);

for (const [action, rows] of Object.entries(table)) {
  describe(action, () => {
    for (const [[mine, theirs], expected] of rows) {
      it(`${nameOf(mine)} / ${nameOf(theirs)} ${expected ? `becomes ${nameOf(expected[0])} / ${nameOf(expected[1])}` : 'stays'}`, () => {
        const [mineAfter, theirsAfter, news] = expected ?? [mine, theirs, null];
        assert.deepEqual(transitionOf(action as FriendAction, { mine, theirs }), {
          after: { mine: mineAfter, theirs: theirsAfter },
          news,
        });
      });
    }
  });
}
