import { refused, requireText, unavailable } from '../errors.ts';
import { listAt, textAt } from '../json-fields.ts';
import type { FriendProvider, Profile } from '../provider.ts';
import { isSignedToken, SignedTokens } from '../signed-tokens.ts';
import { urlBelow, type WebClient } from '../web-client.ts';

/** Most pages of friends that are read: Facebook's limit of 5,000 friends. */
const MAX_FRIEND_PAGES = 50;
const FRIENDS_PER_PAGE = 100;

export interface FacebookSettings {
  readonly graph_url: string;
}

export interface LimitedLoginSettings {
  /** Empty: Limited Login is not configured, and its tokens are refused. */
  readonly app_id: string;
  readonly certs_url: string;
  readonly issuers: readonly string[];
}

/**
 * Facebook, by the access token of its login or the signed token of Limited Login. The reference does not look at whom
 * a signed token is for; here it must be the configured app.
 */
export class FacebookProvider implements FriendProvider<string> {
  readonly name = 'Facebook';
  readonly column = 'facebook_id';
  readonly friendService = 'facebook';
  readonly #graphUrl: string;
  readonly #appId: string;
  readonly #tokens: SignedTokens;
  readonly #web: WebClient;

  constructor(facebook: FacebookSettings, limitedLogin: LimitedLoginSettings, web: WebClient) {
    this.#graphUrl = facebook.graph_url;
    this.#appId = limitedLogin.app_id;
    this.#web = web;
    this.#tokens = new SignedTokens(
      {
        provider: this.name,
        certsUrl: limitedLogin.certs_url,
        issuers: limitedLogin.issuers,
        audiences: [limitedLogin.app_id],
      },
      web,
    );
  }

  check(token: string): void {
    requireText(token, 'a Facebook access token');
  }

  async verify(token: string): Promise<Profile> {
    return isSignedToken(token) ? this.#byLimitedLogin(token) : this.#byAccessToken(token);
  }

  /** Those who use the same app, as far as the person lets it know. Limited Login tells nothing of friends. */
  async friendIds(token: string): Promise<readonly string[]> {
    if (isSignedToken(token)) return [];
    const ids: string[] = [];
    let after = '';
    for (let page = 0; page < MAX_FRIEND_PAGES; page++) {
      const friends = await this.#ask('/me/friends', {
        access_token: token,
        fields: 'id',
        limit: String(FRIENDS_PER_PAGE),
        ...(after !== '' && { after }),
      });
      ids.push(...listAt(friends, 'data').flatMap((friend) => textAt(friend, 'id') ?? []));
      after = textAt(friends, 'paging', 'cursors', 'after') ?? '';
      if (textAt(friends, 'paging', 'next') === undefined || after === '') break;
    }
    return ids;
  }

  async #byAccessToken(token: string): Promise<Profile> {
    const me = await this.#ask('/me', { access_token: token, fields: 'id,name,email,picture' });
    const id = textAt(me, 'id');
    if (id === undefined) throw unavailable(this.name, new Error('the profile has no id'));
    return {
      id,
      displayName: textAt(me, 'name'),
      avatarUrl: textAt(me, 'picture', 'data', 'url'),
      email: textAt(me, 'email'),
    };
  }

  async #byLimitedLogin(token: string): Promise<Profile> {
    if (this.#appId === '') throw refused(this.name, new Error('social.facebook_limited_login.app_id is not set'));
    const claims = await this.#tokens.verify(token);
    return {
      id: claims.sub,
      displayName: textAt(claims, 'name'),
      avatarUrl: textAt(claims, 'picture'),
      email: textAt(claims, 'email'),
    };
  }

  #ask(path: string, query: Readonly<Record<string, string>>): Promise<unknown> {
    return this.#web.getJson(urlBelow(this.#graphUrl, path, query));
  }
}
