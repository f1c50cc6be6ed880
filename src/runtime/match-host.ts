/** A member of a match as its functions see it. */
export interface MatchPresence {
  readonly userId: string;
  readonly sessionId: string;
  readonly username: string;
  readonly node: string;
}

/** A member that came or went, with the reason as a number of PresenceReason. */
export interface MatchPassage extends MatchPresence {
  readonly reason: number;
}

/** What a match sends to its members. */
export interface MatchBroadcast {
  readonly opCode: bigint;
  readonly data: Uint8Array;
  readonly reliable: boolean;
  /** Whom it is for; null: all members. */
  readonly sessionIds: readonly string[] | null;
  /** Who it is shown to be from. */
  readonly sender: { readonly userId: string; readonly sessionId: string; readonly username: string } | undefined;
}

/**
 * How a match ended: its functions ended it; one of them failed or broke a limit; or it was lost with the process that
 * it ran in, by no fault of its own.
 */
export type MatchEnd = 'ended' | 'failed' | 'lost';

/** What a match does, as the rest of the server hears of it. After `ended` it is silent. */
export interface MatchEvents {
  /** `matchInit` has run; comes before everything else. */
  started(match: HostedMatch, label: string): void;
  broadcast(broadcast: MatchBroadcast): void;
  kick(sessionIds: readonly string[]): void;
  label(label: string): void;
  ended(end: MatchEnd): void;
}

/** Whether a session may come into a match. */
export interface Admission {
  readonly isAccepted: boolean;
  /** The module's words; '' for none. */
  readonly reason: string;
}

/** A match whose functions run in an isolate. */
export interface HostedMatch {
  /** Loops a second. */
  readonly tickRate: number;
  /**
   * Asks whether a session may come in.
   * @param contextText The session's `ctx` fields as the text of a JSON object
   * @throws StatusError when the match ends meanwhile, or too many ask
   */
  attempt(contextText: string, presence: MatchPresence, metadata: Readonly<Record<string, string>>): Promise<Admission>;
  joined(presences: readonly MatchPassage[]): void;
  left(presences: readonly MatchPassage[]): void;
  /** Takes what a member sent, for the next loop. */
  sent(sessionId: string, opCode: bigint, data: Uint8Array, reliable: boolean): void;
  /** @throws StatusError when the match ends with the signal, or too many wait */
  signal(data: string): Promise<string>;
}

/** Runs the matches of modules. */
export interface MatchHost {
  /**
   * Starts a match with the handler that was registered under a name; resolves when its `matchInit` has run.
   * @param params JSON text of an object
   * @throws StatusError when there is no such handler, or its `matchInit` fails
   */
  createMatch(handler: string, matchId: string, params: string, events: MatchEvents): Promise<void>;
}
