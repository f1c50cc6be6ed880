import type { MessageInitShape } from '@bufbuild/protobuf';
import type { MatchSchema } from '../../protocol/gen/nakama/api/api_pb.js';
import type { Query } from '../../query/index.ts';
import type { Session } from '../../realtime/session.ts';
import type { Stream } from '../../realtime/stream.ts';

/**
 * What tells one kind of match from another. That sessions are members, which is to be present in the match's stream,
 * and that members hear who comes and goes, is the same for all of them.
 */
export interface MatchKind {
  /** The mode of its matches' streams. */
  readonly mode: number;
  /** Says whether a session that is not in may come in. @throws RealtimeError when it may not */
  admit(session: Session, stream: Stream, entry: MatchEntry): void | Promise<void>;
  /** Takes what a member sends. False when that was dropped. */
  receive(session: Session, stream: Stream, data: SentData): boolean;
  /** A match's label; undefined where matches have none. */
  labelOf(stream: Stream): string | undefined;
  /** A running match; undefined when there is none. */
  get(stream: Stream): ListedMatch | undefined;
  /** Running matches, at most `limit`, the best first. */
  list(filter: MatchFilter, limit: number): readonly ListedMatch[];
}

/** With what a session asks to be let in. */
export interface MatchEntry {
  /** It has a token for the match. */
  readonly isInvited: boolean;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Data on their way into a match. */
export interface SentData {
  readonly opCode: bigint;
  readonly data: Uint8Array;
  readonly reliable: boolean;
  /** Whom the sender wants them to go to; empty: everybody else. */
  readonly presences: readonly { readonly userId: string; readonly sessionId: string }[];
}

/** A match as listings show it. */
export type ListedMatch = MessageInitShape<typeof MatchSchema> & { readonly matchId: string; readonly size: number };

/** Which matches are asked for; what is left out excludes none. */
export interface MatchFilter {
  readonly label?: string | undefined;
  readonly query?: Query | undefined;
  readonly minSize?: number | undefined;
  readonly maxSize?: number | undefined;
}
