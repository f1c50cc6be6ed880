import type { Config } from '../../../config/config.ts';
import { WebClient } from '../web-client.ts';
import { AppleProvider } from './apple.ts';
import { FacebookProvider } from './facebook.ts';
import { FacebookInstantGamesProvider } from './facebook-instant-games.ts';
import { GameCenterProvider } from './game-center.ts';
import { GoogleProvider } from './google.ts';
import { SteamProvider } from './steam.ts';

/** The companies whose accounts are a way in. */
export interface Providers {
  readonly apple: AppleProvider;
  readonly facebook: FacebookProvider;
  readonly facebookInstantGames: FacebookInstantGamesProvider;
  readonly gameCenter: GameCenterProvider;
  readonly google: GoogleProvider;
  readonly steam: SteamProvider;
}

/** @throws Error when a setting cannot be understood */
export function createProviders({ social, google_auth }: Pick<Config, 'social' | 'google_auth'>): Providers {
  const webOf = (name: string) => new WebClient(name, social.timeout_ms);
  return {
    apple: new AppleProvider(social.apple, webOf('Apple')),
    facebook: new FacebookProvider(social.facebook, social.facebook_limited_login, webOf('Facebook')),
    facebookInstantGames: new FacebookInstantGamesProvider(social.facebook_instant_game),
    gameCenter: new GameCenterProvider(social.gamecenter, webOf('Game Center')),
    google: new GoogleProvider(social.google, google_auth.credentials_json, webOf('Google')),
    steam: new SteamProvider(social.steam, webOf('Steam')),
  };
}
