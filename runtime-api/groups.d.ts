/** Groups (guilds, clans): members with ranks, requests to join, bans. */
declare namespace nkruntime {
  interface Nakama {
    /**
     * Makes a group, with the user as its superadmin. Null means the default.
     * @param name Unique, with case.
     * @param creatorId Who is named as maker; the nil UUID by default.
     * @param lang A BCP-47 tag; `en` by default.
     * @param open Whether anyone may join without asking; false by default.
     * @param limit Most members, 100 by default.
     * @throws GoError when the name is taken.
     */
    groupCreate(
      userId: string,
      name: string,
      creatorId?: string | null,
      lang?: string | null,
      description?: string | null,
      avatarURL?: string | null,
      open?: boolean | null,
      metadata?: { [key: string]: any } | null,
      limit?: number | null,
    ): Group;

    /**
     * Changes a group. Null leaves a part, `''` clears description or avatar, `metadata` is replaced, a limit of 0
     * leaves it.
     * @param userId Who acts: must be admin or superadmin. Null for the server itself.
     * @throws GoError for an unknown group, a taken name, nothing to change, or missing rank.
     */
    groupUpdate(
      groupId: string,
      userId: string | null,
      name?: string | null,
      creatorID?: string | null,
      lang?: string | null,
      description?: string | null,
      avatarURL?: string | null,
      open?: boolean | null,
      metadata?: { [key: string]: any } | null,
      limit?: number | null,
    ): void;

    /** Deletes a group with its memberships, requests and bans, and closes its chat. An unknown group is no error. */
    groupDelete(groupID: string): void;

    /**
     * Lets a user join an open group, or ask to join a closed one (its admins are notified). One who is in, waiting
     * or banned stays as is.
     * @throws GoError when the group is full or unknown.
     */
    groupUserJoin(groupID: string, userId: string, username: string): void;

    /**
     * Takes a user out, or withdraws a request. Leaving as last member deletes the group.
     * @throws GoError for the last superadmin while others are in.
     */
    groupUserLeave(groupID: string, userId: string, username: string): void;

    /**
     * Adds users as members, or accepts their requests; they are notified.
     * @param callerID Who acts and needs the rank; without it the server, which may do everything. Likewise in the
     *   functions below.
     * @throws GoError for an unknown group or user, too few places, or missing rank.
     */
    groupUsersAdd(groupID: string, userIds: string[], callerID?: string): void;

    /**
     * Takes members out, turns down requests, lifts bans. Those who are not in are passed over, as is the last
     * superadmin.
     */
    groupUsersKick(groupID: string, userIds: string[], callerID?: string): void;

    /**
     * Bans members and those who asked to join; outsiders and the last superadmin are passed over. A kick lifts it.
     */
    groupUsersBan(groupID: string, userIds: string[], callerID?: string): void;

    /** Raises members by one rank, to superadmin at most. */
    groupUsersPromote(groupID: string, userIds: string[], callerID?: string): void;

    /** Lowers members by one rank, to member at least; the last superadmin stays. */
    groupUsersDemote(groupID: string, userIds: string[], callerID?: string): void;

    /**
     * A group's members, requests and bans, by state and then by time. Bans only come when asked for.
     * @param limit 1 to 10000; 100 by default.
     * @param state One of {@link GroupUserState}; all but banned by default.
     */
    groupUsersList(groupID: string, limit?: number, state?: number, cursor?: string): GroupUserList;

    /** Groups by id; unknown ones are left out, in no promised order. */
    groupsGetId(groupIDs: string[]): Group[];

    /**
     * Some distinct groups, at random.
     * @param count 0 to 1000.
     */
    groupsGetRandom(count: number): Group[];

    /**
     * Finds groups, by a name or by the other filters (not both).
     * @param name Without case; `%` stands for any text, and without it the whole name must match.
     * @param members At most this many members.
     * @param limit 1 to 100; 100 by default.
     * @throws GoError when a name is combined with another filter.
     */
    groupsList(
      name?: string,
      langTag?: string,
      open?: boolean,
      members?: number,
      limit?: number,
      cursor?: string,
    ): GroupList;

    /**
     * The groups a user belongs to or asked to join, by state and then by time.
     * @param limit 1 to 100; 100 by default.
     * @param state One of {@link GroupUserState}.
     */
    userGroupsList(userId: string, limit?: number, state?: number, cursor?: string): UserGroupList;
  }

  interface Initializer {
    /** Runs before a client makes a group, whether or not that will be allowed (`CreateGroup`). */
    registerBeforeCreateGroup(fn: BeforeHookFunction<CreateGroupRequest>): void;

    /** Runs after a client makes a group, once it has succeeded (`CreateGroup`). */
    registerAfterCreateGroup(fn: AfterHookFunction<Group, CreateGroupRequest>): void;

    /** Runs before a client changes a group, whether or not that will be allowed (`UpdateGroup`). */
    registerBeforeUpdateGroup(fn: BeforeHookFunction<UpdateGroupRequest>): void;

    /** Runs after a client changes a group, once it has succeeded (`UpdateGroup`). */
    registerAfterUpdateGroup(fn: AfterHookFunction<void, UpdateGroupRequest>): void;

    /** Runs before a client deletes a group, whether or not that will be allowed (`DeleteGroup`). */
    registerBeforeDeleteGroup(fn: BeforeHookFunction<DeleteGroupRequest>): void;

    /** Runs after a client deletes a group, once it has succeeded (`DeleteGroup`). */
    registerAfterDeleteGroup(fn: AfterHookFunction<void, DeleteGroupRequest>): void;

    /** Runs before a client joins a group or asks to, whether or not that will be allowed (`JoinGroup`). */
    registerBeforeJoinGroup(fn: BeforeHookFunction<JoinGroupRequest>): void;

    /** Runs after a client joins a group or asks to, once it has succeeded (`JoinGroup`). */
    registerAfterJoinGroup(fn: AfterHookFunction<void, JoinGroupRequest>): void;

    /** Runs before a client leaves a group, whether or not that will be allowed (`LeaveGroup`). */
    registerBeforeLeaveGroup(fn: BeforeHookFunction<LeaveGroupRequest>): void;

    /** Runs after a client leaves a group, once it has succeeded (`LeaveGroup`). */
    registerAfterLeaveGroup(fn: AfterHookFunction<void, LeaveGroupRequest>): void;

    /**
     * Runs before a client adds users to a group or accepts their requests, whether or not that will be allowed
     * (`AddGroupUsers`).
     */
    registerBeforeAddGroupUsers(fn: BeforeHookFunction<AddGroupUsersRequest>): void;

    /**
     * Runs after a client adds users to a group or accepts their requests, once it has succeeded (`AddGroupUsers`).
     */
    registerAfterAddGroupUsers(fn: AfterHookFunction<void, AddGroupUsersRequest>): void;

    /** Runs before a client bans users from a group, whether or not that will be allowed (`BanGroupUsers`). */
    registerBeforeBanGroupUsers(fn: BeforeHookFunction<BanGroupUsersRequest>): void;

    /** Runs after a client bans users from a group, once it has succeeded (`BanGroupUsers`). */
    registerAfterBanGroupUsers(fn: AfterHookFunction<void, BanGroupUsersRequest>): void;

    /** Runs before a client kicks users from a group, whether or not that will be allowed (`KickGroupUsers`). */
    registerBeforeKickGroupUsers(fn: BeforeHookFunction<KickGroupUsersRequest>): void;

    /** Runs after a client kicks users from a group, once it has succeeded (`KickGroupUsers`). */
    registerAfterKickGroupUsers(fn: AfterHookFunction<void, KickGroupUsersRequest>): void;

    /**
     * Runs before a client promotes members of a group, whether or not that will be allowed (`PromoteGroupUsers`).
     */
    registerBeforePromoteGroupUsers(fn: BeforeHookFunction<PromoteGroupUsersRequest>): void;

    /** Runs after a client promotes members of a group, once it has succeeded (`PromoteGroupUsers`). */
    registerAfterPromoteGroupUsers(fn: AfterHookFunction<void, PromoteGroupUsersRequest>): void;

    /** Runs before a client demotes members of a group, whether or not that will be allowed (`DemoteGroupUsers`). */
    registerBeforeDemoteGroupUsers(fn: BeforeHookFunction<DemoteGroupUsersRequest>): void;

    /** Runs after a client demotes members of a group, once it has succeeded (`DemoteGroupUsers`). */
    registerAfterDemoteGroupUsers(fn: AfterHookFunction<void, DemoteGroupUsersRequest>): void;

    /** Runs before a client lists a group's users, whether or not that will be allowed (`ListGroupUsers`). */
    registerBeforeListGroupUsers(fn: BeforeHookFunction<ListGroupUsersRequest>): void;

    /** Runs after a client lists a group's users, once it has succeeded (`ListGroupUsers`). */
    registerAfterListGroupUsers(fn: AfterHookFunction<GroupUserList, ListGroupUsersRequest>): void;

    /** Runs before a client lists a user's groups, whether or not that will be allowed (`ListUserGroups`). */
    registerBeforeListUserGroups(fn: BeforeHookFunction<ListUserGroupsRequest>): void;

    /** Runs after a client lists a user's groups, once it has succeeded (`ListUserGroups`). */
    registerAfterListUserGroups(fn: AfterHookFunction<UserGroupList, ListUserGroupsRequest>): void;

    /** Runs before a client finds groups, whether or not that will be allowed (`ListGroups`). */
    registerBeforeListGroups(fn: BeforeHookFunction<ListGroupsRequest>): void;

    /** Runs after a client finds groups, once it has succeeded (`ListGroups`). */
    registerAfterListGroups(fn: AfterHookFunction<GroupList, ListGroupsRequest>): void;
  }

  /** A group. */
  interface Group {
    id: string;
    /** The nil UUID for a group that the server made. */
    creatorId: string;
    name: string;
    description: string;
    avatarUrl: string;
    /** A BCP-47 tag. */
    langTag: string;
    /** Whether anyone may join without asking. */
    open: boolean;
    /** How many members it has, requests and bans not counted. */
    edgeCount: number;
    /** Most members. */
    maxCount: number;
    /** Seconds since 1970. */
    createTime: number;
    /** Seconds since 1970. */
    updateTime: number;
    /** The game's own data, readable by clients; only modules can set it. */
    metadata: { [key: string]: any };
  }

  /** How a user stands to a group. */
  const enum GroupUserState {
    /** May do everything, deleting the group included. */
    Superadmin = 0,
    /** May add, kick, ban members, and promote them up to admin. */
    Admin = 1,
    /** An ordinary member. */
    Member = 2,
    /** Asked to join a closed group; takes no place. */
    JoinRequest = 3,
    /** May not come back until kicked, which lifts the ban. */
    Banned = 4,
  }

  /** A user in a group. */
  interface GroupUser {
    user: User;
    state?: GroupUserState;
  }

  /** A page of a group's users. */
  interface GroupUserList {
    groupUsers?: GroupUser[];
    /** For the next page; null on the last. */
    cursor?: string;
  }

  /** A page of groups. */
  interface GroupList {
    groups?: Group[];
    /** For the next page; null on the last. */
    cursor?: string;
  }

  /** A group, and how the user stands to it. */
  interface UserGroupListUserGroup {
    group?: Group;
    /** One of {@link GroupUserState}. */
    state?: number;
  }

  /** A page of a user's groups. */
  interface UserGroupList {
    userGroups?: UserGroupListUserGroup[];
    /** For the next page; null on the last. */
    cursor?: string;
  }

  /** A group to make. */
  interface CreateGroupRequest {
    name?: string;
    description?: string;
    langTag?: string;
    avatarUrl?: string;
    open?: boolean;
    /** Most members; 0 for 100. */
    maxCount?: number;
  }

  /** Changes to a group; null leaves a field. */
  interface UpdateGroupRequest {
    name?: string;
    description?: string;
    langTag?: string;
    avatarUrl?: string;
    open?: boolean;
    /** Which group. Not in Nakama's types. */
    groupId?: string;
  }

  /** Which group to delete. */
  interface DeleteGroupRequest {
    groupId?: string;
  }

  /** Which group to join. */
  interface JoinGroupRequest {
    groupId?: string;
  }

  /** Which group to leave. */
  interface LeaveGroupRequest {
    groupId?: string;
  }

  /** Whom to add. */
  interface AddGroupUsersRequest {
    groupId?: string;
    userIds?: string[];
  }

  /** Whom to ban. */
  interface BanGroupUsersRequest {
    groupId?: string;
    userIds?: string[];
  }

  /** Whom to kick. */
  interface KickGroupUsersRequest {
    groupId?: string;
    userIds?: string[];
  }

  /** Whom to promote. */
  interface PromoteGroupUsersRequest {
    groupId?: string;
    userIds?: string[];
  }

  /** Whom to demote. */
  interface DemoteGroupUsersRequest {
    groupId?: string;
    userIds?: string[];
  }

  /** Which members to list. */
  interface ListGroupUsersRequest {
    groupId?: string;
    /** 1 to 100; null for 100. */
    limit?: number;
    /** One of {@link GroupUserState}; null for all but banned. */
    state?: number;
    cursor?: string;
  }

  /** Whose groups to list. */
  interface ListUserGroupsRequest {
    userId?: string;
    /** 1 to 100; null for 100. */
    limit?: number;
    /** One of {@link GroupUserState}; null for all. */
    state?: number;
    cursor?: string;
  }

  /** Which groups to find. */
  interface ListGroupsRequest {
    name?: string;
    cursor?: string;
    /** 1 to 100; null for 1. */
    limit?: number;
    /** Only groups of this language. Not in Nakama's types. */
    langTag?: string;
    /** At most this many members. Not in Nakama's types. */
    members?: number;
    /** Only open or only closed groups. Not in Nakama's types. */
    open?: boolean;
  }
}
