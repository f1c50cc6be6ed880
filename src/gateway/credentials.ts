import { timingSafeEqual } from 'node:crypto';
import type { Identity } from '../protocol/identity.ts';

/** Turns a session token into who it is of; null for one that is not valid. */
export interface TokenVerifier {
  verify(token: string): Identity | null;
}

/** The user name of `Basic` credentials; null for none, for other schemes, and without the colon. */
export function basicUsername(authorization: string | undefined): string | null {
  if (!authorization?.startsWith('Basic ')) return null;
  const decoded = Buffer.from(authorization.slice('Basic '.length), 'base64').toString();
  const colon = decoded.indexOf(':');
  return colon < 0 ? null : decoded.slice(0, colon);
}

/** The token of `Bearer` credentials; null for none and for other schemes. */
export function bearerToken(authorization: string | undefined): string | null {
  return authorization?.startsWith('Bearer ') ? authorization.slice('Bearer '.length) : null;
}

/** Compares secrets in a time that does not tell how much of them agrees. */
export function isSameSecret(given: string, wanted: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(wanted);
  return a.length === b.length && timingSafeEqual(a, b);
}
