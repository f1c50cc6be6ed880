import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, type JWTPayload, SignJWT } from 'jose';
import { type Config, createConfig, type Value } from '../../../src/config/config.ts';
import type { Key } from '../../../src/config/schema.ts';
import type { GameCenterCredentials } from '../../../src/features/social/providers/game-center.ts';
import { selfSignedCertificate } from './certificate.ts';

/** A pair of RSA keys with its name. */
export interface SigningKey {
  readonly kid: string;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

export function signingKey(kid: string): SigningKey {
  return { kid, ...generateKeyPairSync('rsa', { modulusLength: 2048 }) };
}

/** What a token says beside the defaults. */
export interface TokenChange {
  readonly claims?: JWTPayload;
  readonly issuer?: string;
  readonly audience?: string;
  /** In seconds from now. */
  readonly expiresInSec?: number;
  readonly key?: SigningKey;
}

export const APPLE_BUNDLE = 'org.example.game';
export const GOOGLE_CLIENT = 'game.apps.googleusercontent.example';
export const FACEBOOK_APP = '123456789';
const INSTANT_GAMES_SECRET = 'instant-secret';
const STEAM_KEY = 'steam-publisher-key';
const PLAY_GAMES_SECRET = 'play-games-secret';

/** Apple, Facebook, Google and Steam in one local server, with keys of their own. What they know is set by the tests. */
export class FakeCompanies {
  readonly key = signingKey('first');
  /** The keys that are published. */
  published: SigningKey[] = [this.key];
  /** Access tokens of Facebook, with the answer of `/me`. */
  readonly facebookUsers = new Map<string, object>();
  /** Access tokens of Facebook, with the ids of friends, a page each. */
  readonly facebookFriends = new Map<string, string[][]>();
  /** Session tickets of Steam, with the Steam id. */
  readonly steamTickets = new Map<string, string>();
  /** Steam ids, with those of friends; who is not here keeps them private. */
  readonly steamFriends = new Map<string, string[]>();
  /** Auth codes of Google Play Games, with the answer of `players/me`. */
  readonly playGamesCodes = new Map<string, object>();
  /** Every request is answered with this status when it is set. */
  brokenStatus: number | undefined;
  /** Paths that were asked for. */
  readonly requests: string[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    server.on('request', (request, response) => void this.#answer(request, response));
  }

  static async start(): Promise<FakeCompanies> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new FakeCompanies(server);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  count(path: string): number {
    return this.requests.filter((asked) => asked === path).length;
  }

  /** Settings under which a server takes this one for all the companies. */
  settings(values: Partial<Record<Key, Value>> = {}): Partial<Record<Key, Value>> {
    return {
      'social.apple.bundle_id': APPLE_BUNDLE,
      'social.apple.certs_url': `${this.url}/keys`,
      'social.google.client_ids': [GOOGLE_CLIENT],
      'social.google.certs_url': `${this.url}/keys`,
      'social.google.players_url': `${this.url}/players/me`,
      'google_auth.credentials_json': JSON.stringify({
        web: {
          client_id: GOOGLE_CLIENT,
          client_secret: PLAY_GAMES_SECRET,
          redirect_uris: ['https://game.example'],
          token_uri: `${this.url}/token`,
        },
      }),
      'social.facebook.graph_url': `${this.url}/graph`,
      'social.facebook_limited_login.app_id': FACEBOOK_APP,
      'social.facebook_limited_login.certs_url': `${this.url}/keys`,
      'social.facebook_instant_game.app_secret': INSTANT_GAMES_SECRET,
      'social.steam.publisher_key': STEAM_KEY,
      'social.steam.app_id': 480,
      'social.steam.api_url': `${this.url}/steam/`,
      'social.gamecenter.key_origin': this.url,
      ...values,
    };
  }

  config(values: Partial<Record<Key, Value>> = {}): Config {
    return createConfig(this.settings(values));
  }

  appleToken(subject: string, change: TokenChange = {}): Promise<string> {
    return this.#token(subject, { issuer: 'https://appleid.apple.com', audience: APPLE_BUNDLE, ...change });
  }

  googleToken(subject: string, change: TokenChange = {}): Promise<string> {
    return this.#token(subject, { issuer: 'https://accounts.google.com', audience: GOOGLE_CLIENT, ...change });
  }

  limitedLoginToken(subject: string, change: TokenChange = {}): Promise<string> {
    return this.#token(subject, { issuer: 'https://www.facebook.com', audience: FACEBOOK_APP, ...change });
  }

  /** Player information of Facebook Instant Games. */
  playerInfo(playerId: string, secret = INSTANT_GAMES_SECRET, algorithm = 'HMAC-SHA256'): string {
    const payload = Buffer.from(JSON.stringify({ algorithm, player_id: playerId, issued_at: 1_700_000_000 }));
    const text = payload.toString('base64url');
    return `${createHmac('sha256', secret).update(text).digest('base64url')}.${text}`;
  }

  /** What GameKit gives a player's device. */
  gameCenterProof(playerId: string): GameCenterCredentials {
    const salt = Buffer.from('a pinch of salt');
    const timestampSeconds = 1_700_000_000_123n;
    const time = Buffer.alloc(8);
    time.writeBigUInt64BE(timestampSeconds);
    const signed = Buffer.concat([Buffer.from(playerId), Buffer.from(APPLE_BUNDLE), time, salt]);
    return {
      playerId,
      bundleId: APPLE_BUNDLE,
      timestampSeconds,
      salt: salt.toString('base64'),
      signature: sign('sha256', signed, this.key.privateKey).toString('base64'),
      publicKeyUrl: `${this.url}/public-key/gc-prod-1.cer`,
    };
  }

  async #token(subject: string, change: TokenChange): Promise<string> {
    const { claims = {}, issuer = '', audience = '', expiresInSec = 600, key = this.key } = change;
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: key.kid })
      .setSubject(subject)
      .setIssuer(issuer)
      .setAudience(audience)
      .setExpirationTime(Math.floor(Date.now() / 1000) + expiresInSec)
      .sign(key.privateKey);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, this.url);
    this.requests.push(url.pathname);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const form = new URLSearchParams(Buffer.concat(chunks).toString());
    const [status, body] =
      this.brokenStatus === undefined
        ? await this.#find(url, form, request.headers.authorization)
        : ([this.brokenStatus, { secret: 'an answer that nobody should see' }] as const);
    response.writeHead(status).end(Buffer.isBuffer(body) ? body : JSON.stringify(body));
  }

  async #find(url: URL, form: URLSearchParams, authorization = ''): Promise<readonly [number, unknown]> {
    const query = (name: string) => url.searchParams.get(name) ?? '';
    switch (url.pathname) {
      case '/keys': {
        const keys = this.published.map(async ({ kid, publicKey }) => ({
          ...(await exportJWK(publicKey)),
          kid,
          alg: 'RS256',
          use: 'sig',
        }));
        return [200, { keys: await Promise.all(keys) }];
      }
      case '/public-key/gc-prod-1.cer':
        return [200, selfSignedCertificate(this.key.publicKey, this.key.privateKey)];
      case '/graph/me': {
        const user = this.facebookUsers.get(query('access_token'));
        return user ? [200, user] : [400, { error: { message: 'an answer that nobody should see' } }];
      }
      case '/graph/me/friends':
        return this.#friendsPage(query('access_token'), Number(query('after') || 0));
      case '/steam/ISteamUserAuth/AuthenticateUserTicket/v1/': {
        if (query('key') !== STEAM_KEY || query('appid') !== '480') return [403, {}];
        const steamid = this.steamTickets.get(query('ticket'));
        const error = { errorcode: 101, errordesc: 'an answer that nobody should see' };
        return [200, { response: steamid ? { params: { result: 'OK', steamid, ownersteamid: steamid } } : { error } }];
      }
      case '/steam/ISteamUser/GetFriendList/v0001/': {
        if (query('key') !== STEAM_KEY) return [403, {}];
        const friends = this.steamFriends.get(query('steamid'));
        return friends ? [200, { friendslist: { friends: friends.map((steamid) => ({ steamid })) } }] : [401, {}];
      }
      case '/token': {
        const code = form.get('code') ?? '';
        const isGood = form.get('client_secret') === PLAY_GAMES_SECRET && this.playGamesCodes.has(code);
        return isGood ? [200, { access_token: `access ${code}` }] : [400, { error: 'invalid_grant' }];
      }
      case '/players/me': {
        const player = this.playGamesCodes.get(authorization.replace('Bearer access ', ''));
        return player ? [200, player] : [401, {}];
      }
      default:
        return [404, {}];
    }
  }

  #friendsPage(token: string, page: number): readonly [number, unknown] {
    const pages = this.facebookFriends.get(token);
    if (!pages) return [400, {}];
    const isLast = page + 1 >= pages.length;
    const data = pages[page]!.map((id) => ({ id }));
    const cursors = { before: String(page), after: String(page + 1) };
    return [200, { data, paging: { cursors, ...(!isLast && { next: 'http://not.followed.example/' }) } }];
  }
}
