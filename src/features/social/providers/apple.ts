import { refused, requireConfigured, requireText } from '../errors.ts';
import type { IdentityProvider, Profile } from '../provider.ts';
import { SignedTokens, verifiedEmail } from '../signed-tokens.ts';
import type { WebClient } from '../web-client.ts';

export interface AppleSettings {
  /** The apps' bundle ids, with commas; empty: not configured. */
  readonly bundle_id: string;
  readonly certs_url: string;
  readonly issuer: string;
}

/** Sign in with Apple, by its identity token. The reference does not look at whom a token is for; here it must be us. */
export class AppleProvider implements IdentityProvider<string> {
  readonly name = 'Apple';
  readonly column = 'apple_id';
  readonly #audiences: readonly string[];
  readonly #tokens: SignedTokens;

  constructor(settings: AppleSettings, web: WebClient) {
    this.#audiences = settings.bundle_id.split(',').flatMap((id) => id.trim() || []);
    this.#tokens = new SignedTokens(
      { provider: this.name, certsUrl: settings.certs_url, issuers: [settings.issuer], audiences: this.#audiences },
      web,
    );
  }

  check(token: string): void {
    requireConfigured(this.name, this.#audiences.length > 0);
    requireText(token, 'an Apple identity token');
  }

  async verify(token: string): Promise<Profile> {
    if (this.#audiences.length === 0) throw refused(this.name, new Error('social.apple.bundle_id is not set'));
    const claims = await this.#tokens.verify(token);
    return { id: claims.sub, email: verifiedEmail(claims) };
  }
}
