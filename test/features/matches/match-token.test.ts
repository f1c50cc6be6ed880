import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { issueMatchToken, verifyMatchToken } from '../../../src/features/matches/match-token.ts';
import { decodeToken, encodeToken } from '../../../src/features/sessions/token-codec.ts';
import { encodeJwt } from '../../../src/protocol/jwt.ts';

const key = 'session-key';
const matchId = '6b0f1d5e-1111-4222-8333-9a1b2c3d4e5f.';
const issuedMs = 1_700_000_000_000;

describe('a match token', () => {
  it('names its match for 30 seconds', () => {
    const token = issueMatchToken(matchId, key, issuedMs);
    assert.equal(verifyMatchToken(token, key, issuedMs), matchId);
    assert.equal(verifyMatchToken(token, key, issuedMs + 29_999), matchId);
    assert.equal(verifyMatchToken(token, key, issuedMs + 30_000), null);
  });

  it('holds from now on', () => {
    assert.equal(verifyMatchToken(issueMatchToken(matchId, key), key), matchId);
  });

  it('is a JWT with the claims mid and exp', () => {
    const [header, body] = issueMatchToken(matchId, key, issuedMs)
      .split('.')
      .map((part) => Buffer.from(part, 'base64url').toString());
    assert.equal(JSON.parse(header!).alg, 'HS256');
    assert.deepEqual(JSON.parse(body!), { exp: issuedMs / 1000 + 30, mid: matchId });
  });

  it('of another key, altered, or of other claims is none', () => {
    const token = issueMatchToken(matchId, key, issuedMs);
    const exp = issuedMs / 1000 + 30;
    const others = [
      issueMatchToken(matchId, 'another key', issuedMs),
      token.slice(0, -1),
      encodeJwt({ mid: matchId }, key),
      encodeJwt({ mid: 7, exp }, key),
      encodeJwt({ mid: matchId, exp: String(exp) }, key),
      encodeJwt({ exp }, key),
      '',
      'nonsense',
      'a.b.c',
    ];
    for (const other of others) assert.equal(verifyMatchToken(other, key, issuedMs), null, other);
  });

  it('and a session token are never taken for each other', () => {
    assert.equal(decodeToken(issueMatchToken(matchId, key), key), null);
    const session = encodeToken({ tid: 't', uid: 'u', usn: 'alice', exp: 4_000_000_000, iat: 1 }, key);
    assert.equal(verifyMatchToken(session, key), null);
  });
});
