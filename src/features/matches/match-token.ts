import { decodeJwt, encodeJwt } from '../../protocol/jwt.ts';

/** How long a token lets its holder in. Source: the reference's matchmaker. */
const TOKEN_LIFE_SEC = 30;
const MS_PER_SECOND = 1000;

/**
 * A token that lets whoever has it join a match within 30 seconds, be it empty or not: what the matchmaker hands to
 * those whom it has matched. A JWT signed with the key of session tokens; it is none of those, for it names no user.
 */
export function issueMatchToken(matchId: string, key: string, nowMs: number = Date.now()): string {
  return encodeJwt({ exp: Math.floor(nowMs / MS_PER_SECOND) + TOKEN_LIFE_SEC, mid: matchId }, key);
}

/** The match that a token is for; null when it has expired, is of another key, or is no match token. */
export function verifyMatchToken(token: string, key: string, nowMs: number = Date.now()): string | null {
  const claims = decodeJwt(token, key);
  if (!claims) return null;
  const { exp, mid } = claims;
  if (typeof exp !== 'number' || exp * MS_PER_SECOND <= nowMs || typeof mid !== 'string') return null;
  return mid;
}
