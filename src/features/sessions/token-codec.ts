import { createHmac, timingSafeEqual } from 'node:crypto';

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

const header = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url');

/** Signs claims as a JWT with HS256. */
export function encodeToken(claims: TokenClaims, key: string): string {
  const signed = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
  return `${signed}.${signature(signed, key).toString('base64url')}`;
}

/**
 * The claims of a token that this key signed, whatever their expiry; null for everything else. Only HS256 is taken,
 * and it is verified on the event loop: an HMAC costs less than handing it to another thread.
 */
export function decodeToken(token: string, key: string): TokenClaims | null {
  const parts = token.split('.');
  if (parts.length !== 3) return null;
  const [head, body, mac] = parts as [string, string, string];
  const wanted = signature(`${head}.${body}`, key);
  const given = Buffer.from(mac, 'base64url');
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null;
  if (head !== header && parseObject(head)?.alg !== 'HS256') return null;
  return claimsOf(parseObject(body));
}

function signature(text: string, key: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function parseObject(part: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
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
