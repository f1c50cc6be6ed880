/** What every module starts from: `InitModule`, the context of a call, the logger, RPCs, errors. */
declare namespace nkruntime {
  interface Initializer {
    /** The server's configuration as it stands, in the names of the configuration file. */
    getConfig(): Config;

    /** Makes a function callable by clients as `id`, over HTTP (`/v2/rpc/<id>`) and sockets. Case does not matter. */
    registerRpc(id: string, func: RpcFunction): void;

    /** Runs once when the server is about to stop, with a bounded time to finish. */
    registerShutdown(fn: ShutdownFunction): void;
  }

  /**
   * The module's entry, run once when the server starts and once more for each hot reload: register RPCs, hooks and
   * match handlers here. It may be a global function, a named export or the default export, and it may be `async`.
   * All nk functions work in it; their effects happen once, however many isolates the server runs. `ctx` has only
   * `env`, `node` and `version`. What it throws stops the server from starting, or, on a reload, leaves the old code
   * serving.
   */
  interface InitModule {
    (ctx: Context, logger: Logger, nk: Nakama, initializer: Initializer): void | Promise<void>;
  }

  /**
   * The server's functions, synchronous in the module. Arguments are checked and never coerced: a wrong type, a missing
   * or an out-of-range argument throws a `TypeError` before anything happens. A refusal by the server or the database
   * (not found, conflict, wrong password …) throws an `Error` whose `name` is `GoError`. Functions that return nothing
   * return `undefined`. Times are whole seconds since 1970 unless said otherwise.
   *
   * Calls made by a module never trigger hooks, and a call without a caller's id is not subject to permissions.
   */
  interface Nakama {
    /**
     * The same functions, each returning a promise, so that other calls go on in the same isolate while this one waits
     * for the server. Wrong arguments reject it, as everything that fails does. An addition of this server.
     *
     *     const account = await nk.async.accountGetId(ctx.userId);
     */
    readonly async: Async<Omit<Nakama, 'async'>>;
  }

  /** The functions of `T` with promises for results; members that are no functions are left out. */
  type Async<T> = {
    readonly [K in keyof T as T[K] extends (...args: any[]) => any ? K : never]: T[K] extends (
      ...args: infer A
    ) => infer R
      ? (...args: A) => Promise<R>
      : never;
  };

  /** Who and what a call is for. A field that does not apply is not there at all (`undefined`, never null). */
  interface Context {
    /** The `runtime.env` settings: the server's configuration for its modules. */
    env: { [key: string]: string };
    /**
     * What is running: `rpc`, `before`, `after`, `match`, `matchmaker`, `leaderboard_reset`, `tournament_end`,
     * `tournament_reset`, `storage_index_filter` …
     */
    executionMode: string;
    /** The name of the server node. */
    node: string;
    /** The server's version. */
    version: string;
    /** HTTP request headers, as lists, by canonical name (`X-Game-Version`). Only in RPCs over HTTP. */
    headers?: { [key: string]: string[] };
    /** Query parameters, as lists, without the HTTP key. Only in RPCs over HTTP; `{}` when there are none. */
    queryParams?: { [key: string]: string[] };
    /** Absent for calls with the HTTP key, before sign-in hooks and the server's own callbacks. */
    userId?: string;
    /** The name at the time when the session token was made; a later change shows after a refresh. */
    username?: string;
    /** Session variables of the token; absent when it has none. */
    vars?: { [key: string]: string };
    /** When the session token expires, in seconds since 1970. */
    userSessionExp?: number;
    /** The connection; only in calls over a socket. */
    sessionId?: string;
    /** The client's address as the server sees it. */
    clientIp?: string;
    /** The client's port as text. */
    clientPort?: string;
    /** Only in match handlers. */
    matchId?: string;
    /** The node that runs the match; only in match handlers. */
    matchNode?: string;
    /** The match's present label, at once after a `matchLabelUpdate`; from `matchInit` on. */
    matchLabel?: string;
    /** Loops a second; from `matchInit` on. */
    matchTickRate?: number;
    /** The `lang` of the socket's URL, `en` by default; only over a socket. */
    lang?: string;
  }

  /**
   * Writes to the server's log, with the module's name and the call on each line. `%s`, `%d`, `%v`, `%j` and the like
   * in the text are replaced by the arguments in order; too many or too few never throw, a first argument that is no
   * text does.
   */
  interface Logger {
    /** Something worth knowing that is as it should be. */
    info(format: string, ...args: any[]): string;
    /** Something odd that the server could live with. */
    warn(format: string, ...args: any[]): string;
    /** Something that went wrong and should be looked at. */
    error(format: string, ...args: any[]): string;
    /** Details for development; not written at the default level. */
    debug(format: string, ...args: any[]): string;
    /** A logger whose lines carry one more field; this one stays as it is. */
    withField(key: string, value: string): Logger;
    /** A logger whose lines carry these fields as well; this one stays as it is. */
    withFields(pairs: { [key: string]: string }): Logger;
    /** The fields that this logger adds to its lines. */
    getFields(): { [key: string]: string };
  }

  /**
   * Answers an RPC: `payload` is the text that the client sent, `''` when there was none (parse it yourself). The
   * text returned goes back to the client; nothing, null and `''` are an empty answer. Anything else (a number, an
   * object) is an error for the client: use `JSON.stringify`. It may be `async`.
   *
   * Throw `{ message, code }` to fail with a status code of your choice (see {@link Error}); what else is thrown
   * reaches the client as an internal error (13).
   */
  interface RpcFunction {
    (ctx: Context, logger: Logger, nk: Nakama, payload: string): string | null | void | Promise<string | null | void>;
  }

  /**
   * What to throw for an answer that the client can act on: it gets exactly this text and code.
   *
   *     throw { message: 'not enough gold', code: nkruntime.Codes.FAILED_PRECONDITION } as nkruntime.Error;
   *
   * Over HTTP the code also decides the status. On a socket every throw of an RPC or hook is the realtime error 7,
   * with this text.
   */
  interface Error {
    /** Shown to the client as it is. */
    message: string;
    /** A gRPC status code; a value that is no whole number counts as 13. */
    code: Codes;
  }

  /**
   * gRPC status codes; in brackets the HTTP status that a client sees. As with all enums here the compiler writes the
   * value into your code; where a project has `isolatedModules` on, use the number itself.
   */
  const enum Codes {
    /** The caller gave up (499). */
    CANCELLED = 1,
    /** No better code is known (500). */
    UNKNOWN = 2,
    /** The request itself is wrong (400). */
    INVALID_ARGUMENT = 3,
    /** It took too long (504). */
    DEADLINE_EXCEEDED = 4,
    /** What was asked for does not exist (404). */
    NOT_FOUND = 5,
    /** It is there or taken already (409). */
    ALREADY_EXISTS = 6,
    /** This caller may not (403). */
    PERMISSION_DENIED = 7,
    /** A limit or quota is used up (429). */
    RESOURCE_EXHAUSTED = 8,
    /** Not in the present state (400). */
    FAILED_PRECONDITION = 9,
    /** A conflict; trying again may work (409). */
    ABORTED = 10,
    /** Past the valid range (400). */
    OUT_OF_RANGE = 11,
    /** The server does not do this (501). */
    UNIMPLEMENTED = 12,
    /** A mistake on the server's side; also what an uncaught `Error` becomes (500). */
    INTERNAL = 13,
    /** Not just now; try again later (503). */
    UNAVAILABLE = 14,
    /** Data is damaged or gone (500). */
    DATA_LOSS = 15,
    /** No valid session (401). */
    UNAUTHENTICATED = 16,
  }

  /** The owner of the server's own objects, and the sender of its own messages: the nil UUID. */
  const SystemUserId: '00000000-0000-0000-0000-000000000000';

  /**
   * Registers what the server is to call. Only usable in `InitModule`. A value that is no function, or an empty or
   * non-text name, throws a `TypeError` and registers nothing. A name that is registered twice keeps its first function.
   */
  interface Initializer {}

  /** Runs when the server is about to stop: save what is not saved. It may be `async`. */
  interface ShutdownFunction {
    (ctx: Context, logger: Logger, nk: Nakama): void;
  }
}
