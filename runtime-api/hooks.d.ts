/** Hooks: functions that run before and after what clients ask for, over HTTP and over sockets. */
declare namespace nkruntime {
  interface Initializer {
    /**
     * Runs before a socket message from a client is handled. The name is that of the message in PascalCase
     * (`ChannelMessageSend`); case does not matter. RPCs have no hooks.
     */
    registerRtBefore<K extends keyof RtMessages>(id: K, func: RtBeforeHookFunction<RtMessages[K]>): void;

    /** As above, for a function whose envelope type is not the message's own. */
    registerRtBefore<T extends Envelope>(id: RtHookMessage, func: RtBeforeHookFunction<T>): void;

    /** Runs after a socket message has been handled and its reply queued, before the same socket's next message. */
    registerRtAfter<K extends keyof RtMessages>(id: K, func: RtAfterHookFunction<RtMessages[K]>): void;

    /** As above, for a function whose envelope type is not the message's own. */
    registerRtAfter<T extends Envelope>(id: RtHookMessage, func: RtAfterHookFunction<T>): void;

    /** Runs before a client sends an analytics event, whether or not that will be allowed (`Event`). */
    registerBeforeEvent(fn: BeforeHookFunction<Event>): void;

    /** Runs after a client sends an analytics event, once it has succeeded (`Event`). */
    registerAfterEvent(fn: AfterHookFunction<void, Event>): void;
  }

  /**
   * Runs after authentication and before the server validates and serves an HTTP request, so it may repair a request or
   * refuse it. The request returned is served in place of the original (nothing is merged, `{}` is an empty request);
   * null, undefined or no return refuses the call with 404, code 5. Throw `{ message, code }` to refuse with a reason.
   * It may be `async`.
   *
   * `data` is the request message with every field present: unset text is `''`, lists `[]`, maps `{}`, nullable fields
   * and messages `null` (whatever the type says of `undefined`); 64-bit integers are text, bytes base64, times ISO 8601.
   * Operations without input (GetAccount, DeleteAccount) pass null, and only a throw has an effect there.
   */
  interface BeforeHookFunction<T> {
    (ctx: Context, logger: Logger, nk: Nakama, data: T): T | null | void | Promise<T | null | void>;
  }

  /**
   * Runs after an HTTP request succeeded and before its answer is sent. What it returns, throws or changes in `data`
   * does not reach the client. It may be `async`; the answer waits for it.
   *
   * `data` is the answer in the form of the client API (users have `id`, and metadata, wallets and storage values are
   * texts of JSON), null when the operation answers nothing. `request` is the request as the before hook left it.
   */
  interface AfterHookFunction<T, K> {
    (ctx: Context, logger: Logger, nk: Nakama, data: T, request: K): void;
  }

  /**
   * Runs before the server handles a socket message. The envelope returned is handled in place of the original: keep
   * its `cid`, or the reply will have none. Null, undefined or no return closes the socket. A throw is answered with the
   * realtime error 7 and its text; the socket stays open. It may be `async`; the socket's next message waits.
   */
  interface RtBeforeHookFunction<T extends Envelope> {
    (ctx: Context, logger: Logger, nk: Nakama, envelope: T): T | null | void | Promise<T | null | void>;
  }

  /**
   * Runs after a socket message has been handled. `output` is the reply's envelope, null for messages that are not
   * answered (match data); `input` is the message as the before hook left it. Returns and throws are ignored.
   * It may be `async`; the socket's next message waits.
   */
  interface RtAfterHookFunction<T extends Envelope> {
    (ctx: Context, logger: Logger, nk: Nakama, output: T | null, input: T): void;
  }

  /** What all socket messages have. Every field is present in a hook; a 64-bit integer is text. */
  interface RtEnvelope {
    /** The client's correlation id, which the reply repeats; `''` when it sent none. */
    cid?: string | undefined;
  }

  /** Names of the socket messages that hooks can be registered for. */
  type RtHookMessage = keyof RtMessages;

  /** The envelope of each socket message that hooks can be registered for. */
  interface RtMessages {
    ChannelJoin: EnvelopeChannelJoin;
    ChannelLeave: EnvelopeChannelLeave;
    ChannelMessageSend: EnvelopeChannelMessageSend;
    ChannelMessageUpdate: EnvelopeChannelMessageUpdate;
    ChannelMessageRemove: EnvelopeChannelMessageRemove;
    MatchCreate: EnvelopeMatchCreateMessage;
    MatchDataSend: EnvelopeMatchDataSend;
    MatchJoin: EnvelopeMatchJoin;
    MatchLeave: EnvelopeMatchLeave;
    MatchmakerAdd: EnvelopeMatchmakerAdd;
    MatchmakerRemove: EnvelopeMatchmakerRemove;
    PartyCreate: EnvelopePartyCreate;
    PartyJoin: EnvelopePartyJoin;
    PartyLeave: EnvelopePartyLeave;
    PartyPromote: EnvelopePartyPromote;
    PartyAccept: EnvelopePartyAccept;
    PartyRemove: EnvelopePartyRemove;
    PartyClose: EnvelopePartyClose;
    PartyJoinRequestList: EnvelopePartyJoinRequestList;
    PartyMatchmakerAdd: EnvelopePartyMatchmakerAdd;
    PartyMatchmakerRemove: EnvelopePartyMatchmakerRemove;
    PartyDataSend: EnvelopePartyDataSend;
    /** Not in Nakama's types. */
    PartyUpdate: EnvelopePartyUpdate;
    StatusFollow: EnvelopeStatusFollow;
    StatusUnfollow: EnvelopeStatusUnfollow;
    StatusUpdate: EnvelopeStatusUpdate;
    Ping: EnvelopePing;
    Pong: EnvelopePong;
  }

  /** Any envelope that a socket hook may see: each is an object with its message under the message's name. */
  type Envelope = EnvelopeChannel | RtMessages[keyof RtMessages];

  /** A `ping` socket message. */
  interface EnvelopePing extends RtEnvelope {
    ping: {};
  }

  /** A `pong` socket message. */
  interface EnvelopePong extends RtEnvelope {
    pong: {};
  }

  /** An event as a client sent it. Every field is present in a hook. */
  interface Event {
    name?: string;
    /** A map of text to text; Nakama's types wrongly call it a list. */
    properties?: { [key: string]: any };
    /** When it happened, ISO 8601; null when the client did not say. */
    timestamp?: string;
    /** True for whatever comes from a client, once the before hook is over. */
    external?: boolean;
  }

  /** One property of an event, as Nakama's types have it. At run time properties are a map. */
  interface EventPropertiesEntry {
    key?: string;
    value?: string;
  }

  /** Session variables: fixed when the token is made, signed into it, and seen by modules as `ctx.vars`. */
  type SessionVars = { [key: string]: string };
}
