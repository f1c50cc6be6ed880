/** A service from which friends can be imported. */
export type FriendService = 'facebook' | 'steam';

/** Asks such a service for the friends of whoever a token belongs to. */
export interface FriendSource {
  /**
   * The friends' ids on that service.
   * @throws StatusError UNAUTHENTICATED when it does not know the token
   */
  friendIdsOf(token: string): Promise<readonly string[]>;
}

/** The services that are set up. */
export type FriendSources = { readonly [service in FriendService]?: FriendSource | undefined };
