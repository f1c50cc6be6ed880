/** Tournaments: leaderboards with a start, a duration, places to join and a limit of attempts. */
declare namespace nkruntime {
  interface Nakama {
    /**
     * Makes a tournament. An existing one stays as it is, with its old settings. Null means the default.
     * @param authoritative Only modules may write and delete; true by default, unlike leaderboards.
     * @param duration How long each period is open, in seconds; above 0.
     * @param resetSchedule Cron in UTC: when periods begin anew.
     * @param category 0 to 127; 0 by default.
     * @param startTime Seconds since 1970; now by default.
     * @param endTime Seconds since 1970, after the start; never by default.
     * @param maxSize Most players; no limit by default.
     * @param maxNumScore Most scores of a player in a period; no limit by default.
     * @param joinRequired Players must join before they score; false by default.
     * @param enableRank Keeps ranks; false by default.
     * @throws GoError when the id is that of a leaderboard.
     */
    tournamentCreate(
      tournamentID: string,
      authoritative?: boolean,
      sortOrder?: SortOrderText | null,
      operator?: OperatorText | null,
      duration?: number,
      resetSchedule?: string | null,
      metadata?: { [key: string]: any } | null,
      title?: string | null,
      description?: string | null,
      category?: number | null,
      startTime?: number | null,
      endTime?: number | null,
      maxSize?: number | null,
      maxNumScore?: number | null,
      joinRequired?: boolean | null,
      enableRank?: boolean | null,
    ): void;

    /** Deletes a tournament with its records; doing so again is fine. */
    tournamentDelete(tournamentID: string): void;

    /**
     * Gives a player more (or, negative, fewer) attempts in this period.
     * @param count Not 0.
     */
    tournamentAddAttempt(tournamentID: string, ownerID: string, count: number): void;

    /**
     * Takes a user into a tournament; joining again is fine.
     * @throws GoError when it is unknown, full or over.
     */
    tournamentJoin(tournamentID: string, userId: string, username: string): void;

    /** Tournaments by id, each once; unknown ones and leaderboards are left out. */
    tournamentsGetId(tournamentIds: string[]): Tournament[];

    /**
     * Tournaments by category and time; categories are inclusive.
     * @param startTime Only those that start at or after it, in seconds since 1970.
     * @param endTime Only those that end at or before it; 0 for those that never end.
     * @param limit 1 to 100; 10 by default.
     */
    tournamentList(
      categoryStart?: number,
      categoryEnd?: number,
      startTime?: number,
      endTime?: number,
      limit?: number,
      cursor?: string,
    ): TournamentList;

    /**
     * Records in order, and those of the owners named. `null` for limit, cursor or expiry is refused: leave them off.
     * @param overrideExpiry Seconds since 1970 of the end of a past period.
     * @throws GoError for an unknown tournament, or a cursor of another one or another period.
     */
    tournamentRecordsList(
      tournamentID: string,
      tournamentOwners?: string[],
      limit?: number,
      cursor?: string,
      overrideExpiry?: number,
    ): TournamentRecordList;

    /**
     * Writes a score, also to an authoritative tournament. Every accepted score counts as an attempt, even when it is
     * no better.
     * @throws GoError when it is unknown, not open, full, not joined though that is required, or the attempts are
     *   used up.
     */
    tournamentRecordWrite(
      id: string,
      ownerID: string,
      username?: string | null,
      score?: number,
      subscore?: number,
      metadata?: { [key: string]: any } | null,
      operator?: TournamentOperatorText | null,
    ): LeaderboardRecord;

    /** Deletes an owner's record of the current period, and frees the place. */
    tournamentRecordDelete(tournamentID: string, ownerID: string): void;

    /**
     * Records around an owner's.
     * @param limit 1 to 100; 10 by default.
     */
    tournamentRecordsHaystack(
      id: string,
      ownerId: string,
      limit?: number,
      cursor?: string,
      expiry?: number,
    ): TournamentRecordList;

    /** Turns ranks off for good; doing so again is fine. */
    tournamentRanksDisable(tournamentId: string): void;
  }

  interface Initializer {
    /** Runs when the active time of a tournament's period is over. */
    registerTournamentEnd(fn: TournamentEndFunction): void;

    /** Runs when a tournament resets or ends for good. */
    registerTournamentReset(fn: TournamentResetFunction): void;

    /**
     * Runs before a client deletes their record in a tournament, whether or not that will be allowed
     * (`DeleteTournamentRecord`).
     */
    registerBeforeDeleteTournamentRecord(fn: BeforeHookFunction<DeleteTournamentRecordRequest>): void;

    /** Runs after a client deletes their record in a tournament, once it has succeeded (`DeleteTournamentRecord`). */
    registerAfterDeleteTournamentRecord(fn: AfterHookFunction<void, DeleteTournamentRecordRequest>): void;

    /** Runs before a client joins a tournament, whether or not that will be allowed (`JoinTournament`). */
    registerBeforeJoinTournament(fn: BeforeHookFunction<JoinTournamentRequest>): void;

    /** Runs after a client joins a tournament, once it has succeeded (`JoinTournament`). */
    registerAfterJoinTournament(fn: AfterHookFunction<void, JoinTournamentRequest>): void;

    /**
     * Runs before a client lists records of a tournament, whether or not that will be allowed
     * (`ListTournamentRecords`).
     */
    registerBeforeListTournamentRecords(fn: BeforeHookFunction<ListTournamentRecordsRequest>): void;

    /** Runs after a client lists records of a tournament, once it has succeeded (`ListTournamentRecords`). */
    registerAfterListTournamentRecords(fn: AfterHookFunction<TournamentRecordList, ListTournamentRecordsRequest>): void;

    /** Runs before a client lists tournaments, whether or not that will be allowed (`ListTournaments`). */
    registerBeforeListTournaments(fn: BeforeHookFunction<ListTournamentsRequest>): void;

    /** Runs after a client lists tournaments, once it has succeeded (`ListTournaments`). */
    registerAfterListTournaments(fn: AfterHookFunction<TournamentList, ListTournamentsRequest>): void;

    /**
     * Runs before a client writes a score to a tournament, whether or not that will be allowed
     * (`WriteTournamentRecord`).
     */
    registerBeforeWriteTournamentRecord(fn: BeforeHookFunction<WriteTournamentRecordRequest>): void;

    /** Runs after a client writes a score to a tournament, once it has succeeded (`WriteTournamentRecord`). */
    registerAfterWriteTournamentRecord(fn: AfterHookFunction<LeaderboardRecord, WriteTournamentRecordRequest>): void;

    /**
     * Runs before a client lists the records around an owner's in a tournament, whether or not that will be allowed
     * (`ListTournamentRecordsAroundOwner`).
     */
    registerBeforeListTournamentRecordsAroundOwner(
      fn: BeforeHookFunction<ListTournamentRecordsAroundOwnerRequest>,
    ): void;

    /**
     * Runs after a client lists the records around an owner's in a tournament, once it has succeeded
     * (`ListTournamentRecordsAroundOwner`).
     */
    registerAfterListTournamentRecordsAroundOwner(
      fn: AfterHookFunction<LeaderboardRecordList, ListTournamentRecordsAroundOwnerRequest>,
    ): void;
  }

  /** An operator for one tournament score, as enum or as text; unlike for leaderboards the short forms are refused. */
  type TournamentOperatorText = OverrideOperator | 'best' | 'set' | 'increment' | 'decrement';

  /** A tournament. Times are seconds since 1970. */
  interface Tournament {
    id: string;
    title: string;
    description: string;
    category: number;
    /** 0 ascending, 1 descending. */
    sortOrder: number;
    /** Players in this period; not counted without a maximum. */
    size: number;
    /** 2147483647 for no limit. */
    maxSize: number;
    /** 1000000 for no limit. */
    maxNumScore: number;
    /** How long each period is open, in seconds. */
    duration: number;
    /** When this period opens. */
    startActive: number;
    /** When this period closes. */
    endActive: number;
    /** Open just now, and not full. */
    canEnter: boolean;
    /** Absent when there is none. */
    prevReset: number;
    /** Absent when there is none. */
    nextReset: number;
    metadata: { [key: string]: any };
    createTime: number;
    startTime: number;
    /** Null when it never ends. */
    endTime: number;
    /** Whether players must join before they score. */
    joinRequired: boolean;
    /** What a score does to the one before. Not in Nakama's types. */
    operator?: Operator;
  }

  /** A page of tournaments. */
  interface TournamentList {
    tournaments: Tournament[];
    /** For the next page; null on the last. */
    cursor?: string;
  }

  /** A page of records. */
  interface TournamentRecordList {
    records?: LeaderboardRecord[];
    /** Those of the owners asked for. */
    ownerRecords?: LeaderboardRecord[];
    /** Null on the first page. */
    prevCursor?: string;
    /** Null on the last page. */
    nextCursor?: string;
    /** How many records the period has; 0 when ranks are off. */
    rankCount?: number;
  }

  /** Runs within about a second after a period closed at `end`; `reset` is when it resets (seconds since 1970). It may be `async`. */
  interface TournamentEndFunction {
    (ctx: Context, logger: Logger, nk: Nakama, tournament: Tournament, end: number, reset: number): void;
  }

  /** Runs within about a second after the reset at `reset` of the period that closed at `end` (seconds since 1970). It may be `async`. */
  interface TournamentResetFunction {
    (ctx: Context, logger: Logger, nk: Nakama, tournament: Tournament, end: number, reset: number): void;
  }

  /** Which tournament to join. */
  interface JoinTournamentRequest {
    tournamentId?: string;
  }

  /** Where to delete the caller's record. */
  interface DeleteTournamentRecordRequest {
    tournamentId?: string;
  }

  /** Which records to list. */
  interface ListTournamentRecordsRequest {
    tournamentId?: string;
    ownerIds?: string[];
    /** 1 to 100; null for 10. */
    limit?: number;
    cursor?: string;
    /** End of a past period in seconds since 1970, as text; null for the current one. */
    expiry?: string;
  }

  /** Which tournaments to list. */
  interface ListTournamentsRequest {
    categoryStart?: number;
    categoryEnd?: number;
    startTime?: number;
    endTime?: number;
    /** 1 to 100; null for 100. */
    limit?: number;
    cursor?: string;
  }

  /** A score to write. */
  interface WriteTournamentRecordRequest {
    tournamentId?: string;
    record?: WriteTournamentRecordRequestTournamentRecordWrite;
  }

  /** The score to write. */
  interface WriteTournamentRecordRequestTournamentRecordWrite {
    /** A whole number as text. */
    score?: string;
    /** A whole number as text. */
    subscore?: string;
    /** The text of a JSON object. */
    metadata?: string;
    /** 0 the tournament's own, 1 best, 2 set, 3 increment, 4 decrement. Not in Nakama's types. */
    operator?: number;
  }

  /** Around whose record to list. */
  interface ListTournamentRecordsAroundOwnerRequest {
    tournamentId?: string;
    /** 1 to 100; null for 100. */
    limit?: number;
    ownerId?: string;
    /** End of a past period in seconds since 1970, as text; null for the current one. */
    expiry?: string;
    /** From an earlier answer: goes on from there. Not in Nakama's types. */
    cursor?: string;
  }
}
