import { createHmac, type Hmac, timingSafeEqual } from 'node:crypto';

const header = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url');

/** Signs claims as a JWT with HS256. */
export function encodeJwt(claims: object, key: string): string {
  const signed = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
  return `${signed}.${hmac(signed, key).digest('base64url')}`;
}

/**
 * The claims of a token that this key signed, whatever they say; null for everything else. Only HS256 is taken, and it
 * is verified on the event loop: an HMAC costs less than handing it to another thread.
 */
export function decodeJwt(token: string, key: string): Record<string, unknown> | null {
  const parts = token.split('.');
  if (parts.length !== 3) return null;
  const [head, body, mac] = parts as [string, string, string];
  const wanted = hmac(`${head}.${body}`, key).digest();
  const given = Buffer.from(mac, 'base64url');
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null;
  if (head !== header && parseObject(head)?.alg !== 'HS256') return null;
  return parseObject(body);
}

function hmac(text: string, key: string): Hmac {
  return createHmac('sha256', key).update(text);
}

function parseObject(part: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
