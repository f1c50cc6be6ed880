/** Accounts: signing in, linking ways to sign in, users, sessions. */
declare namespace nkruntime {
  interface Nakama {
    /**
     * Signs in with an Apple identity token; see {@link Nakama.authenticateDevice} for `username` and `create`.
     * @throws GoError when Apple is not configured or refuses the token.
     */
    authenticateApple(token: string, username?: string, create?: boolean): AuthResult;

    /**
     * Signs in with an id of your own making, 6 to 128 bytes without spaces or control characters; see
     * {@link Nakama.authenticateDevice} for `username` and `create`.
     */
    authenticateCustom(id: string, username?: string, create?: boolean): AuthResult;

    /**
     * Signs in the account of a device, or makes one. No session is opened; see
     * {@link Nakama.authenticateTokenGenerate}.
     * @param id 10 to 128 bytes without spaces or control characters.
     * @param username For a new account, at most 128 bytes, unique; ten random letters by default. An existing
     *   account keeps its name.
     * @param create Whether to make the account when there is none; true by default. `null` is refused here, as for
     *   `username`.
     * @throws GoError when there is none and `create` is false, the username is taken, or the account is banned.
     */
    authenticateDevice(id: string, username?: string, create?: boolean): AuthResult;

    /**
     * Signs in with an email address (10 to 255 bytes, compared in lower case) and a password of at least 8 bytes.
     * With `''` for the address it signs in by username and password, and never makes an account.
     * @throws GoError for a wrong password, and as {@link Nakama.authenticateDevice}.
     */
    authenticateEmail(email: string, password: string, username?: string, create?: boolean): AuthResult;

    /**
     * Signs in with a Facebook access token.
     * @param importFriends Makes friends of the user's Facebook friends who play; true by default.
     * @throws GoError when Facebook refuses the token.
     */
    authenticateFacebook(token: string, importFriends?: boolean, username?: string, create?: boolean): AuthResult;

    /**
     * Signs in with the signed player information of Facebook Instant Games.
     * @throws GoError when the signature is not the app's.
     */
    authenticateFacebookInstantGame(signedPlayerInfo: string, username?: string, create?: boolean): AuthResult;

    /**
     * Signs in with an Apple Game Center player and the proof that `GKLocalPlayer` returns.
     * @param ts The proof's timestamp, in seconds.
     * @throws GoError when the signature does not match.
     */
    authenticateGameCenter(
      playerId: string,
      bundleId: string,
      ts: number,
      salt: string,
      signature: string,
      publicKeyURL: string,
      username?: string,
      create?: boolean,
    ): AuthResult;

    /**
     * Signs in with a Google id token.
     * @throws GoError when Google refuses the token.
     */
    authenticateGoogle(token: string, username?: string, create?: boolean): AuthResult;

    /**
     * Signs in with a Steam session ticket.
     * @throws GoError when Steam is not configured or refuses the ticket.
     */
    authenticateSteam(token: string, username?: string, create?: boolean): AuthResult;

    /**
     * Makes a session token for a user, without asking whether the user exists.
     * @param username Goes into the token; a random one by default.
     * @param exp When it expires, in seconds since 1970; by default `session.token_expiry_sec` from now. A time in
     *   the past is allowed, and clients are then refused (401).
     * @param vars Session variables, text only; they become `ctx.vars`.
     */
    authenticateTokenGenerate(
      userId: string,
      username?: string,
      exp?: number,
      vars?: { [key: string]: string },
    ): TokenGenerateResult;

    /**
     * One account with its private parts: wallet, email, devices.
     * @throws GoError when there is no such account.
     */
    accountGetId(userId: string): Account;

    /** Several accounts; unknown ones are left out, repeated ones come once, in no promised order. */
    accountsGetId(userIds: string[]): Account[];

    /**
     * Changes parts of an account. `null` or `undefined` leaves a part as it is, `''` clears it (but leaves a
     * username). `metadata` is replaced as a whole. An unknown user is no error.
     * @param language A BCP-47 tag, at most 18 characters.
     * @throws GoError when nothing is given to change, or the username is taken.
     */
    accountUpdateId(
      userId: string,
      username?: string | null,
      displayName?: string | null,
      timezone?: string | null,
      location?: string | null,
      language?: string | null,
      avatar?: string | null,
      metadata?: { [key: string]: any } | null,
    ): void;

    /**
     * Deletes an account with all that belongs to it: storage, ledger, friends, memberships, records, and groups it
     * alone owns. Its tokens end and its sockets close. An unknown user is no error.
     * @param recorded Keeps a record that this account existed; false by default.
     */
    accountDeleteId(userId: string, recorded?: boolean): void;

    /**
     * Everything stored about a user, as the text of a JSON document in the names of the client API. Empty parts are
     * left out. Beyond Nakama, a notification to chosen sessions has their variables as `nk_vars`, and a group what the
     * user is in it as `nk_state`.
     */
    accountExportId(userId: string): string;

    /**
     * Takes an export of `accountExportId` in, all of it or nothing. In Nakama's runtime, not in its types; beyond it,
     * profile, friends, notifications, ledger and scores are taken in as well as metadata, wallet and storage objects.
     *
     * With `userId`, what this user has of these is replaced by what the export holds; the name and the ways to sign in
     * stay. Without, the account is made as it was, with its id, name and ways to sign in but for its password.
     *
     * Friends who are no more, or who block the user, are passed over; the others' lists are made to match. So are
     * leaderboards that are no more; on the others the user has the exported scores again. Memberships of groups and
     * chat messages are not taken in, nor are they by Nakama: they are others' as well, who have gone on without them.
     * @param data The text of the export; a TypeError says what is wrong with it.
     */
    accountImportId(data: string, userId?: string): Account;

    /**
     * Public profiles by id and by Facebook id; each found user once, unknown ones left out, in no promised order.
     */
    usersGetId(userIds: string[], facebookIds?: string[]): User[];

    /** Public profiles by username, which is compared with case; unknown ones are left out. */
    usersGetUsername(usernames: string[]): User[];

    /**
     * Some distinct users, at random.
     * @param count 0 to 1000.
     */
    usersGetRandom(count: number): User[];

    /**
     * How a user stands to others; those without any relationship are left out. For the states see {@link Friend}.
     */
    usersGetFriendStatus(userId: string, userIds: string[]): Friend[];

    /**
     * Bans users: sockets close, sessions of earlier seconds end, signing in is refused. Unknown ids are passed over.
     */
    usersBanId(userIds: string[]): void;

    /** Lets banned users sign in again; their old sessions stay ended. */
    usersUnbanId(userIds: string[]): void;

    /**
     * Adds an Apple identity to an account as a way to sign in.
     * @throws GoError when it belongs to another account, or Apple refuses the token.
     */
    linkApple(userId: string, token: string): void;

    /**
     * Adds a custom id (6 to 128 bytes) to an account; an account has one, and a new one replaces it.
     * @throws GoError when it belongs to another account or is malformed.
     */
    linkCustom(userId: string, customID: string): void;

    /**
     * Adds a device (10 to 128 bytes) to an account, which may have many.
     * @throws GoError when it belongs to another account or is malformed.
     */
    linkDevice(userId: string, deviceID: string): void;

    /**
     * Adds an email address and password; linking the account's own address again sets a new password.
     * @throws GoError when the address belongs to another account or is malformed, or the password is below 8 bytes.
     */
    linkEmail(userId: string, email: string, password: string): void;

    /**
     * Adds a Facebook identity.
     * @param username The user's name, for the notifications to imported friends.
     * @param importFriends Makes friends of the Facebook friends who play; true by default.
     * @throws GoError when it belongs to another account, or Facebook refuses the token.
     */
    linkFacebook(userId: string, username: string, token: string, importFriends?: boolean): void;

    /**
     * Adds a Facebook Instant Games identity.
     * @throws GoError when it belongs to another account, or the signature is not the app's.
     */
    linkFacebookInstantGame(userId: string, signedPlayerInfo: string): void;

    /**
     * Adds a Game Center player with the proof that `GKLocalPlayer` returns.
     * @throws GoError when it belongs to another account, or the signature does not match.
     */
    linkGameCenter(
      userId: string,
      playerId: string,
      bundleId: string,
      ts: number,
      salt: string,
      signature: string,
      publicKeyURL: string,
    ): void;

    /**
     * Adds a Google identity.
     * @throws GoError when it belongs to another account, or Google refuses the token.
     */
    linkGoogle(userId: string, token: string): void;

    /**
     * Adds a Steam identity.
     * @param importFriends Makes friends of the Steam friends who play; true by default.
     * @throws GoError when it belongs to another account, or Steam is not configured or refuses the ticket.
     */
    linkSteam(userId: string, username: string, token: string, importFriends?: boolean): void;

    /**
     * Takes an Apple identity away. The last way to sign in cannot be taken away.
     * @throws GoError when it is the last one, is not linked, or a token is given that does not match.
     */
    unlinkApple(userId: string, token?: string): void;

    /**
     * Takes the custom id away; it may be named, then it must be the account's.
     * @throws GoError when it is the last way to sign in, is not linked, or does not match.
     */
    unlinkCustom(userId: string, customID?: string): void;

    /**
     * Takes one device away; the id is needed, though Nakama's types let it be left out.
     * @throws GoError when it is the last way to sign in, or not linked to this account.
     */
    unlinkDevice(userId: string, deviceID?: string): void;

    /**
     * Takes the email address away; it may be named, then it must be the account's.
     * @throws GoError when it is the last way to sign in, is not linked, or does not match.
     */
    unlinkEmail(userId: string, email?: string): void;

    /** Takes a Facebook identity away. See {@link Nakama.unlinkApple}. */
    unlinkFacebook(userId: string, token?: string): void;

    /** Takes a Facebook Instant Games identity away. See {@link Nakama.unlinkApple}. */
    unlinkFacebookInstantGame(userId: string, signedPlayerInfo?: string): void;

    /** Takes a Game Center player away. See {@link Nakama.unlinkApple}. */
    unlinkGameCenter(
      userId: string,
      playerId?: string,
      bundleId?: string,
      ts?: number,
      salt?: string,
      signature?: string,
      publicKeyURL?: string,
    ): void;

    /** Takes a Google identity away. See {@link Nakama.unlinkApple}. */
    unlinkGoogle(userId: string, token?: string): void;

    /** Takes a Steam identity away. See {@link Nakama.unlinkApple}. */
    unlinkSteam(userId: string, token?: string): void;

    /**
     * Closes one connection; an unknown one is no error. Its token stays good, so the client may come back.
     * @param reason What presence events of its streams and matches say; see {@link PresenceReason}.
     */
    sessionDisconnect(sessionID: string, reason?: PresenceReason): void;

    /**
     * Ends tokens. With a session token that one, with a refresh token that one, with neither all tokens of the user
     * issued before this second. Tokens that were refreshed from one another end together. Open sockets stay open.
     * @throws GoError when a given token is not valid or of another user.
     */
    sessionLogout(userId: string, token?: string, refreshToken?: string): void;
  }

  interface Initializer {
    /** Runs before a client reads their own account, whether or not that will be allowed (`GetAccount`). */
    registerBeforeGetAccount(fn: BeforeHookFunction<void>): void;

    /** Runs after a client reads their own account, once it has succeeded (`GetAccount`). */
    registerAfterGetAccount(fn: AfterHookFunction<Account, void>): void;

    /** Runs before a client changes their own profile, whether or not that will be allowed (`UpdateAccount`). */
    registerBeforeUpdateAccount(fn: BeforeHookFunction<UserUpdateAccount>): void;

    /** Runs after a client changes their own profile, once it has succeeded (`UpdateAccount`). */
    registerAfterUpdateAccount(fn: AfterHookFunction<void, UserUpdateAccount>): void;

    /** Runs before a client deletes their own account, whether or not that will be allowed (`DeleteAccount`). */
    registerBeforeDeleteAccount(fn: BeforeHookFunction<void>): void;

    /** Runs after a client deletes their own account, once it has succeeded (`DeleteAccount`). */
    registerAfterDeleteAccount(fn: AfterHookFunction<void, void>): void;

    /** Runs before a client signs in with Apple, whether or not that will be allowed (`AuthenticateApple`). */
    registerBeforeAuthenticateApple(fn: BeforeHookFunction<AuthenticateAppleRequest>): void;

    /** Runs after a client signs in with Apple, once it has succeeded (`AuthenticateApple`). */
    registerAfterAuthenticateApple(fn: AfterHookFunction<Session, AuthenticateAppleRequest>): void;

    /** Runs before a client signs in with a custom id, whether or not that will be allowed (`AuthenticateCustom`). */
    registerBeforeAuthenticateCustom(fn: BeforeHookFunction<AuthenticateCustomRequest>): void;

    /** Runs after a client signs in with a custom id, once it has succeeded (`AuthenticateCustom`). */
    registerAfterAuthenticateCustom(fn: AfterHookFunction<Session, AuthenticateCustomRequest>): void;

    /** Runs before a client signs in with a device, whether or not that will be allowed (`AuthenticateDevice`). */
    registerBeforeAuthenticateDevice(fn: BeforeHookFunction<AuthenticateDeviceRequest>): void;

    /** Runs after a client signs in with a device, once it has succeeded (`AuthenticateDevice`). */
    registerAfterAuthenticateDevice(fn: AfterHookFunction<Session, AuthenticateDeviceRequest>): void;

    /**
     * Runs before a client signs in with an email address or username and a password, whether or not that will be
     * allowed (`AuthenticateEmail`).
     */
    registerBeforeAuthenticateEmail(fn: BeforeHookFunction<AuthenticateEmailRequest>): void;

    /**
     * Runs after a client signs in with an email address or username and a password, once it has succeeded
     * (`AuthenticateEmail`).
     */
    registerAfterAuthenticateEmail(fn: AfterHookFunction<Session, AuthenticateEmailRequest>): void;

    /** Runs before a client signs in with Facebook, whether or not that will be allowed (`AuthenticateFacebook`). */
    registerBeforeAuthenticateFacebook(fn: BeforeHookFunction<AuthenticateFacebookRequest>): void;

    /** Runs after a client signs in with Facebook, once it has succeeded (`AuthenticateFacebook`). */
    registerAfterAuthenticateFacebook(fn: AfterHookFunction<Session, AuthenticateFacebookRequest>): void;

    /**
     * Runs before a client signs in with Facebook Instant Games, whether or not that will be allowed
     * (`AuthenticateFacebookInstantGame`).
     */
    registerBeforeAuthenticateFacebookInstantGame(fn: BeforeHookFunction<AuthenticateFacebookInstantGameRequest>): void;

    /**
     * Runs after a client signs in with Facebook Instant Games, once it has succeeded
     * (`AuthenticateFacebookInstantGame`).
     */
    registerAfterAuthenticateFacebookInstantGame(
      fn: AfterHookFunction<Session, AuthenticateFacebookInstantGameRequest>,
    ): void;

    /**
     * Runs before a client signs in with Game Center, whether or not that will be allowed (`AuthenticateGameCenter`).
     */
    registerBeforeAuthenticateGameCenter(fn: BeforeHookFunction<AuthenticateGameCenterRequest>): void;

    /** Runs after a client signs in with Game Center, once it has succeeded (`AuthenticateGameCenter`). */
    registerAfterAuthenticateGameCenter(fn: AfterHookFunction<Session, AuthenticateGameCenterRequest>): void;

    /** Runs before a client signs in with Google, whether or not that will be allowed (`AuthenticateGoogle`). */
    registerBeforeAuthenticateGoogle(fn: BeforeHookFunction<AuthenticateGoogleRequest>): void;

    /** Runs after a client signs in with Google, once it has succeeded (`AuthenticateGoogle`). */
    registerAfterAuthenticateGoogle(fn: AfterHookFunction<Session, AuthenticateGoogleRequest>): void;

    /** Runs before a client signs in with Steam, whether or not that will be allowed (`AuthenticateSteam`). */
    registerBeforeAuthenticateSteam(fn: BeforeHookFunction<AuthenticateSteamRequest>): void;

    /** Runs after a client signs in with Steam, once it has succeeded (`AuthenticateSteam`). */
    registerAfterAuthenticateSteam(fn: AfterHookFunction<Session, AuthenticateSteamRequest>): void;

    /**
     * Runs before a client renews a session with a refresh token, whether or not that will be allowed
     * (`SessionRefresh`). Not in Nakama's types.
     */
    registerBeforeSessionRefresh(fn: BeforeHookFunction<SessionRefreshRequest>): void;

    /**
     * Runs after a client renews a session with a refresh token, once it has succeeded (`SessionRefresh`). Not in
     * Nakama's types.
     */
    registerAfterSessionRefresh(fn: AfterHookFunction<Session, SessionRefreshRequest>): void;

    /**
     * Runs before a client logs out, whether or not that will be allowed (`SessionLogout`). Not in Nakama's types.
     */
    registerBeforeSessionLogout(fn: BeforeHookFunction<SessionLogoutRequest>): void;

    /** Runs after a client logs out, once it has succeeded (`SessionLogout`). Not in Nakama's types. */
    registerAfterSessionLogout(fn: AfterHookFunction<void, SessionLogoutRequest>): void;

    /**
     * Runs before a client links an Apple identity to their account, whether or not that will be allowed
     * (`LinkApple`).
     */
    registerBeforeLinkApple(fn: BeforeHookFunction<AccountApple>): void;

    /** Runs after a client links an Apple identity to their account, once it has succeeded (`LinkApple`). */
    registerAfterLinkApple(fn: AfterHookFunction<void, AccountApple>): void;

    /**
     * Runs before a client links a custom id to their account, whether or not that will be allowed (`LinkCustom`).
     */
    registerBeforeLinkCustom(fn: BeforeHookFunction<AccountCustom>): void;

    /** Runs after a client links a custom id to their account, once it has succeeded (`LinkCustom`). */
    registerAfterLinkCustom(fn: AfterHookFunction<void, AccountCustom>): void;

    /** Runs before a client links a device to their account, whether or not that will be allowed (`LinkDevice`). */
    registerBeforeLinkDevice(fn: BeforeHookFunction<AccountDevice>): void;

    /** Runs after a client links a device to their account, once it has succeeded (`LinkDevice`). */
    registerAfterLinkDevice(fn: AfterHookFunction<void, AccountDevice>): void;

    /**
     * Runs before a client links an email address to their account, whether or not that will be allowed
     * (`LinkEmail`).
     */
    registerBeforeLinkEmail(fn: BeforeHookFunction<AccountEmail>): void;

    /** Runs after a client links an email address to their account, once it has succeeded (`LinkEmail`). */
    registerAfterLinkEmail(fn: AfterHookFunction<void, AccountEmail>): void;

    /**
     * Runs before a client links a Facebook identity to their account, whether or not that will be allowed
     * (`LinkFacebook`).
     */
    registerBeforeLinkFacebook(fn: BeforeHookFunction<LinkFacebookRequest>): void;

    /** Runs after a client links a Facebook identity to their account, once it has succeeded (`LinkFacebook`). */
    registerAfterLinkFacebook(fn: AfterHookFunction<void, LinkFacebookRequest>): void;

    /**
     * Runs before a client links a Facebook Instant Games identity to their account, whether or not that will be
     * allowed (`LinkFacebookInstantGame`).
     */
    registerBeforeLinkFacebookInstantGame(fn: BeforeHookFunction<AccountFacebookInstantGame>): void;

    /**
     * Runs after a client links a Facebook Instant Games identity to their account, once it has succeeded
     * (`LinkFacebookInstantGame`).
     */
    registerAfterLinkFacebookInstantGame(fn: AfterHookFunction<void, AccountFacebookInstantGame>): void;

    /**
     * Runs before a client links a Game Center player to their account, whether or not that will be allowed
     * (`LinkGameCenter`).
     */
    registerBeforeLinkGameCenter(fn: BeforeHookFunction<AccountGameCenter>): void;

    /** Runs after a client links a Game Center player to their account, once it has succeeded (`LinkGameCenter`). */
    registerAfterLinkGameCenter(fn: AfterHookFunction<void, AccountGameCenter>): void;

    /**
     * Runs before a client links a Google identity to their account, whether or not that will be allowed
     * (`LinkGoogle`).
     */
    registerBeforeLinkGoogle(fn: BeforeHookFunction<AccountGoogle>): void;

    /** Runs after a client links a Google identity to their account, once it has succeeded (`LinkGoogle`). */
    registerAfterLinkGoogle(fn: AfterHookFunction<void, AccountGoogle>): void;

    /**
     * Runs before a client links a Steam identity to their account, whether or not that will be allowed
     * (`LinkSteam`).
     */
    registerBeforeLinkSteam(fn: BeforeHookFunction<LinkSteamRequest>): void;

    /** Runs after a client links a Steam identity to their account, once it has succeeded (`LinkSteam`). */
    registerAfterLinkSteam(fn: AfterHookFunction<void, LinkSteamRequest>): void;

    /** Runs before a client unlinks an Apple identity, whether or not that will be allowed (`UnlinkApple`). */
    registerBeforeUnlinkApple(fn: BeforeHookFunction<AccountApple>): void;

    /** Runs after a client unlinks an Apple identity, once it has succeeded (`UnlinkApple`). */
    registerAfterUnlinkApple(fn: AfterHookFunction<void, AccountApple>): void;

    /** Runs before a client unlinks a custom id, whether or not that will be allowed (`UnlinkCustom`). */
    registerBeforeUnlinkCustom(fn: BeforeHookFunction<AccountCustom>): void;

    /** Runs after a client unlinks a custom id, once it has succeeded (`UnlinkCustom`). */
    registerAfterUnlinkCustom(fn: AfterHookFunction<void, AccountCustom>): void;

    /** Runs before a client unlinks a device, whether or not that will be allowed (`UnlinkDevice`). */
    registerBeforeUnlinkDevice(fn: BeforeHookFunction<AccountDevice>): void;

    /** Runs after a client unlinks a device, once it has succeeded (`UnlinkDevice`). */
    registerAfterUnlinkDevice(fn: AfterHookFunction<void, AccountDevice>): void;

    /** Runs before a client unlinks an email address, whether or not that will be allowed (`UnlinkEmail`). */
    registerBeforeUnlinkEmail(fn: BeforeHookFunction<AccountEmail>): void;

    /** Runs after a client unlinks an email address, once it has succeeded (`UnlinkEmail`). */
    registerAfterUnlinkEmail(fn: AfterHookFunction<void, AccountEmail>): void;

    /** Runs before a client unlinks a Facebook identity, whether or not that will be allowed (`UnlinkFacebook`). */
    registerBeforeUnlinkFacebook(fn: BeforeHookFunction<AccountFacebook>): void;

    /** Runs after a client unlinks a Facebook identity, once it has succeeded (`UnlinkFacebook`). */
    registerAfterUnlinkFacebook(fn: AfterHookFunction<void, AccountFacebook>): void;

    /**
     * Runs before a client unlinks a Facebook Instant Games identity, whether or not that will be allowed
     * (`UnlinkFacebookInstantGame`).
     */
    registerBeforeUnlinkFacebookInstantGame(fn: BeforeHookFunction<AccountFacebookInstantGame>): void;

    /**
     * Runs after a client unlinks a Facebook Instant Games identity, once it has succeeded
     * (`UnlinkFacebookInstantGame`).
     */
    registerAfterUnlinkFacebookInstantGame(fn: AfterHookFunction<void, AccountFacebookInstantGame>): void;

    /**
     * Runs before a client unlinks a Game Center player, whether or not that will be allowed (`UnlinkGameCenter`).
     */
    registerBeforeUnlinkGameCenter(fn: BeforeHookFunction<AccountGameCenter>): void;

    /** Runs after a client unlinks a Game Center player, once it has succeeded (`UnlinkGameCenter`). */
    registerAfterUnlinkGameCenter(fn: AfterHookFunction<void, AccountGameCenter>): void;

    /** Runs before a client unlinks a Google identity, whether or not that will be allowed (`UnlinkGoogle`). */
    registerBeforeUnlinkGoogle(fn: BeforeHookFunction<AccountGoogle>): void;

    /** Runs after a client unlinks a Google identity, once it has succeeded (`UnlinkGoogle`). */
    registerAfterUnlinkGoogle(fn: AfterHookFunction<void, AccountGoogle>): void;

    /** Runs before a client unlinks a Steam identity, whether or not that will be allowed (`UnlinkSteam`). */
    registerBeforeUnlinkSteam(fn: BeforeHookFunction<AccountSteam>): void;

    /** Runs after a client unlinks a Steam identity, once it has succeeded (`UnlinkSteam`). */
    registerAfterUnlinkSteam(fn: AfterHookFunction<void, AccountSteam>): void;

    /** Runs before a client reads users' profiles, whether or not that will be allowed (`GetUsers`). */
    registerBeforeGetUsers(fn: BeforeHookFunction<GetUsersRequest>): void;

    /** Runs after a client reads users' profiles, once it has succeeded (`GetUsers`). */
    registerAfterGetUsers(fn: AfterHookFunction<Users, GetUsersRequest>): void;
  }

  /** Who signed in. */
  interface AuthResult {
    userId: string;
    username: string;
    /** Whether the account was made by this call. */
    created: boolean;
  }
  /** A session token. */
  interface TokenGenerateResult {
    /** A JWT that clients use as bearer token. */
    token: string;
    /** When it expires, in seconds since 1970. */
    exp: number;
  }

  /** An account as its owner and the server see it. */
  interface Account {
    user: User;
    /** Amounts by currency; `{}` when there are none. */
    wallet: Wallet;
    /** Absent when there is none. */
    email: string;
    /** Absent when there are none. */
    devices: AccountDevice[];
    /** Absent when there is none. */
    customId: string;
    /** When the email was verified; absent when it was not. */
    verifyTime: number;
    /** When the account was banned; absent when it is not. */
    disableTime: number;
  }

  /** A user's public profile. Text that was never set is `''`; ids of providers are absent when not linked. */
  interface User {
    userId: string;
    username: string;
    displayName: string;
    avatarUrl: string;
    /** A BCP-47 tag; `en` by default. */
    langTag: string;
    location: string;
    timezone: string;
    appleId: string;
    facebookId: string;
    facebookInstantGameId: string;
    googleId: string;
    gamecenterId: string;
    steamId: string;
    /** Whether a connection of the user appears online. */
    online: boolean;
    /** How many relationships the user has: friends, invitations, blocks. */
    edgeCount: number;
    /** Seconds since 1970. */
    createTime: number;
    /** Seconds since 1970. */
    updateTime: number;
    /** The game's own data about the user, which every client can read. */
    metadata: { [key: string]: any };
    /** The user's id in the data of after hooks, which have the client API's form; `userId` is absent there. */
    id?: string;
  }

  /**
   * Changes to an account; what is absent or null stays. In hooks of UpdateAccount `userId` and `metadata` are
   * absent.
   */
  interface UserUpdateAccount {
    /** Whose account; used by `nk.multiUpdate`. */
    userId: string;
    username?: string;
    displayName?: string;
    avatarUrl?: string;
    langTag?: string;
    location?: string;
    timezone?: string;
    /** Replaces all metadata. */
    metadata?: { [key: string]: any };
  }

  /** Profiles that a client asked for. */
  interface Users {
    /** Nakama's types wrongly say `Users[]`. */
    users: User[];
  }

  /** Everything that a client is told on signing in. */
  interface Session {
    /** Whether the account is new. */
    created?: boolean;
    token?: string;
    refreshToken?: string;
  }

  /** An Apple identity. */
  interface AccountApple {
    /** The identity token. */
    token?: string;
    /** Session variables for the token to be made. */
    vars?: SessionVars;
  }

  /** A custom id. */
  interface AccountCustom {
    /** 6 to 128 bytes. */
    id?: string;
    vars?: SessionVars;
  }

  /** A device. */
  interface AccountDevice {
    /** 10 to 128 bytes. */
    id: string;
    vars?: SessionVars;
  }

  /** An email address with its password. */
  interface AccountEmail {
    email?: string;
    password?: string;
    vars?: SessionVars;
  }

  /** A Facebook identity. */
  interface AccountFacebook {
    /** The access token. */
    token?: string;
    vars?: SessionVars;
  }

  /** A Facebook Instant Games identity. */
  interface AccountFacebookInstantGame {
    signedPlayerInfo?: string;
    vars?: SessionVars;
  }

  /** A Game Center player with proof. */
  interface AccountGameCenter {
    playerId?: string;
    bundleId?: string;
    /** Seconds since 1970, as text (a 64-bit integer). */
    timestampSeconds?: string;
    salt?: string;
    signature?: string;
    publicKeyUrl?: string;
    vars?: SessionVars;
  }

  /** A Google identity. */
  interface AccountGoogle {
    /** The id token. */
    token?: string;
    vars?: SessionVars;
  }

  /** A Steam identity. */
  interface AccountSteam {
    /** The session ticket. */
    token?: string;
    vars?: SessionVars;
  }

  /** One session variable; at run time `vars` is a map. */
  interface AccountAppleVarsEntry {
    key?: string;
    value?: string;
  }

  /** One session variable; at run time `vars` is a map. */
  interface AccountCustomVarsEntry {
    key?: string;
    value?: string;
  }

  /** Signing in with Apple. */
  interface AuthenticateAppleRequest {
    account?: AccountApple;
    /** Whether to make an account when there is none; null means true. Likewise in the other sign-in requests. */
    create?: boolean;
    /** For a new account; `''` for a random one. */
    username?: string;
  }

  /** Signing in with a custom id. */
  interface AuthenticateCustomRequest {
    account?: AccountCustom;
    create?: boolean;
    username?: string;
  }

  /** Signing in with a device. Changes to `username`, `create` and `account` decide what happens. */
  interface AuthenticateDeviceRequest {
    account?: AccountDevice;
    create?: boolean;
    username?: string;
  }

  /** Signing in with an email address, or with a username and password. */
  interface AuthenticateEmailRequest {
    account: AccountEmail;
    create: boolean;
    username: string;
  }

  /** Signing in with Facebook. */
  interface AuthenticateFacebookRequest {
    account?: AccountFacebook;
    create?: boolean;
    username?: string;
    /** Whether to import friends. */
    sync?: boolean;
  }

  /** Signing in with Facebook Instant Games. */
  interface AuthenticateFacebookInstantGameRequest {
    account?: AccountFacebookInstantGame;
    create?: boolean;
    username?: string;
  }

  /** Signing in with Game Center. */
  interface AuthenticateGameCenterRequest {
    account?: AccountGameCenter;
    create?: boolean;
    username?: string;
  }

  /** Signing in with Google. */
  interface AuthenticateGoogleRequest {
    account?: AccountGoogle;
    create?: boolean;
    username?: string;
  }

  /** Signing in with Steam. */
  interface AuthenticateSteamRequest {
    account?: AccountSteam;
    create?: boolean;
    username?: string;
    /** Whether to import friends. Not in Nakama's types. */
    sync?: boolean;
  }

  /** Linking a Facebook identity. */
  interface LinkFacebookRequest {
    account?: AccountFacebook;
    /** Whether to import friends. */
    sync?: boolean;
  }

  /** Linking a Steam identity. */
  interface LinkSteamRequest {
    account?: AccountSteam;
    /** Whether to import friends. */
    sync?: boolean;
  }

  /** Which profiles to get; the answer is the union. */
  interface GetUsersRequest {
    ids?: string[];
    usernames?: string[];
    facebookIds?: string[];
  }

  /** Renewing a session. Not in Nakama's types. */
  interface SessionRefreshRequest {
    /** The refresh token. */
    token?: string;
    /** Replace the old token's variables; empty keeps them. */
    vars?: SessionVars;
  }
  /** Ending a session. Not in Nakama's types. */
  interface SessionLogoutRequest {
    token?: string;
    refreshToken?: string;
  }
}
