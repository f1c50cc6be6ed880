import { badInput } from '../protocol/status.ts';
import { StreamMode } from './stream.ts';

/** How many streams of each kind one session may be in at a time. */
export interface StreamLimits {
  /** Rooms, direct channels and channels of groups. */
  readonly channels: number;
  readonly matches: number;
  readonly parties: number;
  /** What modules put it into. */
  readonly streams: number;
}

export const noLimits: StreamLimits = {
  channels: Number.POSITIVE_INFINITY,
  matches: Number.POSITIVE_INFINITY,
  parties: Number.POSITIVE_INFINITY,
  streams: Number.POSITIVE_INFINITY,
};

/** The limit that a stream of a mode counts for; undefined for the two that every session is in by itself. */
export function limitedKind(mode: number): keyof StreamLimits | undefined {
  switch (mode) {
    case StreamMode.NOTIFICATIONS:
    case StreamMode.STATUS:
      return undefined;
    case StreamMode.CHANNEL:
    case StreamMode.GROUP:
    case StreamMode.DIRECT:
      return 'channels';
    case StreamMode.MATCH_RELAYED:
    case StreamMode.MATCH_AUTHORITATIVE:
      return 'matches';
    case StreamMode.PARTY:
      return 'parties';
    default:
      return 'streams';
  }
}

export function tooMany(kind: keyof StreamLimits, limit: number): Error {
  return badInput(`a session may be in ${limit} ${kind} at a time`);
}
