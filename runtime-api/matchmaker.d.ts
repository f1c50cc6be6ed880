/** The matchmaker: tickets of players and parties, grouped by their wishes. */
declare namespace nkruntime {
  interface Initializer {
    /** Runs when the matchmaker has found a group; decides which match they get. */
    registerMatchmakerMatched(fn: MatchmakerMatchedFunction): void;

    /**
     * Runs before a client reads the matchmaker's statistics, whether or not that will be allowed
     * (`GetMatchmakerStats`).
     */
    registerBeforeGetMatchmakerStats(fn: BeforeHookFunction<void>): void;

    /** Runs after a client reads the matchmaker's statistics, once it has succeeded (`GetMatchmakerStats`). */
    registerAfterGetMatchmakerStats(fn: AfterHookFunction<MatchmakerStats, void>): void;
  }

  /**
   * Runs for each group that the matchmaker forms. Return the id of a match (as from `nk.matchCreate`) to send all of
   * them there, or nothing to let them have a relayed match of their own. It may be `async`.
   */
  interface MatchmakerMatchedFunction {
    (
      ctx: Context,
      logger: Logger,
      nk: Nakama,
      matches: MatchmakerResult[],
    ): string | null | void | Promise<string | null | void>;
  }

  /** One player of a group. */
  interface MatchmakerResult {
    /** The ticket's properties, text and numbers in one; a number wins over text of the same name. */
    properties: { [key: string]: any };
    presence: Presence;
    /** Absent for a player without party. */
    partyId?: string;
  }

  /** How the matchmaker is doing. */
  interface MatchmakerStats {
    /** Tickets that wait. */
    ticketCount: number;
    /** ISO 8601. */
    oldestTicketCreateTime: string;
    /** The latest ones, one for each player matched, ten at most. */
    completions: MatchmakerStatsCompletion[];
  }

  /** A ticket that was matched; times are ISO 8601. */
  interface MatchmakerStatsCompletion {
    createTime: string;
    completeTime: string;
  }

  /** A ticket to add. */
  interface MatchmakerAddMessage {
    /** Fewest players, 2 or more. */
    minCount: number;
    /** Most players. */
    maxCount: number;
    /** Which others suit: terms over `properties.…`; `''` for anyone. */
    query: string;
    stringProperties: { [key: string]: string };
    numericProperties: { [key: string]: number };
    /** The number of players must be a multiple of this; null for 1. */
    countMultiple: number;
  }

  /** A `matchmakerAdd` socket message. */
  interface EnvelopeMatchmakerAdd extends RtEnvelope {
    matchmakerAdd: MatchmakerAddMessage;
  }

  /** A ticket to take back. */
  interface MatchmakerRemoveMessage {
    ticket: string;
  }

  /** A `matchmakerRemove` socket message. */
  interface EnvelopeMatchmakerRemove extends RtEnvelope {
    matchmakerRemove: MatchmakerRemoveMessage;
  }
}
