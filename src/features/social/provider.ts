import type { ProviderColumn } from '../authentication/index.ts';
import type { FriendService } from '../friends/index.ts';

/** What a company says of the person whose credentials it has verified. */
export interface Profile {
  /** The account's id at the company. */
  readonly id: string;
  /** Under which the company knew the same person before. */
  readonly formerId?: string | undefined;
  readonly displayName?: string | undefined;
  readonly avatarUrl?: string | undefined;
  /** Verified by the company. */
  readonly email?: string | undefined;
}

/** A company whose accounts are a way in. `Credentials` is what a client of it sends. */
export interface IdentityProvider<Credentials> {
  /** In texts for people: `Apple`. */
  readonly name: string;
  readonly column: ProviderColumn;
  /** Whether signing in again fills a display name and an avatar that the account lacks. */
  readonly fillsProfile?: boolean;
  /**
   * What can be said without asking anybody.
   * @throws StatusError FAILED_PRECONDITION when it is not configured, INVALID_ARGUMENT when something is missing
   */
  check(credentials: Credentials): void;
  /** @throws StatusError UNAUTHENTICATED when the company does not vouch for them, UNAVAILABLE when it does not answer */
  verify(credentials: Credentials): Promise<Profile>;
}

/** A company that also knows who a person's friends are. */
export interface FriendProvider<Credentials> extends IdentityProvider<Credentials> {
  /** What friends from it are called. */
  readonly friendService: FriendService;
  /** Ids at the company of the friends who play this game too, as many as its bound allows. */
  friendIds(credentials: Credentials, id: string): Promise<readonly string[]>;
}
