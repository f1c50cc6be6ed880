import type { Audience, JsonValue } from '../../runtime/parameters.ts';

/** Codes that are the server's own; a game's are above zero. Source: the protocol's notification codes. */
export const NotificationCode = {
  DIRECT_CHAT_REQUEST: -1,
  FRIEND_REQUEST: -2,
  FRIEND_ACCEPTED: -3,
  GROUP_ADDED: -4,
  GROUP_JOIN_REQUEST: -5,
  FRIEND_JOINED_GAME: -6,
  SINGLE_SOCKET: -7,
  USER_BANNED: -8,
  FRIEND_REMOVED: -9,
} as const;

/** What is said, to whomever it goes. */
export interface NotificationText {
  readonly subject: string;
  readonly content: { readonly [key: string]: JsonValue };
  readonly code: number;
  /** A user's id; left out when nobody in particular sends it. */
  readonly senderId?: string | undefined;
  /** True to keep it in the receiver's list until it is deleted; false pushes it and forgets it. */
  readonly persistent?: boolean | undefined;
  /** Which of the receiver's connections it is for; all of them when left out. */
  readonly to?: Audience | undefined;
}

/** A notification to one user. */
export interface NotificationRequest extends NotificationText {
  readonly userId: string;
}

/** A notification on its way, with its identity. */
export interface Notification {
  readonly id: string;
  readonly userId: string;
  readonly subject: string;
  /** The text of a JSON object. */
  readonly content: string;
  readonly code: number;
  /** {@link NIL_ID} for none. */
  readonly senderId: string;
  readonly createTimeMicros: bigint;
  readonly persistent: boolean;
  readonly to: Audience | undefined;
}
