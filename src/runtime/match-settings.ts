/** What a match may use, beside what all calls of a module may; one set of numbers for all matches. */
export interface MatchSettings {
  /** Messages of members that may wait for the next loop; further ones are dropped. */
  readonly inputQueue: number;
  /** Calls that may wait while one of the match's functions runs; with a further one it ends. */
  readonly callQueue: number;
  /** Join attempts that may be under way; further ones are refused. */
  readonly joinAttemptQueue: number;
  /** Signals that may be under way; further ones fail. */
  readonly signalQueue: number;
  /** Deferred broadcasts that one call may make. */
  readonly deferredQueue: number;
  /** How long a match may run without members, in seconds; 0: for ever. */
  readonly maxEmptySec: number;
}

export const defaultMatchSettings: MatchSettings = {
  inputQueue: 128,
  callQueue: 128,
  joinAttemptQueue: 128,
  signalQueue: 10,
  deferredQueue: 128,
  maxEmptySec: 0,
};
