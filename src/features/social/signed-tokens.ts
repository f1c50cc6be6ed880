import { createRemoteJWKSet, customFetch, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import { StatusError } from '../../protocol/status.ts';
import { refused, unavailable } from './errors.ts';
import { textAt } from './json-fields.ts';
import type { WebClient } from './web-client.ts';

/** How long a company's keys are used before they are asked for again. */
const KEYS_MAX_AGE_MS = 60 * 60 * 1000;
/** Between two requests for keys that tokens with unknown key ids may cause. */
const KEYS_COOLDOWN_MS = 30_000;
/** Longest token that is looked at. */
const MAX_TOKEN_CHARS = 16_384;

export interface TokenIssuer {
  /** In texts for people. */
  readonly provider: string;
  /** Where its public keys are, as a JSON Web Key Set (RFC 7517). */
  readonly certsUrl: string;
  readonly issuers: readonly string[];
  /** Who tokens may be for; empty: anybody. */
  readonly audiences: readonly string[];
}

/** Claims of a token that holds. */
export type TokenClaims = JWTPayload & { readonly sub: string };

/** Verifies the identity tokens (RFC 7519, RS256) that a company signs. */
export class SignedTokens {
  readonly #issuer: TokenIssuer;
  readonly #web: WebClient;
  readonly #keysCooldownMs: number;
  #keys: ReturnType<typeof createRemoteJWKSet> | undefined;

  constructor(issuer: TokenIssuer, web: WebClient, keysCooldownMs: number = KEYS_COOLDOWN_MS) {
    this.#issuer = issuer;
    this.#web = web;
    this.#keysCooldownMs = keysCooldownMs;
  }

  /** @throws StatusError UNAUTHENTICATED when it does not hold, UNAVAILABLE when the keys cannot be had */
  async verify(token: string): Promise<TokenClaims> {
    const { provider, issuers, audiences } = this.#issuer;
    if (token.length > MAX_TOKEN_CHARS) throw refused(provider, new Error('the token is too long'));
    try {
      const { payload } = await jwtVerify(token, this.#remoteKeys(), {
        algorithms: ['RS256'],
        issuer: [...issuers],
        requiredClaims: ['exp', 'sub'],
        ...(audiences.length > 0 && { audience: [...audiences] }),
      });
      const sub = textAt(payload, 'sub');
      if (sub === undefined) throw refused(provider, new Error('the token has no subject'));
      return { ...payload, sub };
    } catch (error) {
      if (error instanceof StatusError) throw error;
      throw isTokensFault(error) ? refused(provider, error) : unavailable(provider, error);
    }
  }

  /** Made when the first token comes: it loads Node's whole HTTP client for browsers' `fetch`. */
  #remoteKeys(): ReturnType<typeof createRemoteJWKSet> {
    this.#keys ??= createRemoteJWKSet(new URL(this.#issuer.certsUrl), {
      cacheMaxAge: KEYS_MAX_AGE_MS,
      cooldownDuration: this.#keysCooldownMs,
      [customFetch]: async (url) => {
        const { status, body } = await this.#web.send(new URL(url));
        return new Response(body, { status });
      },
    });
    return this.#keys;
  }
}

/** Whether a text has the form of a signed token: an access token or a code has not. */
export function isSignedToken(token: string): boolean {
  if (token.length > MAX_TOKEN_CHARS || token.split('.').length !== 3) return false;
  try {
    decodeProtectedHeader(token);
    return true;
  } catch {
    return false;
  }
}

/** The address of a token that its company has verified. Some write the flag as text. */
export function verifiedEmail(claims: JWTPayload): string | undefined {
  const flag = claims.email_verified;
  return flag === true || flag === 'true' ? textAt(claims, 'email') : undefined;
}

function isTokensFault(error: unknown): boolean {
  return (
    error instanceof errors.JWTExpired ||
    error instanceof errors.JWTClaimValidationFailed ||
    error instanceof errors.JWTInvalid ||
    error instanceof errors.JWSInvalid ||
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JOSEAlgNotAllowed ||
    error instanceof errors.JOSENotSupported ||
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys
  );
}
