import { decodeJwt, encodeJwt } from '../../protocol/jwt.ts';

/** What session and refresh tokens carry; names as on the wire, so that client SDKs read them. */
export interface TokenClaims {
  readonly tid: string;
  readonly uid: string;
  readonly usn: string;
  /** Session variables; left out when there are none. */
  readonly vrs?: Readonly<Record<string, string>>;
  /** Epoch seconds. */
  readonly exp: number;
  readonly iat: number;
}

/** Signs claims. */
export function encodeToken(claims: TokenClaims, key: string): string {
  return encodeJwt(claims, key);
}

/** The claims of a token that this key signed, whatever their expiry; null for everything else. */
export function decodeToken(token: string, key: string): TokenClaims | null {
  return claimsOf(decodeJwt(token, key));
}

function claimsOf(body: Record<string, unknown> | null): TokenClaims | null {
  if (!body) return null;
  const { tid, uid, usn, vrs, exp, iat } = body;
  if (typeof uid !== 'string' || typeof usn !== 'string' || typeof exp !== 'number') return null;
  return {
    tid: typeof tid === 'string' ? tid : '',
    uid,
    usn,
    ...(isTexts(vrs) ? { vrs } : {}),
    exp,
    iat: typeof iat === 'number' ? iat : 0,
  };
}

function isTexts(value: unknown): value is Record<string, string> {
  return (
    typeof value === 'object' && value !== null && Object.values(value).every((entry) => typeof entry === 'string')
  );
}
