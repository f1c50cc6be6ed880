/** How a user stands to another, as the entry (edge) that they own says. Source: the protocol's Friend.State. */
export const EdgeState = { FRIEND: 0, INVITE_SENT: 1, INVITE_RECEIVED: 2, BLOCKED: 3 } as const;
export type EdgeState = (typeof EdgeState)[keyof typeof EdgeState];

/** The entries of two users about each other, from one side; null for none. */
export interface Relationship {
  readonly mine: EdgeState | null;
  readonly theirs: EdgeState | null;
}

/** What one user can do about another; `import` is what a common friendship on another service does. */
export type FriendAction = 'add' | 'delete' | 'block' | 'import';

/** What the other one is told. */
export type FriendNews = 'invited' | 'accepted' | 'removed' | 'joined';

/** What becomes of a relationship. */
export interface Transition {
  readonly after: Relationship;
  /** null when nobody is told. */
  readonly news: FriendNews | null;
}

const { FRIEND, INVITE_SENT, INVITE_RECEIVED, BLOCKED } = EdgeState;

/** What an action makes of a relationship. What it does not apply to stays as it is, and nobody is told. */
export function transitionOf(action: FriendAction, before: Relationship): Transition {
  switch (action) {
    case 'add':
      return add(before);
    case 'delete':
      return remove(before);
    case 'block':
      return block(before);
    case 'import':
      return befriend(before);
  }
}

function add(before: Relationship): Transition {
  const { mine, theirs } = before;
  if (mine === null && theirs === null) {
    return { after: { mine: INVITE_SENT, theirs: INVITE_RECEIVED }, news: 'invited' };
  }
  if (mine === INVITE_RECEIVED && theirs === INVITE_SENT) {
    return { after: { mine: FRIEND, theirs: FRIEND }, news: 'accepted' };
  }
  return unchanged(before);
}

/** Their block is theirs to lift. Lifting one's own is told to nobody, withdrawing and turning down are. */
function remove({ mine, theirs }: Relationship): Transition {
  const after = { mine: null, theirs: theirs === BLOCKED ? theirs : null };
  return { after, news: mine !== null && theirs !== null && theirs !== BLOCKED ? 'removed' : null };
}

function block({ theirs }: Relationship): Transition {
  return { after: { mine: BLOCKED, theirs: theirs === BLOCKED ? theirs : null }, news: null };
}

function befriend(before: Relationship): Transition {
  const { mine, theirs } = before;
  const isBlocked = mine === BLOCKED || theirs === BLOCKED;
  if (isBlocked || (mine === FRIEND && theirs === FRIEND)) return unchanged(before);
  return { after: { mine: FRIEND, theirs: FRIEND }, news: 'joined' };
}

function unchanged(before: Relationship): Transition {
  return { after: before, news: null };
}
