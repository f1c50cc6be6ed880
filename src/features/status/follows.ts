/**
 * Which sessions follow which users. A follow belongs to the session that made it and ends with it.
 */
export class Follows {
  readonly #followersOf = new Map<string, Set<string>>();
  readonly #followedBy = new Map<string, Set<string>>();

  /** Following somebody again changes nothing. */
  add(sessionId: string, userIds: Iterable<string>): void {
    for (const userId of userIds) {
      const followed = this.#followedBy.get(sessionId);
      if (followed) followed.add(userId);
      else this.#followedBy.set(sessionId, new Set([userId]));
      const followers = this.#followersOf.get(userId);
      if (followers) followers.add(sessionId);
      else this.#followersOf.set(userId, new Set([sessionId]));
    }
  }

  remove(sessionId: string, userIds: Iterable<string>): void {
    const followed = this.#followedBy.get(sessionId);
    if (!followed) return;
    for (const userId of userIds) if (followed.delete(userId)) this.#forget(sessionId, userId);
    if (followed.size === 0) this.#followedBy.delete(sessionId);
  }

  /** Ends all follows of a session. */
  removeSession(sessionId: string): void {
    for (const userId of this.#followedBy.get(sessionId) ?? []) this.#forget(sessionId, userId);
    this.#followedBy.delete(sessionId);
  }

  /** How many users the session would follow with these. */
  countWith(sessionId: string, userIds: readonly string[]): number {
    const followed = this.#followedBy.get(sessionId) ?? nobody;
    const added = new Set(userIds.filter((userId) => !followed.has(userId)));
    return followed.size + added.size;
  }

  followersOf(userId: string): ReadonlySet<string> {
    return this.#followersOf.get(userId) ?? nobody;
  }

  #forget(sessionId: string, userId: string): void {
    const followers = this.#followersOf.get(userId);
    followers?.delete(sessionId);
    if (followers?.size === 0) this.#followersOf.delete(userId);
  }
}

const nobody: ReadonlySet<string> = new Set();
