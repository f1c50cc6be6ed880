import type { Log } from '../../observability/log.ts';
import { Status, StatusError } from '../../protocol/status.ts';
import { checkUsername } from '../accounts/index.ts';
import type { AuthenticationService, SignedIn, SignInOptions } from '../authentication/index.ts';
import type { Friends } from '../friends/index.ts';
import type { LinkingService } from '../linking/index.ts';
import { storable } from './profile-limits.ts';
import type { FriendProvider, IdentityProvider, Profile } from './provider.ts';

export interface SocialDependencies {
  readonly authentication: AuthenticationService;
  readonly linking: LinkingService;
  readonly friends: Pick<Friends, 'importKnown'>;
  readonly log: Log;
}

/** Whose account it is. */
export interface Owner {
  readonly userId: string;
  readonly username: string;
}

/** Ways in by the accounts of other companies: signing in, linking and unlinking. */
export class SocialService {
  readonly #authentication: AuthenticationService;
  readonly #linking: LinkingService;
  readonly #friends: Pick<Friends, 'importKnown'>;
  readonly #log: Log;

  constructor({ authentication, linking, friends, log }: SocialDependencies) {
    this.#authentication = authentication;
    this.#linking = linking;
    this.#friends = friends;
    this.#log = log;
  }

  /** @throws StatusError as the provider's `check` and `verify`, and as signing in by any other way */
  async signIn<C>(provider: IdentityProvider<C>, credentials: C, options: SignInOptions): Promise<SignedIn> {
    const { signedIn } = await this.#signIn(provider, credentials, options);
    return signedIn;
  }

  /** As {@link signIn}, importing friends if asked to; that they cannot be had does not keep anybody out. */
  async signInWithFriends<C>(
    provider: FriendProvider<C>,
    credentials: C,
    options: SignInOptions & { readonly importFriends: boolean },
  ): Promise<SignedIn> {
    const { signedIn, profile } = await this.#signIn(provider, credentials, options);
    if (options.importFriends) await this.#importFriends(provider, credentials, profile, signedIn);
    return signedIn;
  }

  /** @throws StatusError ALREADY_EXISTS when it is another account's, and as the provider's `check` and `verify` */
  async link<C>(provider: IdentityProvider<C>, userId: string, credentials: C): Promise<void> {
    await this.#link(provider, userId, credentials);
  }

  /** As {@link link}, importing friends if asked to; that they cannot be had does not undo it. */
  async linkWithFriends<C>(
    provider: FriendProvider<C>,
    owner: Owner,
    credentials: C,
    importFriends: boolean,
  ): Promise<void> {
    const profile = await this.#link(provider, owner.userId, credentials);
    if (importFriends) await this.#importFriends(provider, credentials, profile, owner);
  }

  /**
   * @param credentials when given they must be valid and of the linked account
   * @throws StatusError PERMISSION_DENIED when it is not linked, another one, or the last way in
   */
  async unlink<C>(provider: IdentityProvider<C>, userId: string, credentials: C | undefined): Promise<void> {
    const id = credentials === undefined ? undefined : (await this.#verify(provider, credentials)).id;
    await this.#linking.unlink(userId, provider.column, id);
  }

  async #signIn<C>(provider: IdentityProvider<C>, credentials: C, options: SignInOptions) {
    provider.check(credentials);
    if (options.username !== '') checkUsername(options.username);
    const profile = await this.#verify(provider, credentials);
    return { profile, signedIn: await this.#authentication.byProvider(storable(provider, profile), options) };
  }

  async #link<C>(provider: IdentityProvider<C>, userId: string, credentials: C): Promise<Profile> {
    provider.check(credentials);
    const profile = await this.#verify(provider, credentials);
    await this.#linking.linkProvider(userId, storable(provider, profile), `${provider.name} account`);
    return profile;
  }

  /** Why somebody was refused is for the log only; that a company cannot be reached is for whoever runs the server. */
  async #verify<C>(provider: IdentityProvider<C>, credentials: C): Promise<Profile> {
    try {
      return await provider.verify(credentials);
    } catch (error) {
      const isRefusal = error instanceof StatusError && error.code === Status.UNAUTHENTICATED;
      const fields = { provider: provider.name, reason: reasonOf(error) };
      if (isRefusal) this.#log.debug(fields, 'credentials refused');
      else this.#log.warn(fields, 'a company for signing in does not answer');
      throw error;
    }
  }

  async #importFriends<C>(provider: FriendProvider<C>, credentials: C, profile: Profile, owner: Owner): Promise<void> {
    try {
      const theirIds = await provider.friendIds(credentials, profile.id);
      await this.#friends.importKnown(provider.friendService, owner, theirIds, false);
    } catch (error) {
      this.#log.warn({ provider: provider.name, reason: reasonOf(error) }, 'friends were not imported');
    }
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
