/** Streams and presences: the server's topics that connections are present in, and status of users. */
declare namespace nkruntime {
  interface Nakama {
    /**
     * Puts a connection into a stream. True when it is new there; false when it was in already, and then nothing
     * changes.
     * @param hidden No presence events for it, though it gets all events and data; false by default.
     * @param persistence For chat streams: whether its messages are kept; true by default.
     * @param status Text that goes with the presence; `''` by default.
     * @throws GoError when the session does not exist.
     */
    streamUserJoin(
      userId: string,
      sessionID: string,
      stream: Stream,
      hidden?: boolean,
      persistence?: boolean,
      status?: string,
    ): boolean;

    /**
     * Replaces a connection's presence in a stream, or puts it there; parameters as in {@link Nakama.streamUserJoin}.
     * @throws GoError when the session does not exist.
     */
    streamUserUpdate(
      userId: string,
      sessionID: string,
      stream: Stream,
      hidden?: boolean,
      persistence?: boolean,
      status?: string,
    ): void;

    /** Takes a connection out of a stream; not being in it is no error. */
    streamUserLeave(userId: string, sessionID: string, stream: Stream): void;

    /** Takes a presence out of a stream, as {@link Nakama.streamUserLeave} does. */
    streamUserKick(presence: PresenceId, stream: Stream): void;

    /**
     * A connection's presence in a stream (`username`, `status`, `hidden`, `persistence`, `reason`), or null when it
     * is not in it.
     */
    streamUserGet(userId: string, sessionID: string, stream: Stream): Presence | null;

    /**
     * Everybody in a stream, in no promised order.
     * @param includeHidden True by default.
     * @param includeNotHidden True by default; with both false the list is empty.
     */
    streamUserList(stream: Stream, includeHidden?: boolean, includeNotHidden?: boolean): Presence[];

    /** How many connections are in a stream, hidden ones included; 0 for a stream that nobody is in. */
    streamCount(stream: Stream): number;

    /** Takes everybody out of a stream without any event. */
    streamClose(stream: Stream): void;

    /**
     * Sends text to a stream, as a `stream_data` message.
     * @param presences Only these, by session id; everybody in it (hidden ones too) when absent, null or empty.
     *   Sessions that are gone are passed over.
     * @param reliable Passed on to the clients; true by default.
     * @param to Only these of the connections; an addition of this server.
     */
    streamSend(
      stream: Stream,
      data: string,
      presences?: PresenceId[] | null,
      reliable?: boolean,
      to?: NotificationAudience,
    ): void;

    /**
     * Sends any realtime message of the client protocol to a stream: `{ notifications: … }`, `{ channel_message: …
     * }`.
     * @param presences As in {@link Nakama.streamSend}.
     * @throws GoError for an object that is no known message.
     */
    streamSendRaw(stream: Stream, envelope: object, presences?: PresenceId[] | null, reliable?: boolean): void;

    /**
     * Makes a connection follow the statuses of users; events come from now on, present statuses do not. Unknown
     * users or sessions are passed over.
     */
    statusFollow(sessionId: string, userIds: string[]): void;

    /** Ends what {@link Nakama.statusFollow} or the client's own following began. */
    statusUnfollow(sessionId: string, userIds: string[]): void;
  }

  /**
   * What identifies a stream; all four parts together. It exists while somebody is in it. Leave a part out rather
   * than pass `''` or null.
   */
  interface Stream {
    /**
     * A whole number up to 255. Up to 7 are the server's own: 0 notifications, 1 status, 2 room, 3 group chat, 4
     * direct chat, 5 relayed match, 6 authoritative match, 7 party. 0 by default.
     */
    mode?: number;
    /** A UUID. */
    subject?: string;
    /** A UUID. */
    subcontext?: string;
    /** Any text. */
    label?: string;
  }

  /** One connection in a stream, match or party. Which optional parts are there depends on the function. */
  interface Presence {
    userId: string;
    sessionId: string;
    username: string;
    /** The node that holds the connection. */
    node: string;
    /** The presence's text; for status streams the user's status. */
    status?: string;
    /** Whether others are not told of it. */
    hidden?: boolean;
    /** For chat: whether its messages are kept. */
    persistence?: boolean;
    /** Why it appeared or went; in joins and leaves. */
    reason?: PresenceReason;
    /** The node, in the results of `streamUserList`. */
    nodeId?: string;
  }

  /** As much of a presence as is needed to address it. */
  interface PresenceId {
    userId: string;
    sessionId: string;
    /** The node that holds the connection. */
    node?: string;
  }

  /** Why a presence appeared or went. */
  const enum PresenceReason {
    /** Not said. */
    PresenceReasonUnknown = 0,
    /** It joined. */
    PresenceReasonJoin = 1,
    /** It changed. */
    PresenceReasonUpdate = 2,
    /** It left or was taken out. */
    PresenceReasonLeave = 3,
    /** Its connection ended. */
    PresenceReasonDisconnect = 4,
  }

  /** Whose status to follow. */
  interface StatusFollowMessage {
    userIds: string[];
    usernames: string[];
  }

  /** A `statusFollow` socket message. */
  interface EnvelopeStatusFollow extends RtEnvelope {
    statusFollow: StatusFollowMessage;
  }

  /** Whose status to follow no longer. */
  interface StatusUnfollowMessage {
    userIds: string[];
  }

  /** A `statusUnfollow` socket message. */
  interface EnvelopeStatusUnfollow extends RtEnvelope {
    statusUnfollow: StatusUnfollowMessage;
  }

  /** The session's new status. */
  interface StatusUpdateMessage {
    /** At most 2048 bytes; null to appear offline. */
    status?: string;
  }

  /** A `statusUpdate` socket message. */
  interface EnvelopeStatusUpdate extends RtEnvelope {
    statusUpdate: StatusUpdateMessage;
  }
}
