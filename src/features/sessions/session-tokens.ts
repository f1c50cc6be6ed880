import { randomUUID } from 'node:crypto';
import type { Identity } from '../../protocol/identity.ts';
import { decodeToken, encodeToken, type TokenClaims } from './token-codec.ts';
import type { TokenRevocations } from './token-revocations.ts';

/** Keys and lifetimes of tokens, from the configuration. */
export interface SessionTokenOptions {
  readonly encryptionKey: string;
  readonly refreshEncryptionKey: string;
  readonly tokenExpirySec: number;
  readonly refreshTokenExpirySec: number;
}

/** What a sign-in hands out. */
export interface TokenPair {
  readonly token: string;
  readonly refreshToken: string;
  readonly identity: Identity;
}

/** Verified tokens that are kept, so that a client's next request costs a look-up instead of an HMAC and a parse. */
const VERIFIED_TOKENS_MAX = 20_000;

/** Issues and verifies session and refresh tokens. */
export class SessionTokens {
  readonly #options: SessionTokenOptions;
  readonly #revocations: TokenRevocations;
  #verified = new Map<string, Identity>();

  constructor(options: SessionTokenOptions, revocations: TokenRevocations) {
    this.#options = options;
    this.#revocations = revocations;
  }

  /** A fresh pair for a user. */
  issue(userId: string, username: string, vars: Readonly<Record<string, string>> | undefined): TokenPair {
    return this.#pair({ tid: randomUUID(), uid: userId, usn: username, iat: nowSec() }, vars);
  }

  /** A pair that goes on the session of an older one: same token id and time of issue, new expiry. */
  renew(old: Identity, username: string, vars: Readonly<Record<string, string>> | undefined): TokenPair {
    return this.#pair({ tid: old.tokenId, uid: old.userId, usn: username, iat: old.issuedAt }, vars);
  }

  /** A session token alone, with an expiry of the caller's choice (epoch seconds). */
  generate(
    userId: string,
    username: string,
    expiresAt: number | undefined,
    vars: Readonly<Record<string, string>> | undefined,
  ): { token: string; expiresAt: number } {
    const iat = nowSec();
    const exp = expiresAt ?? iat + this.#options.tokenExpirySec;
    const claims = withVars({ tid: randomUUID(), uid: userId, usn: username, iat }, vars, exp);
    return { token: encodeToken(claims, this.#options.encryptionKey), expiresAt: exp };
  }

  /** Who a session token is of; null when it is malformed, expired, of another key, or logged out. */
  verify(token: string): Identity | null {
    const known = this.#verified.get(token);
    const identity = known ?? identityOf(decodeToken(token, this.#options.encryptionKey));
    if (!identity || identity.expiresAt <= nowSec() || this.#revocations.isSessionRevoked(identity)) return null;
    if (!known) this.#remember(token, identity);
    return identity;
  }

  /** Who a refresh token is of; null as for {@link verify}. */
  verifyRefresh(token: string): Identity | null {
    const identity = identityOf(decodeToken(token, this.#options.refreshEncryptionKey));
    if (!identity || identity.expiresAt <= nowSec() || this.#revocations.isRefreshRevoked(identity)) return null;
    return identity;
  }

  #pair(base: Omit<TokenClaims, 'exp' | 'vrs'>, vars: Readonly<Record<string, string>> | undefined): TokenPair {
    const now = nowSec();
    const session = withVars(base, vars, now + this.#options.tokenExpirySec);
    const refresh = withVars(base, vars, now + this.#options.refreshTokenExpirySec);
    return {
      token: encodeToken(session, this.#options.encryptionKey),
      refreshToken: encodeToken(refresh, this.#options.refreshEncryptionKey),
      identity: identityOf(session)!,
    };
  }

  /** The cache is thrown away whole when it is full, and refills from who is active. */
  #remember(token: string, identity: Identity): void {
    if (this.#verified.size >= VERIFIED_TOKENS_MAX) this.#verified = new Map();
    this.#verified.set(token, identity);
  }
}

function withVars(
  base: Omit<TokenClaims, 'exp' | 'vrs'>,
  vars: Readonly<Record<string, string>> | undefined,
  exp: number,
): TokenClaims {
  const { tid, uid, usn, iat } = base;
  return { tid, uid, usn, ...(vars && Object.keys(vars).length > 0 ? { vrs: vars } : {}), exp, iat };
}

function identityOf(claims: TokenClaims | null): Identity | null {
  if (!claims) return null;
  return {
    userId: claims.uid,
    username: claims.usn,
    ...(claims.vrs && Object.keys(claims.vrs).length > 0 ? { vars: claims.vrs } : {}),
    tokenId: claims.tid,
    issuedAt: claims.iat,
    expiresAt: claims.exp,
  };
}

function nowSec(): number {
  return Math.floor(Date.now() / 1000);
}
