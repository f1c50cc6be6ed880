import { handlers } from '../calls.ts';
import { describeThrown, failureText } from '../errors.ts';
import { apply, mapForEach, mapSet, NativeError, NativeMap, parse } from '../primordials.ts';
import { emit, quoted, state } from '../state.ts';
import { clearTimersOf } from '../timers.ts';
import { addMatch, forgetMatch, Match, type MatchFunctions, type Member, type Message, matchOf } from './match.ts';
import { schedule, unschedule } from './schedule.ts';

/** Loops that new code runs before it is trusted with a match. */
const TRIAL_LOOPS = 3;

/** A match on its way into another isolate. Goes through a structured clone, the module's state with it. */
interface MovedMatch {
  readonly state: unknown;
  readonly tick: number;
  readonly rate: number;
  readonly dueMs: number;
  readonly label: string;
  readonly members: readonly Member[];
  readonly inputs: readonly Message[];
  readonly emptyTicks: number;
}

/** For what a match is handed over. */
interface Move {
  readonly number: number;
  readonly handler: number;
  readonly matchId: string;
  /** The version of the code that has run it. */
  readonly fromVersion: number;
}

/** Gives a match away; here it stands still until it is resumed or forgotten. */
export function giveMatch(number: number): MovedMatch {
  const match = matchOf(number);
  if (!match || match.isBusy) throw new NativeError('the match has ended');
  unschedule(match);
  clearTimersOf(match.call);
  const members: Member[] = [];
  if (match.members) {
    mapForEach(match.members, (member) => {
      members[members.length] = member;
    });
  }
  const { tick, rate, dueMs, label, emptyTicks, inputs = [] } = match;
  return { state: match.state, tick, rate, dueMs, label, members, inputs, emptyTicks };
}

/** Takes a match over. Gives why it cannot, as the text of a failure report; '' when it has. */
export function takeMatch(text: string, moved: MovedMatch): string {
  const { number, handler, matchId, fromVersion } = parse(text) as Move;
  const functions = handlers[handler] as unknown as MatchFunctions;
  const match = new Match(number, functions, matchId);
  try {
    match.state = moved.state;
    const { matchMigrate } = functions;
    if (matchMigrate) match.state = migrated(match, matchMigrate, fromVersion);
  } catch (thrown) {
    match.call.open = false;
    return failureText(describeThrown(thrown));
  }
  match.tick = moved.tick;
  match.rate = moved.rate;
  match.dueMs = moved.dueMs;
  match.emptyTicks = moved.emptyTicks;
  match.inputs = moved.inputs as Message[];
  match.setLabel(moved.label);
  match.context.matchTickRate = moved.rate;
  match.memberCount = moved.members.length;
  match.members = new NativeMap();
  for (let i = 0; i < moved.members.length; i++) mapSet(match.members, moved.members[i]!.sessionId, moved.members[i]!);
  match.trialLoops = TRIAL_LOOPS;
  addMatch(match);
  schedule(match);
  return '';
}

/** Lets a match that was given away go on here. */
export function resume(match: Match): void {
  // The code that it comes back from may have changed it.
  emit(`M ${match.number} u`, quoted(match.label));
  schedule(match);
}

/** Forgets a match that goes on elsewhere. */
export function release(match: Match): void {
  match.hasEnded = true;
  match.call.open = false;
  clearTimersOf(match.call);
  forgetMatch(match);
}

function migrated(match: Match, matchMigrate: (...args: unknown[]) => unknown, fromVersion: number): unknown {
  const before = state.current;
  state.current = match.call;
  try {
    const next = apply(matchMigrate, undefined, [match.state, fromVersion]);
    if (next === undefined || next === null) throw new NativeError('matchMigrate must return the state');
    return next;
  } finally {
    state.current = before;
  }
}
