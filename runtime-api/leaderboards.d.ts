/** Leaderboards: scores by owner, with optional resets and ranks. */
declare namespace nkruntime {
  interface Nakama {
    /**
     * Makes a leaderboard. An existing one stays as it is, with its old settings, and that is no error.
     * @param authoritative Only modules may write and delete; false by default.
     * @param sortOrder Descending by default.
     * @param operator What a score does to the one before; `best` by default.
     * @param resetSchedule Cron in UTC, 5 fields: `0 0 * * 1`. Each period has its own records.
     * @param enableRank Keeps ranks; false by default. Cannot be turned on later.
     */
    leaderboardCreate(
      leaderboardID: string,
      authoritative?: boolean,
      sortOrder?: SortOrderText | null,
      operator?: OperatorText | null,
      resetSchedule?: string | null,
      metadata?: { [key: string]: any } | null,
      enableRank?: boolean,
    ): void;

    /** Deletes a leaderboard with its records. */
    leaderboardDelete(leaderboardID: string): void;

    /**
     * Leaderboards in the order of their making, tournaments left out.
     * @param limit 1 to 100; 10 by default.
     */
    leaderboardList(limit?: number, cursor?: string): LeaderboardList;

    /** Leaderboards by id; unknown ones and tournaments are left out. */
    leaderboardsGetId(leaderboardIds: string[]): Leaderboard[];

    /**
     * Writes a score, also to an authoritative leaderboard. A score that changes nothing leaves metadata and times as
     * they are.
     * @param ownerID A UUID; the user need not exist.
     * @param score A whole number of at least 0; 0 by default. `subscore` likewise; it decides between equal scores.
     * @param operator Instead of the leaderboard's own, this once.
     * @throws GoError for an unknown leaderboard.
     */
    leaderboardRecordWrite(
      leaderboardID: string,
      ownerID: string,
      username?: string | null,
      score?: number,
      subscore?: number,
      metadata?: { [key: string]: any } | null,
      operator?: OverrideOperatorText | null,
    ): LeaderboardRecord;

    /** Deletes an owner's record of the current period; none there is no error. */
    leaderboardRecordDelete(leaderboardID: string, ownerID: string): void;

    /**
     * Records in order, and those of the owners named. The records have their place as rank, also where ranks are off;
     * the owners' have one only where they are kept.
     * @param limit 1 to 10,000. Without it only the owners' records come.
     * @param overrideExpiry Seconds since 1970 of the end of a past period; the current one by default.
     * @throws GoError for an unknown leaderboard, or a cursor of another leaderboard or period.
     */
    leaderboardRecordsList(
      leaderboardID: string,
      leaderboardOwners?: string[] | null,
      limit?: number,
      cursor?: string,
      overrideExpiry?: number,
    ): LeaderboardRecordList;

    /**
     * A cursor for {@link Nakama.leaderboardRecordsList} whose page starts at a rank, from 1.
     * @param expiryTime Seconds since 1970 of the end of the running period, which is the default; others have no ranks.
     * @throws TypeError for an unknown leaderboard; GoError where no ranks are kept, and for a rank that nobody has.
     */
    leaderboardRecordsListCursorFromRank(leaderboardId: string, rank: number, expiryTime?: number): string;

    /**
     * Records around an owner's, with it in the middle where that is possible; empty when the owner has none.
     * @param limit 1 to 100; 10 by default.
     */
    leaderboardRecordsHaystack(
      leaderboardId: string,
      ownerId: string,
      limit?: number,
      cursor?: string,
      overrideExpiry?: number,
    ): LeaderboardRecordList;

    /**
     * Turns ranks off for good; doing so again is fine.
     * @throws GoError for an unknown leaderboard.
     */
    leaderboardRanksDisable(leaderboardId: string): void;
  }

  interface Initializer {
    /** Runs shortly after the reset of a leaderboard, of each. Not for resets while no server ran. */
    registerLeaderboardReset(fn: LeaderboardResetFunction): void;

    /**
     * Runs before a client deletes their record in a leaderboard, whether or not that will be allowed
     * (`DeleteLeaderboardRecord`).
     */
    registerBeforeDeleteLeaderboardRecord(fn: BeforeHookFunction<DeleteLeaderboardRecordRequest>): void;

    /**
     * Runs after a client deletes their record in a leaderboard, once it has succeeded (`DeleteLeaderboardRecord`).
     */
    registerAfterDeleteLeaderboardRecord(fn: AfterHookFunction<void, DeleteLeaderboardRecordRequest>): void;

    /**
     * Runs before a client lists records of a leaderboard, whether or not that will be allowed
     * (`ListLeaderboardRecords`).
     */
    registerBeforeListLeaderboardRecords(fn: BeforeHookFunction<ListLeaderboardRecordsRequest>): void;

    /** Runs after a client lists records of a leaderboard, once it has succeeded (`ListLeaderboardRecords`). */
    registerAfterListLeaderboardRecords(
      fn: AfterHookFunction<LeaderboardRecordList, ListLeaderboardRecordsRequest>,
    ): void;

    /**
     * Runs before a client writes a score to a leaderboard, whether or not that will be allowed
     * (`WriteLeaderboardRecord`).
     */
    registerBeforeWriteLeaderboardRecord(fn: BeforeHookFunction<WriteLeaderboardRecordRequest>): void;

    /** Runs after a client writes a score to a leaderboard, once it has succeeded (`WriteLeaderboardRecord`). */
    registerAfterWriteLeaderboardRecord(fn: AfterHookFunction<LeaderboardRecord, WriteLeaderboardRecordRequest>): void;

    /**
     * Runs before a client lists the records around an owner's in a leaderboard, whether or not that will be allowed
     * (`ListLeaderboardRecordsAroundOwner`).
     */
    registerBeforeListLeaderboardRecordsAroundOwner(
      fn: BeforeHookFunction<ListLeaderboardRecordsAroundOwnerRequest>,
    ): void;

    /**
     * Runs after a client lists the records around an owner's in a leaderboard, once it has succeeded
     * (`ListLeaderboardRecordsAroundOwner`).
     */
    registerAfterListLeaderboardRecordsAroundOwner(
      fn: AfterHookFunction<LeaderboardRecordList, ListLeaderboardRecordsAroundOwnerRequest>,
    ): void;
  }

  /** Which scores come first. The texts do as well. */
  const enum SortOrder {
    /** Low scores first. */
    ASCENDING = 'ascending',
    /** High scores first. */
    DESCENDING = 'descending',
  }

  /** What a score does to the one that is there. */
  const enum Operator {
    /** The better of the two stays. */
    BEST = 'best',
    /** The new one replaces it. */
    SET = 'set',
    /** It is added. */
    INCREMENTAL = 'increment',
  }

  /** What one score does to the one that is there, whatever the leaderboard's own rule. */
  const enum OverrideOperator {
    /** The better of the two stays. */
    BEST = 'best',
    /** The new one replaces it. */
    SET = 'set',
    /** It is added. */
    INCREMENTAL = 'increment',
    /** It is taken off, never below 0. */
    DECREMENTAL = 'decrement',
  }

  /** A sort order, as enum or as text. */
  type SortOrderText = SortOrder | 'asc' | 'ascending' | 'desc' | 'descending';

  /** An operator, as enum or as text. */
  type OperatorText = Operator | 'best' | 'set' | 'incr' | 'increment' | 'decr' | 'decrement';

  /** An operator for one write, as enum or as text. */
  type OverrideOperatorText = OverrideOperator | 'best' | 'set' | 'incr' | 'increment' | 'decr' | 'decrement';

  /** A leaderboard. */
  interface Leaderboard {
    id: string;
    /** Not set; only tournaments have titles. */
    title: string;
    /** Not set; only tournaments have descriptions. */
    description: string;
    /** Not set; only tournaments have categories. */
    category: number;
    authoritative: boolean;
    /** 0 ascending, 1 descending. */
    sortOrder: number;
    operator: Operator;
    /** Seconds since 1970; absent without a schedule. */
    prevReset: number;
    /** Seconds since 1970; absent without a schedule. */
    nextReset: number;
    metadata: { [key: string]: any };
    /** Seconds since 1970. */
    createTime: number;
  }

  /** An owner's score in a leaderboard or tournament. */
  interface LeaderboardRecord {
    leaderboardId: string;
    ownerId: string;
    /** Null when it is not known. */
    username: string;
    score: number;
    subscore: number;
    /** How many scores counted. */
    numScore: number;
    metadata: { [key: string]: any };
    /** Seconds since 1970. */
    createTime: number;
    /** Seconds since 1970. */
    updateTime: number;
    /** End of its period, seconds since 1970; null when there is none. */
    expiryTime: number;
    /** From 1; 0 when ranks are off, or those of a large leaderboard are still being read after a start. */
    rank: number;
    /** How many scores may count. Not in Nakama's types. */
    maxNumScore: number;
  }

  /** A page of records. */
  interface LeaderboardRecordList {
    records?: LeaderboardRecord[];
    /** Those of the owners asked for. */
    ownerRecords?: LeaderboardRecord[];
    /** Null on the last page. */
    nextCursor?: string;
    /** Null on the first page. */
    prevCursor?: string;
    /** How many records the period has; 0 when ranks are off. */
    rankCount?: number;
  }

  /** A page of leaderboards. */
  interface LeaderboardList {
    leaderboards: Leaderboard[];
    /** For the next page; null on the last. */
    cursor?: string;
  }

  /** Runs shortly after a leaderboard's period has ended, at `reset` (seconds since 1970). It may be `async`. */
  interface LeaderboardResetFunction {
    (ctx: Context, logger: Logger, nk: Nakama, leaderboard: Leaderboard, reset: number): void;
  }

  /** Where to delete the caller's record. */
  interface DeleteLeaderboardRecordRequest {
    leaderboardId?: string;
  }

  /** Which records to list. */
  interface ListLeaderboardRecordsRequest {
    leaderboardId?: string;
    ownerIds?: string[];
    /** 1 to 1000; null for 1. */
    limit?: number;
    cursor?: string;
    /** End of a past period in seconds since 1970, as text; null for the current one. */
    expiry?: string;
  }

  /** Around whose record to list. */
  interface ListLeaderboardRecordsAroundOwnerRequest {
    leaderboardId?: string;
    /** 1 to 100; null for 1. */
    limit?: number;
    ownerId?: string;
    /** End of a past period in seconds since 1970, as text; null for the current one. */
    expiry?: string;
    /** From an earlier answer: goes on from there. Not in Nakama's types. */
    cursor?: string;
  }

  /** The score to write. */
  interface WriteLeaderboardRecordRequestLeaderboardRecordWrite {
    /** A whole number as text. */
    score?: string;
    /** A whole number as text. */
    subscore?: string;
    /** The text of a JSON object. */
    metadata?: string;
    /** 0 the leaderboard's own, 1 best, 2 set, 3 increment, 4 decrement. Not in Nakama's types. */
    operator?: number;
  }

  /** A score to write. */
  interface WriteLeaderboardRecordRequest {
    leaderboardId?: string;
    record?: WriteLeaderboardRecordRequestLeaderboardRecordWrite;
  }
}
