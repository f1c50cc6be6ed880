/** Who a request or a socket is from: what a session token says. */
export interface Identity {
  readonly userId: string;
  readonly username: string;
  /** Session variables; undefined when the token has none. */
  readonly vars?: Readonly<Record<string, string>>;
  readonly tokenId: string;
  /** Epoch seconds. */
  readonly issuedAt: number;
  /** Epoch seconds. */
  readonly expiresAt: number;
}
