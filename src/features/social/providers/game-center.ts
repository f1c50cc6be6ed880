import { type KeyObject, verify, X509Certificate } from 'node:crypto';
import { invalidArgument } from '../../../protocol/status.ts';
import { refused, requireText } from '../errors.ts';
import type { IdentityProvider, Profile } from '../provider.ts';
import type { WebClient } from '../web-client.ts';

/** Certificates that are kept; Apple has a handful in use. */
const MAX_KEPT_KEYS = 16;

export interface GameCenterSettings {
  /** Where public keys must be from: `https://*.apple.com`. */
  readonly key_origin: string;
}

/** What a player's device got from GameKit. */
export interface GameCenterCredentials {
  readonly playerId: string;
  readonly bundleId: string;
  /** As GameKit gave it, whatever its unit. */
  readonly timestampSeconds: bigint;
  /** Base64. */
  readonly salt: string;
  /** Base64. */
  readonly signature: string;
  readonly publicKeyUrl: string;
}

/** Game Center, by the signature of GameKit's `fetchItems(forIdentityVerificationSignature:)`. */
export class GameCenterProvider implements IdentityProvider<GameCenterCredentials> {
  readonly name = 'Game Center';
  readonly column = 'gamecenter_id';
  readonly #origin: string;
  readonly #web: WebClient;
  /** By URL; the one that came first goes first. */
  readonly #keys = new Map<string, KeyObject>();

  constructor(settings: GameCenterSettings, web: WebClient) {
    this.#origin = settings.key_origin;
    this.#web = web;
  }

  check(credentials: GameCenterCredentials): void {
    requireText(credentials.bundleId, 'a Game Center bundle id');
    requireText(credentials.playerId, 'a Game Center player id');
    requireText(credentials.publicKeyUrl, 'a Game Center public key URL');
    requireText(credentials.salt, 'a Game Center salt');
    requireText(credentials.signature, 'a Game Center signature');
    if (credentials.timestampSeconds === 0n) throw invalidArgument('a Game Center timestamp is required');
  }

  async verify(credentials: GameCenterCredentials): Promise<Profile> {
    const key = await this.#keyAt(this.#keyUrl(credentials.publicKeyUrl));
    const timestamp = Buffer.alloc(8);
    timestamp.writeBigUInt64BE(BigInt.asUintN(64, credentials.timestampSeconds));
    const signed = Buffer.concat([
      Buffer.from(credentials.playerId),
      Buffer.from(credentials.bundleId),
      timestamp,
      Buffer.from(credentials.salt, 'base64'),
    ]);
    if (!verify('sha256', signed, key, Buffer.from(credentials.signature, 'base64'))) {
      throw refused(this.name, new Error('wrong signature'));
    }
    return { id: credentials.playerId };
  }

  /** The client names the URL, so it must be one of Apple's. */
  #keyUrl(text: string): URL {
    const url = URL.parse(text);
    if (!url || !isFrom(this.#origin, url)) throw refused(this.name, new Error(`the key is not at ${this.#origin}`));
    return url;
  }

  async #keyAt(url: URL): Promise<KeyObject> {
    const kept = this.#keys.get(url.href);
    if (kept) return kept;
    const key = this.#readKey(await this.#web.get(url));
    const [oldest] = this.#keys.keys();
    if (oldest !== undefined && this.#keys.size >= MAX_KEPT_KEYS) this.#keys.delete(oldest);
    this.#keys.set(url.href, key);
    return key;
  }

  #readKey(certificate: Buffer): KeyObject {
    try {
      const key = new X509Certificate(certificate).publicKey;
      if (key.asymmetricKeyType === 'rsa') return key;
    } catch (error) {
      throw refused(this.name, error);
    }
    throw refused(this.name, new Error('the key is not of RSA'));
  }
}

/** Whether a URL is of an origin, in which `*.` stands for any names in front. Its path must name a file. */
function isFrom(origin: string, url: URL): boolean {
  const [scheme, host = ''] = origin.split('://');
  if (url.protocol !== `${scheme}:` || url.username !== '' || url.password !== '' || url.pathname === '/') return false;
  return host.startsWith('*.') ? url.host.endsWith(host.slice(1)) : url.host === host;
}
