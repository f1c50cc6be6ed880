import type { Db } from '../../database/database.ts';
import type { Identity } from '../../protocol/identity.ts';
import { invalidArgument, Status, StatusError } from '../../protocol/status.ts';
import type { Session } from '../../realtime/session.ts';
import type { SessionRegistry } from '../../realtime/session-registry.ts';
import { PresenceReason } from '../../realtime/stream.ts';
import { lastNotice, NotificationCode } from '../notifications/index.ts';
import { findSessionUser } from './queries.ts';
import type { SessionTokens, TokenPair } from './session-tokens.ts';
import type { Revocation, TokenRevocations } from './token-revocations.ts';

/** What the sessions feature is made of. */
export interface SessionsOptions {
  readonly db: Db;
  readonly tokens: SessionTokens;
  readonly revocations: TokenRevocations;
  readonly sessions: SessionRegistry;
  /** Longest life of any token, in seconds: how long a logout of everything must be remembered. */
  readonly longestExpirySec: number;
  /** A new sign-in ends the user's older sessions: `session.single_session`. */
  readonly singleSession: boolean;
}

type Vars = Readonly<Record<string, string>>;

/** Sessions: their beginning, their renewal and their end. */
export class SessionsService {
  readonly #options: SessionsOptions;

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  /** Starts a session for somebody who has signed in. */
  async begin(userId: string, username: string, vars: Vars): Promise<TokenPair> {
    if (this.#options.singleSession) await this.logoutEverywhere([userId]);
    return this.#options.tokens.issue(userId, username, vars);
  }

  /**
   * A session token alone, for anybody; `expiresAt` in epoch seconds, by default after the configured time.
   * A logout of everything ends it too, however long it lives.
   */
  async generate(
    userId: string,
    username: string,
    expiresAt: number | undefined,
    vars: Vars | undefined,
  ): Promise<{ token: string; expiresAt: number }> {
    const { tokens, revocations, longestExpirySec } = this.#options;
    const generated = tokens.generate(userId, username, expiresAt, vars);
    if (generated.expiresAt > Date.now() / 1000 + longestExpirySec) {
      await revocations.noteLongLife(userId, generated.expiresAt);
    }
    return generated;
  }

  /** Trades a refresh token for a new pair; `vars`, when there are any, replace those of the old one. */
  async refresh(refreshToken: string, vars: Vars): Promise<TokenPair> {
    if (refreshToken === '') throw invalidArgument('a refresh token is required');
    const old = this.#options.tokens.verifyRefresh(refreshToken);
    if (!old) throw new StatusError(Status.UNAUTHENTICATED, 'the refresh token is invalid or has expired');
    const user = await findSessionUser(this.#options.db, old.userId);
    if (!user) throw new StatusError(Status.NOT_FOUND, 'there is no such account');
    if (user.banned) throw new StatusError(Status.PERMISSION_DENIED, 'this account is banned');
    return this.#options.tokens.renew(old, user.username, Object.keys(vars).length > 0 ? vars : old.vars);
  }

  /**
   * Ends the named tokens of a user, or without names every token that was issued before this second. Open sockets
   * stay open.
   * @throws StatusError INVALID_ARGUMENT when a named token is not valid for its kind or not of this user
   */
  async logout(userId: string, token: string, refreshToken: string): Promise<void> {
    if (token === '' && refreshToken === '') return this.logoutEverywhere([userId]);
    const { tokens, revocations } = this.#options;
    const named: Revocation[] = [];
    if (token !== '') named.push(revocationOf('session', tokens.verify(token), userId));
    if (refreshToken !== '') named.push(revocationOf('refresh', tokens.verifyRefresh(refreshToken), userId));
    await revocations.revoke(named);
  }

  /** Ends every token of these users, each named once, that was issued before this second. */
  async logoutEverywhere(userIds: readonly string[]): Promise<void> {
    const now = Math.floor(Date.now() / 1000);
    const until = now + this.#options.longestExpirySec;
    await this.#options.revocations.revoke(userIds.map((userId) => ({ kind: 'all', userId, before: now, until })));
  }

  /** Closes one socket; an unknown one is no error. */
  disconnect(sessionId: string, reason: number = PresenceReason.DISCONNECT): void {
    this.#options.sessions.get(sessionId)?.close('the server ended this session', reason);
  }

  /** Closes every socket of a user. */
  disconnectUser(userId: string, reason: string): void {
    for (const session of this.#options.sessions.ofUser(userId)) session.close(reason);
  }

  /** Closes every socket of a banned user, with a notification of it. */
  disconnectBanned(userId: string): void {
    const notice = lastNotice('banned', NotificationCode.USER_BANNED);
    for (const session of this.#options.sessions.ofUser(userId)) {
      session.send(notice);
      session.close('this account is banned');
    }
  }

  /** Closes the other sockets of a session's user, with a notification of it: for `session.single_socket`. */
  disconnectOthers(newest: Session): void {
    const notice = lastNotice('single_socket', NotificationCode.SINGLE_SOCKET);
    for (const session of this.#options.sessions.ofUser(newest.userId)) {
      if (session === newest) continue;
      session.send(notice);
      session.close('this user has opened another socket');
    }
  }
}

function revocationOf(kind: 'session' | 'refresh', identity: Identity | null, userId: string): Revocation {
  if (identity?.userId !== userId) throw invalidArgument(`the ${kind} token is invalid`);
  return { kind, userId, tokenId: identity.tokenId, until: identity.expiresAt };
}
