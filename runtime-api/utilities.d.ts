/** Utilities: encoding, hashing, encryption, tokens, cron, cache, HTTP, SQL, files, metrics, events. */
declare namespace nkruntime {
  interface Nakama {
    /** A random UUID, in lower case. */
    uuidv4(): string;

    /**
     * Random bytes fit for secrets.
     * @param count 1 to 1000.
     */
    secureRandomBytes(count: number): ArrayBuffer;

    /** The text's bytes in UTF-8. */
    stringToBinary(str: string): ArrayBuffer;

    /**
     * The text of UTF-8 bytes.
     * @throws TypeError also for bytes that are not UTF-8.
     */
    binaryToString(data: ArrayBuffer): string;

    /**
     * Base64 of text (as UTF-8) or bytes.
     * @param padding Ends with `=` where needed; true by default.
     */
    base64Encode(s: string | ArrayBuffer, padding?: boolean): string;

    /**
     * The bytes of Base64 text; padding may be missing.
     * @throws GoError for text that is none, the URL alphabet included.
     */
    base64Decode(s: string, padding?: boolean): ArrayBuffer;

    /**
     * Base64 in the URL alphabet, of text (as UTF-8) or bytes.
     * @param padding Ends with `=` where needed; true by default.
     */
    base64UrlEncode(s: string | ArrayBuffer, padding?: boolean): string;

    /**
     * The bytes of Base64 text in the URL alphabet; padding may be missing.
     * @throws GoError for text that is none.
     */
    base64UrlDecode(s: string, padding?: boolean): ArrayBuffer;

    /**
     * Lower-case hex of text (as UTF-8) or bytes.
     * @param padding Has no effect.
     */
    base16Encode(s: string | ArrayBuffer, padding?: boolean): string;

    /**
     * The bytes of hex text, in either case.
     * @param padding Has no effect.
     * @throws GoError for an odd length or other characters.
     */
    base16Decode(s: string, padding?: boolean): ArrayBuffer;

    /** MD5 of the text in UTF-8, as lower-case hex. Not for secrets. */
    md5Hash(input: string): string;

    /** SHA-256 of the text in UTF-8, as lower-case hex. */
    sha256Hash(input: string): string;

    /**
     * HMAC-SHA-256 of the text, as bytes.
     * @param key Not empty.
     */
    hmacSha256Hash(input: string, key: string): ArrayBuffer;

    /**
     * RSA signature (PKCS#1 v1.5, SHA-256) of the text.
     * @param key A private key in PKCS#1 PEM.
     * @throws GoError for a key that cannot be read.
     */
    rsaSha256Hash(input: string, key: string): string;

    /**
     * A bcrypt hash of a password, with its salt, at cost 13: slow on purpose.
     * @param password At most 72 bytes.
     * @throws GoError for a longer one.
     */
    bcryptHash(password: string): string;

    /**
     * Whether a password belongs to a bcrypt hash.
     * @throws GoError for a malformed hash.
     */
    bcryptCompare(hash: string, password: string): boolean;

    /**
     * AES-128 (CFB, random IV in front), as Base64. The text is padded with spaces to a multiple of 4 bytes.
     * @param key Exactly 16 bytes.
     * @throws GoError for another length.
     */
    aes128Encrypt(input: string, key: string): string;

    /**
     * Opens what {@link Nakama.aes128Encrypt} made; spaces added there stay. A wrong key gives nonsense, no error.
     * @param key Exactly 16 bytes.
     * @throws GoError for another length or bad Base64.
     */
    aes128Decrypt(input: string, key: string): string;

    /**
     * AES-256 (CFB, random IV in front), as Base64. The text is padded with spaces to a multiple of 4 bytes.
     * @param key Exactly 32 bytes.
     * @throws GoError for another length.
     */
    aes256Encrypt(input: string, key: string): string;

    /**
     * Opens what {@link Nakama.aes256Encrypt} made; spaces added there stay. A wrong key gives nonsense, no error.
     * @param key Exactly 32 bytes.
     * @throws GoError for another length or bad Base64.
     */
    aes256Decrypt(input: string, key: string): string;

    /**
     * A signed JWT with just these claims (no `iat` is added).
     * @param signingKey Text for HS256, a PKCS#8 PEM for RS256.
     * @param claims Values may be nested.
     * @throws GoError for a key that cannot be read.
     */
    jwtGenerate(algorithm: 'HS256' | 'RS256', signingKey: string, claims: { [key: string]: any }): string;

    /**
     * The next moment of a schedule strictly after a time, in seconds since 1970 (UTC).
     * @param cron 5 fields, with names, ranges, steps, `L`, `W`, `#`; a 6th is the year, with 7 the first is seconds;
     *   or `@daily` and the like.
     * @returns -62135596800 when there is no such moment.
     */
    cronNext(cron: string, timestamp: number): number;

    /**
     * The last moment of a schedule strictly before a time, in seconds since 1970 (UTC); see {@link Nakama.cronNext}.
     */
    cronPrev(cron: string, timestamp: number): number;

    /**
     * A value from the node's cache, which all calls and isolates share; `undefined` or the default when missing or
     * expired.
     */
    localcacheGet(key: string, defaultValue?: any): any;

    /**
     * Keeps a value in the node's cache. Objects and lists are refused: use `JSON.stringify`.
     * @param key Not empty.
     * @param ttl Whole seconds; 0, the default, keeps it for good.
     */
    localcachePut(key: string, value: string | number | boolean, ttl?: number): void;

    /** Takes a value out of the node's cache; a missing one is no error. */
    localcacheDelete(key: string): void;

    /** Empties the node's cache. */
    localcacheClear(): void;

    /**
     * Calls another server and waits for its answer; every status is an answer. Up to 10 redirects are followed.
     * `nk.async.httpRequest` lets other calls go on meanwhile. Which hosts may be reached is the operator's to say:
     * `runtime.http_request_allow_private` (by default on) and `runtime.http_request_allow_metadata` (by default off).
     * @param headers Nothing is added to them but what HTTP needs, and `Nk-Call-Depth`, by which a server notices that it
     * calls itself without end (`runtime.http_request_depth`): give a Content-Type yourself.
     * @param body Sent as UTF-8.
     * @param timeout For the whole exchange, in milliseconds; 5000 by default. It ends with the call at the latest:
     *   await it.
     * @param insecure Accepts any TLS certificate; false by default.
     * @throws GoError when there is no answer in time, or none at all.
     */
    httpRequest(
      url: string,
      method: RequestMethod | 'GET' | 'POST' | 'PUT' | 'PATCH' | 'HEAD' | 'DELETE',
      headers?: { [header: string]: string } | null,
      body?: string | null,
      timeout?: number | null,
      insecure?: boolean,
    ): HttpResponse;

    /**
     * Runs one SQL statement and says how many rows it touched. Each stands alone: what it would leave on its
     * connection (`SET`, temporary tables, locks of the session) is taken back after it.
     * @param args For `$1`, `$2` …: text, numbers, booleans, null or lists. They are not converted: a number for a
     *   text column fails.
     * @throws GoError for what the database refuses, with its reason. A client whose call ends with it, because the
     *   module did not catch it, is told only that the statement was refused. A statement that runs longer than the
     *   call may (setting `runtime.limits.call_time_ms`) is cancelled, and has had no effect.
     */
    sqlExec(sqlQuery: string, args?: any[]): SqlExecResult;

    /**
     * Runs one SQL statement and returns its rows; it may write, with RETURNING.
     * @param args As in {@link Nakama.sqlExec}.
     * @throws GoError as there.
     */
    sqlQuery(sqlQuery: string, args?: any[]): SqlQueryResult;

    /**
     * The text (UTF-8) of a file inside the module folder.
     * @throws GoError when it is missing, a folder, or outside.
     */
    fileRead(relPath: string): string;

    /**
     * Hands an event to the server's analytics; no hook sees it.
     * @param properties Text only; `{}` for none.
     * @param timestamp Seconds since 1970; now by default.
     * @param external As if a client had sent it; false by default.
     */
    event(eventName: string, properties: { [key: string]: string }, timestamp?: number, external?: boolean): void;

    /**
     * Adds to a counter of the server's metrics.
     * @param tags Text only; `{}` for none.
     * @param delta A whole number.
     */
    metricsCounterAdd(name: string, tags: { [key: string]: string }, delta: number): void;

    /**
     * Sets a gauge of the server's metrics.
     * @param tags Text only; `{}` for none.
     */
    metricsGaugeSet(name: string, tags: { [key: string]: string }, value: number): void;

    /**
     * Records a duration in the server's metrics.
     * @param tags Text only; `{}` for none.
     * @param value Whole nanoseconds.
     */
    metricsTimerRecord(name: string, tags: { [key: string]: string }, value: number): void;
  }

  /** Methods of {@link Nakama.httpRequest}. */
  type RequestMethod = 'get' | 'post' | 'put' | 'patch' | 'head' | 'delete';

  /** An HTTP answer. */
  interface HttpResponse {
    /** The HTTP status. */
    code: number;
    /** Lists of values by canonical name (`Content-Type`). Nakama's types wrongly call it a list. */
    headers: { [name: string]: string[] };
    /** `''` when there is none. */
    body: string;
  }

  /** What a statement did. */
  interface SqlExecResult {
    /** How many rows it touched. */
    rowsAffected: number;
  }

  /**
   * Rows by column name. Integers and floats are numbers, numeric is text, text, uuid, arrays and intervals are text,
   * times are objects that become ISO 8601 text in JSON, bytea and json are lists of byte values, NULL is null.
   */
  type SqlQueryResult = { [column: string]: any }[];
}
