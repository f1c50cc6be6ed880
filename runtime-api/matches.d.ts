/** Matches: authoritative ones run by a module's handler, and relayed ones between clients. */
declare namespace nkruntime {
  interface Nakama {
    /**
     * Starts an authoritative match and returns its id, `<uuid>.<node>`.
     * @param module The name that the handler was registered with.
     * @param params Given to `matchInit`; `{}` by default, `null` is refused.
     * @throws GoError for an unknown handler, or when `matchInit` fails or returns something unfit.
     */
    matchCreate(module: string, params?: { [key: string]: any }): string;

    /**
     * A match by id, or null when there is none.
     * @throws GoError for an id that is none.
     */
    matchGet(id: string): Match | null;

    /**
     * Finds matches. Null for a filter means any.
     * @param limit Most results; 1 by default.
     * @param label The whole label, exactly.
     * @param query Terms over a label that is a JSON object: `+label.mode:ranked label.level:>=10`. `+` must, `-`
     *   must not; fields nest with dots, booleans are `T` and `F`, `*` is a wildcard, and best matches come first.
     * @throws GoError for a query that cannot be read.
     */
    matchList(
      limit?: number,
      authoritative?: boolean | null,
      label?: string | null,
      minSize?: number | null,
      maxSize?: number | null,
      query?: string | null,
    ): Match[];

    /**
     * Calls `matchSignal` of a running match and returns the `data` of its result, `''` if none.
     * @throws GoError for an unknown, relayed or ended match, and when the handler throws or ends the match.
     */
    matchSignal(id: string, data: string): string;
  }

  interface Initializer {
    /** Registers a match handler, for `nk.matchCreate(name)`. */
    registerMatch<State = MatchState>(name: string, functions: MatchHandler<State>): void;

    /** Runs before a client lists matches, whether or not that will be allowed (`ListMatches`). */
    registerBeforeListMatches(fn: BeforeHookFunction<ListMatchesRequest>): void;

    /** Runs after a client lists matches, once it has succeeded (`ListMatches`). */
    registerAfterListMatches(fn: AfterHookFunction<MatchList, ListMatchesRequest>): void;
  }

  /** A match in a list. */
  interface Match {
    matchId: string;
    authoritative: boolean;
    /** How many connections are in it. */
    size: number;
    /** Null for a relayed match. */
    label: string;
  }

  /** Matches that a client asked for. */
  interface MatchList {
    matches: Match[];
  }

  /** A match's state: a plain object of your own making, kept between callbacks. */
  interface MatchState {
    [key: string]: any;
  }

  /** What a member sent to the match. */
  interface MatchMessage {
    /** Who sent it. */
    sender: Presence;
    /** Not set; {@link MatchMessage.sender} says who sent it. */
    persistence: boolean;
    /** Not set. */
    status: string;
    /** What kind of message it is; clients and module agree on the numbers. */
    opCode: number;
    /** The bytes; null when the message carries none. Text: `nk.binaryToString(message.data)`. */
    data: ArrayBuffer;
    /** As the client sent it. */
    reliable: boolean;
    /** When the server got it, in milliseconds since 1970. */
    receiveTimeMs: number;
  }

  /** Sends to the members of a match, and changes it. Wrong types throw inside the callback. */
  interface MatchDispatcher {
    /**
     * Sends to members at once.
     * @param opcode What kind of message it is.
     * @param data Text (sent as UTF-8), bytes or null.
     * @param presences Only these; all members when null or absent, nobody for `[]`. Those not in the match are passed over.
     * @param sender Shown to clients as who it is from; nobody when absent.
     * @param reliable Passed on to the clients; true by default.
     */
    broadcastMessage(
      opcode: number,
      data?: ArrayBuffer | string | null,
      presences?: Presence[] | null,
      sender?: Presence | null,
      reliable?: boolean,
    ): void;
    /** As `broadcastMessage`, sent when the callback is over, after everything sent directly in it. */
    broadcastMessageDeferred(
      opcode: number,
      data?: ArrayBuffer | string | null,
      presences?: Presence[] | null,
      sender?: Presence | null,
      reliable?: boolean,
    ): void;
    /** Takes members out: `matchLeave` runs and the others are told, the kicked ones are not. They may join again. */
    matchKick(presences: Presence[]): void;
    /** Replaces the label (at most 2048 bytes); joins see it at once, listings within a second. */
    matchLabelUpdate(label: string): void;
  }

  /**
   * The seven callbacks of a match. They never overlap for one match. Each returns the state to keep; null ends the
   * match without a word to its members. A throw ends it too, and closes the sockets of its members.
   */
  interface MatchHandler<State = MatchState> {
    matchInit: MatchInitFunction<State>;
    matchJoinAttempt: MatchJoinAttemptFunction<State>;
    matchJoin: MatchJoinFunction<State>;
    matchLeave: MatchLeaveFunction<State>;
    matchLoop: MatchLoopFunction<State>;
    matchTerminate: MatchTerminateFunction<State>;
    matchSignal: MatchSignalFunction<State>;
    /** Optional: adapts the state after a hot reload. An addition of this server. */
    matchMigrate?: MatchMigrateFunction<State>;
  }

  /**
   * Makes the state of a new match. `tickRate` is loops a second, a whole number from 1 to 60; `label` is at most 2048
   * bytes, `''` by default, and a JSON object if it is to be searched.
   */
  interface MatchInitFunction<State = MatchState> {
    (
      ctx: Context,
      logger: Logger,
      nk: Nakama,
      params: { [key: string]: any },
    ): {
      state: State;
      tickRate: number;
      label?: string;
    };
  }

  /**
   * Decides whether a connection may join; nobody else hears of a refusal. `metadata` is what the client sent along,
   * text only, `{}` for none. `ctx` has the joiner's `userId`, `username`, `sessionId` and `vars`.
   */
  interface MatchJoinAttemptFunction<State = MatchState> {
    (
      ctx: Context,
      logger: Logger,
      nk: Nakama,
      dispatcher: MatchDispatcher,
      tick: number,
      state: State,
      presence: Presence,
      metadata: { [key: string]: any },
    ): { state: State; accept: boolean; rejectMessage?: string } | null;
  }

  /** Runs right after connections were let in; what it broadcasts reaches them. */
  interface MatchJoinFunction<State = MatchState> {
    (
      ctx: Context,
      logger: Logger,
      nk: Nakama,
      dispatcher: MatchDispatcher,
      tick: number,
      state: State,
      presences: Presence[],
    ): { state: State } | null;
  }

  /** Runs when connections left, were kicked (`reason` 3) or were lost (4). */
  interface MatchLeaveFunction<State = MatchState> {
    (
      ctx: Context,
      logger: Logger,
      nk: Nakama,
      dispatcher: MatchDispatcher,
      tick: number,
      state: State,
      presences: Presence[],
    ): { state: State } | null;
  }

  /** Runs `tickRate` times a second, with what members sent since the last time, in order. `tick` starts at 0 and skips none. */
  interface MatchLoopFunction<State = MatchState> {
    (
      ctx: Context,
      logger: Logger,
      nk: Nakama,
      dispatcher: MatchDispatcher,
      tick: number,
      state: State,
      messages: MatchMessage[],
    ): { state: State } | null;
  }

  /** Runs once when the server is to stop in `graceSeconds`; broadcasts still arrive. Needs `shutdown_grace_sec` above 0. */
  interface MatchTerminateFunction<State = MatchState> {
    (
      ctx: Context,
      logger: Logger,
      nk: Nakama,
      dispatcher: MatchDispatcher,
      tick: number,
      state: State,
      graceSeconds: number,
    ): { state: State } | null;
  }

  /** Answers `nk.matchSignal` with text. */
  interface MatchSignalFunction<State = MatchState> {
    (
      ctx: Context,
      logger: Logger,
      nk: Nakama,
      dispatcher: MatchDispatcher,
      tick: number,
      state: State,
      data: string,
    ): { state: State; data?: string } | null;
  }

  /**
   * Runs when a hot reload moves a running match to new code, before its first loop there: returns the state in the
   * shape that the new code expects. If it throws, or the new code's first loops do, the match goes on with the old
   * code. `fromVersion` counts the versions of the code since the server started, the first being 1: it is the one
   * that last ran the match. An addition of this server.
   */
  interface MatchMigrateFunction<State = MatchState> {
    (state: any, fromVersion: number): State;
  }

  /** Which matches to list. */
  interface ListMatchesRequest {
    /** 1 to 100; null for 10. */
    limit?: number;
    authoritative?: boolean;
    /** The whole label, exactly. */
    label?: string;
    minSize?: number;
    maxSize?: number;
    query?: string;
  }

  /** A relayed match to make. Not in Nakama's types. */
  interface MatchCreateMessage {
    /** Those who give the same name come into the same match; `''` for a match of its own. */
    name?: string;
  }

  /** A `matchCreate` socket message. */
  interface EnvelopeMatchCreateMessage extends RtEnvelope {
    matchCreate: MatchCreateMessage;
  }

  /** Data for a match. */
  interface MatchDataMessageSend {
    matchId: string;
    /** A whole number as text (a 64-bit integer). */
    opCode: string;
    /** Base64. */
    data?: string;
    /** Only to these; to all others when empty. */
    presences?: Presence[];
    reliable?: boolean;
  }

  /** A `matchDataSend` socket message. */
  interface EnvelopeMatchDataSend extends RtEnvelope {
    matchDataSend: MatchDataMessageSend;
  }

  /** Joining a match. */
  interface MatchJoinMessage {
    /** Never set: use `matchId`. Here because Nakama's types have it. */
    id?: any;
    metadata: { [key: string]: string };
    /** The match; absent when the client joins by token. */
    matchId?: string;
    /** From the matchmaker; absent when the client joins by id. */
    token?: string;
  }

  /** A `matchJoin` socket message. */
  interface EnvelopeMatchJoin extends RtEnvelope {
    matchJoin: MatchJoinMessage;
  }

  /** Leaving a match. */
  interface MatchLeaveMessage {
    matchId: string;
  }

  /** A `matchLeave` socket message. */
  interface EnvelopeMatchLeave extends RtEnvelope {
    matchLeave: MatchLeaveMessage;
  }
}
