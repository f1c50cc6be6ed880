import { refused, requireText, unavailable } from '../errors.ts';
import { textAt } from '../json-fields.ts';
import type { IdentityProvider, Profile } from '../provider.ts';
import { isSignedToken, SignedTokens, verifiedEmail } from '../signed-tokens.ts';
import type { WebClient } from '../web-client.ts';
import { type GoogleCredentials, readGoogleCredentials } from './google-credentials.ts';

export interface GoogleSettings {
  /** Who tokens may be for; empty: anybody, as in the reference. */
  readonly client_ids: readonly string[];
  readonly certs_url: string;
  readonly issuers: readonly string[];
  readonly players_url: string;
}

/** Google, by the ID token of Google sign-in or by the server auth code of Google Play Games. */
export class GoogleProvider implements IdentityProvider<string> {
  readonly name = 'Google';
  readonly column = 'google_id';
  readonly fillsProfile = true;
  readonly #settings: GoogleSettings;
  readonly #credentials: GoogleCredentials | null;
  readonly #tokens: SignedTokens;
  readonly #web: WebClient;

  /** @throws Error when the client secrets are there but are none */
  constructor(settings: GoogleSettings, credentialsJson: string, web: WebClient) {
    this.#settings = settings;
    this.#credentials = credentialsJson === '' ? null : readGoogleCredentials(credentialsJson);
    this.#web = web;
    this.#tokens = new SignedTokens(
      {
        provider: this.name,
        certsUrl: settings.certs_url,
        issuers: settings.issuers,
        audiences: settings.client_ids,
      },
      web,
    );
  }

  check(token: string): void {
    requireText(token, 'a Google token');
  }

  async verify(token: string): Promise<Profile> {
    return isSignedToken(token) ? this.#byIdToken(token) : this.#byAuthCode(token);
  }

  async #byIdToken(token: string): Promise<Profile> {
    const claims = await this.#tokens.verify(token);
    return {
      id: claims.sub,
      displayName: textAt(claims, 'name'),
      avatarUrl: textAt(claims, 'picture'),
      email: verifiedEmail(claims),
    };
  }

  /** Source of the requests: Google's "Server-side access to Play Games services", and RFC 6749, 4.1.3. */
  async #byAuthCode(code: string): Promise<Profile> {
    if (!this.#credentials) throw refused(this.name, new Error('neither an ID token, nor are there credentials'));
    const { tokenUrl, clientId, clientSecret, redirectUrl } = this.#credentials;
    const granted = await this.#web.getJson(new URL(tokenUrl), {
      form: {
        grant_type: 'authorization_code',
        code,
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uri: redirectUrl,
      },
    });
    const accessToken = textAt(granted, 'access_token');
    if (accessToken === undefined) throw unavailable(this.name, new Error('the grant has no access token'));
    const player = await this.#web.getJson(new URL(this.#settings.players_url), {
      headers: { Authorization: `Bearer ${accessToken}` },
    });
    const id = textAt(player, 'playerId');
    if (id === undefined) throw unavailable(this.name, new Error('the player has no id'));
    const formerId = textAt(player, 'originalPlayerId');
    return {
      id,
      ...(formerId !== id && { formerId }),
      displayName: textAt(player, 'displayName'),
      avatarUrl: textAt(player, 'avatarImageUrl'),
    };
  }
}
