/** A join of a group's channel that waits for the database to say whether the user is a member. */
export interface PendingJoin {
  readonly groupId: string;
  readonly userId: string;
  /** True when the user has left the group meanwhile, or the group has ended: what the database says may be old. */
  isRevoked: boolean;
}

/**
 * The joins of group channels that are under way. A user who is kicked while one of theirs waits would otherwise come
 * into the channel after having been taken out of it.
 */
export class PendingJoins {
  readonly #pending = new Set<PendingJoin>();

  begin(groupId: string, userId: string): PendingJoin {
    const join = { groupId: groupId.toLowerCase(), userId, isRevoked: false };
    this.#pending.add(join);
    return join;
  }

  end(join: PendingJoin): void {
    this.#pending.delete(join);
  }

  /** Revokes the joins of a user, or of everybody. */
  revoke(groupId: string, userId?: string): void {
    for (const join of this.#pending) {
      if (join.groupId === groupId && (userId === undefined || join.userId === userId)) join.isRevoked = true;
    }
  }
}
