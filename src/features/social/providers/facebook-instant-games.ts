import { createHmac, timingSafeEqual } from 'node:crypto';
import { refused, requireConfigured, requireText } from '../errors.ts';
import { textAt } from '../json-fields.ts';
import type { IdentityProvider, Profile } from '../provider.ts';

export interface InstantGamesSettings {
  /** Empty: not configured. */
  readonly app_secret: string;
}

/** Facebook Instant Games, by the player information that Facebook signs with the app's secret. */
export class FacebookInstantGamesProvider implements IdentityProvider<string> {
  readonly name = 'Facebook Instant Games';
  readonly column = 'facebook_instant_game_id';
  readonly #secret: string;

  constructor(settings: InstantGamesSettings) {
    this.#secret = settings.app_secret;
  }

  check(signedPlayerInfo: string): void {
    requireText(signedPlayerInfo, 'signed player information');
    requireConfigured(this.name, this.#secret !== '');
  }

  /** Source of the format: Facebook's `getSignedPlayerInfoAsync`: signature and payload, base64url, with a dot between. */
  async verify(signedPlayerInfo: string): Promise<Profile> {
    // Anybody can sign with an empty key.
    if (this.#secret === '') throw this.#refused('social.facebook_instant_game.app_secret is not set');
    const [signature, payload, ...more] = signedPlayerInfo.split('.');
    if (signature === undefined || payload === undefined || more.length > 0) throw this.#refused('not two parts');
    const expected = createHmac('sha256', this.#secret).update(payload).digest();
    const given = Buffer.from(signature, 'base64url');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw this.#refused('wrong signature');
    const info = this.#parse(payload);
    const algorithm = textAt(info, 'algorithm');
    if (algorithm !== 'HMAC-SHA256' && algorithm !== 'HS256') throw this.#refused('another algorithm');
    const id = textAt(info, 'player_id');
    if (id === undefined) throw this.#refused('no player id');
    return { id };
  }

  #parse(payload: string): unknown {
    try {
      return JSON.parse(Buffer.from(payload, 'base64url').toString());
    } catch {
      throw this.#refused('the payload is not JSON');
    }
  }

  #refused(reason: string): Error {
    return refused(this.name, new Error(reason));
  }
}
