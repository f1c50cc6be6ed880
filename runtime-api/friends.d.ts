/** Friends: invitations, friendships, blocks. */
declare namespace nkruntime {
  interface Nakama {
    /**
     * Invites users, or accepts their invitations, on behalf of a user. Unknown users are passed over, and so is
     * everyone whom either side has blocked.
     * @param username The acting user's name, for the notifications.
     * @param metadata Kept on the acting user's side of the relationship; `{}` for none.
     * @throws TypeError also when the user names himself or nobody is left to invite.
     */
    friendsAdd(
      userId: string,
      username: string,
      ids: string[] | null,
      usernames: string[] | null,
      metadata: { [key: string]: any },
    ): void;

    /**
     * Ends friendships, withdraws or rejects invitations, and lifts the user's own blocks. The others are notified
     * (code -9), except of a lifted block. Nothing to delete is no error.
     */
    friendsDelete(userId: string, username: string, ids: string[] | null, usernames: string[] | null): void;

    /**
     * Blocks users: the other side of the relationship disappears, and they can neither invite nor write directly.
     * Nobody is told.
     */
    friendsBlock(userId: string, username: string, ids: string[] | null, usernames: string[] | null): void;

    /**
     * A user's relationships, ordered by state and then by the time they began.
     * @param limit 1 to 1000; 100 by default.
     * @param state Only this state, 0 to 3; see {@link Friend.state}.
     * @throws GoError for a cursor of another state.
     */
    friendsList(userId: string, limit?: number, state?: number, cursor?: string): FriendList;

    /**
     * Friends of a user's friends, once for each friend they are reached through, without the user and the user's own
     * friends.
     * @param limit 1 to 1000; 100 by default.
     */
    friendsOfFriendsList(userId: string, limit?: number, cursor?: string): FriendsOfFriendsList;

    /** Replaces what a user's side of a relationship has as metadata; no relationship is no error. */
    friendMetadataUpdate(userId: string, friendUserId: string, metadata: { [key: string]: any }): void;
  }

  interface Initializer {
    /** Runs before a client lists friends, whether or not that will be allowed (`ListFriends`). */
    registerBeforeListFriends(fn: BeforeHookFunction<ListFriendsRequest>): void;

    /** Runs after a client lists friends, once it has succeeded (`ListFriends`). */
    registerAfterListFriends(fn: AfterHookFunction<FriendList, ListFriendsRequest>): void;

    /**
     * Runs before a client lists friends of friends, whether or not that will be allowed (`ListFriendsOfFriends`).
     */
    registerBeforeListFriendsOfFriends(fn: BeforeHookFunction<ListFriendsOfFriendsRequest>): void;

    /** Runs after a client lists friends of friends, once it has succeeded (`ListFriendsOfFriends`). */
    registerAfterListFriendsOfFriends(fn: AfterHookFunction<FriendsOfFriendsList, ListFriendsOfFriendsRequest>): void;

    /**
     * Runs before a client invites friends or accepts invitations, whether or not that will be allowed
     * (`AddFriends`).
     */
    registerBeforeAddFriends(fn: BeforeHookFunction<AddFriendsRequest>): void;

    /** Runs after a client invites friends or accepts invitations, once it has succeeded (`AddFriends`). */
    registerAfterAddFriends(fn: AfterHookFunction<void, AddFriendsRequest>): void;

    /**
     * Runs before a client drops friends, rejects invitations or lifts blocks, whether or not that will be allowed
     * (`DeleteFriends`).
     */
    registerBeforeDeleteFriends(fn: BeforeHookFunction<DeleteFriendsRequest>): void;

    /**
     * Runs after a client drops friends, rejects invitations or lifts blocks, once it has succeeded
     * (`DeleteFriends`).
     */
    registerAfterDeleteFriends(fn: AfterHookFunction<void, DeleteFriendsRequest>): void;

    /** Runs before a client blocks users, whether or not that will be allowed (`BlockFriends`). */
    registerBeforeBlockFriends(fn: BeforeHookFunction<BlockFriendsRequest>): void;

    /** Runs after a client blocks users, once it has succeeded (`BlockFriends`). */
    registerAfterBlockFriends(fn: AfterHookFunction<void, BlockFriendsRequest>): void;

    /**
     * Runs before a client imports Facebook friends, whether or not that will be allowed (`ImportFacebookFriends`).
     */
    registerBeforeImportFacebookFriends(fn: BeforeHookFunction<ImportFacebookFriendsRequest>): void;

    /** Runs after a client imports Facebook friends, once it has succeeded (`ImportFacebookFriends`). */
    registerAfterImportFacebookFriends(fn: AfterHookFunction<void, ImportFacebookFriendsRequest>): void;

    /** Runs before a client imports Steam friends, whether or not that will be allowed (`ImportSteamFriends`). */
    registerBeforeImportSteamFriends(fn: BeforeHookFunction<ImportSteamFriendsRequest>): void;

    /** Runs after a client imports Steam friends, once it has succeeded (`ImportSteamFriends`). */
    registerAfterImportSteamFriends(fn: AfterHookFunction<void, ImportSteamFriendsRequest>): void;
  }

  /** A relationship, seen from one side. */
  interface Friend {
    user?: User;
    /** 0 friend, 1 invitation sent, 2 invitation received, 3 blocked by this user. */
    state?: number;
    /** Seconds since 1970. */
    updateTime?: number;
    /** This side's own data about the other. */
    metadata?: { [key: string]: any };
  }

  /** A page of relationships. */
  interface FriendList {
    friends?: Friend[];
    /** For the next page; absent on the last. */
    cursor?: string;
  }

  /** A friend's friend. */
  interface FriendOfFriend {
    /** The id of the friend in between. */
    referrer: string;
    user: User;
  }

  /** A page of friends' friends. */
  interface FriendsOfFriendsList {
    friendsOfFriends?: FriendOfFriend[];
    /** For the next page; absent on the last. */
    cursor?: string;
  }

  /** Which friends to list. */
  interface ListFriendsRequest {
    /** 1 to 1000; null for 1000. */
    limit?: number;
    /** 0 to 3; null for all. */
    state?: number;
    cursor?: string;
  }

  /** Which friends' friends to list. */
  interface ListFriendsOfFriendsRequest {
    /** 1 to 100; null for 10. */
    limit?: number;
    cursor?: string;
  }

  /** Whom to invite, or whose invitation to accept. */
  interface AddFriendsRequest {
    ids?: string[];
    usernames?: string[];
    /** Text of a JSON object, `''` for none. Not in Nakama's types. */
    metadata?: string;
  }

  /** Whom to drop as friend, reject or unblock. */
  interface DeleteFriendsRequest {
    ids?: string[];
    usernames?: string[];
  }

  /** Whom to block. */
  interface BlockFriendsRequest {
    ids?: string[];
    usernames?: string[];
  }

  /** Making friends of Facebook friends. */
  interface ImportFacebookFriendsRequest {
    account?: AccountFacebook;
    /** Drops the present friends first. */
    reset?: boolean;
  }

  /** Making friends of Steam friends. */
  interface ImportSteamFriendsRequest {
    account?: AccountSteam;
    /** Drops the present friends first. */
    reset?: boolean;
  }
}
