/** What a stream is for; games use modes of their own above these. Source: the reference's stream modes. */
export const StreamMode = {
  NOTIFICATIONS: 0,
  STATUS: 1,
  CHANNEL: 2,
  GROUP: 3,
  DIRECT: 4,
  MATCH_RELAYED: 5,
  MATCH_AUTHORITATIVE: 6,
  PARTY: 7,
} as const;

/** A topic that sessions are present in. All four fields together are its identity. */
export interface Stream {
  readonly mode: number;
  /** A UUID, or '' for none. */
  readonly subject: string;
  /** A UUID, or '' for none. */
  readonly subcontext: string;
  readonly label: string;
}

/** Why a presence appeared or went. Source: the module API's PresenceReason. */
export const PresenceReason = { UNKNOWN: 0, JOIN: 1, UPDATE: 2, LEAVE: 3, DISCONNECT: 4 } as const;

/** One session's being in one stream. */
export interface Presence {
  readonly userId: string;
  readonly sessionId: string;
  readonly nodeId: string;
  readonly username: string;
  readonly hidden: boolean;
  readonly persistence: boolean;
  readonly status: string;
  readonly reason: number;
}

/** What a session may say of its presence. */
export interface PresenceMeta {
  readonly hidden?: boolean;
  readonly persistence?: boolean;
  readonly status?: string;
}

/** A string that is the same for the same stream, and for no other. */
export function streamKey(stream: Stream): string {
  return `${stream.mode}|${stream.subject}|${stream.subcontext}|${stream.label}`;
}
