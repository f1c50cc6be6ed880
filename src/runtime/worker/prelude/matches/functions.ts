import { describeThrown, failureText } from '../errors.ts';
import { reportDroppedLines, writeLog } from '../logger.ts';
import { apply, hasOwn, isArray, isWhole, NativeTypeError, toText } from '../primordials.ts';
import { emit, quoted, state } from '../state.ts';
import { clearTimersOf } from '../timers.ts';
import { labelProblem } from './dispatcher.ts';
import { addMatch, forgetMatch, type Match } from './match.ts';
import { MAX_RATE, scheduleFirst, scheduleNext, unschedule } from './schedule.ts';

/** How a match ends: in silence, or so that its members are told. */
const SILENTLY = 0;
const WITH_FAILURE = 1;

/** What runs: the match whose function does, and those that wait beneath it. */
let running: Match | undefined;

type Result = Readonly<Record<string, unknown>>;

/** Starts a match: its first function gives the state, the loops a second and the label. */
export function initialise(match: Match, params: unknown): void {
  addMatch(match);
  const result = enter(match, 'matchInit', () =>
    apply(match.functions.matchInit!, undefined, [match.context, match.logger, match.nk, params]),
  );
  if (!result) return;
  const { tickRate } = result;
  match.rate = tickRate as number;
  match.setLabel((result.label ?? '') as string);
  match.context.matchTickRate = tickRate;
  scheduleFirst(match);
  emit(`M ${match.number} i`, `[${toText(tickRate)},${quoted(match.label)}]`);
}

/**
 * Runs one of the functions that take the state, and keeps what they make of it. Undefined when the match has ended
 * with it.
 */
export function run(match: Match, name: string, first: unknown, second?: unknown, context = match.context) {
  return enter(match, name, () => {
    const { functions, logger, nk, dispatcher, tick, state: before } = match;
    const args = [context, logger, nk, dispatcher, tick, before, first, second];
    return apply(functions[name]!, undefined, args);
  });
}

/** The loop, with what was sent since the last one. */
export function loop(match: Match): void {
  const messages = match.inputs ?? [];
  match.inputs = undefined;
  match.hasDropped = false;
  if (!run(match, 'matchLoop', messages)) return;
  match.tick++;
  // The worker hears that the new code can be trusted with the match.
  if (match.trialLoops > 0 && --match.trialLoops === 0) emit(`M ${match.number} p`);
  if (countEmpty(match)) endSilently(match);
  else scheduleNext(match);
}

/** Ends a match without a word to its members. */
export function endSilently(match: Match): void {
  end(match);
  emit(`M ${match.number} z ${SILENTLY}`);
}

/** Ends a match whose function failed. */
export function endWith(match: Match, failure: string): void {
  end(match);
  emit(`M ${match.number} z ${WITH_FAILURE}`, failure);
}

/**
 * Takes over after a limit has cut off what ran: gives the match whose function it was. Those whose functions waited
 * beneath it end with it.
 */
export function cutOff(): Match | undefined {
  const culprit = running;
  running = undefined;
  if (!culprit) return undefined;
  end(culprit);
  for (let match = culprit.outer; match; match = match.outer) {
    endWith(match, failureText(describeThrown(`it was cut off with match ${culprit.number}, which broke a limit`)));
  }
  return culprit;
}

/** Enters a function of the module and keeps the state that it gives. */
function enter(match: Match, name: string, call: () => unknown): Result | undefined {
  const before = state.current;
  match.outer = running;
  match.isBusy = true;
  match.call.logLines = 0;
  running = match;
  state.current = match.call;
  let result: Result | undefined;
  try {
    result = checked(name, call());
    if (match.hasEnded) result = undefined;
    else if (result) match.state = result.state;
    else endSilently(match);
  } catch (thrown) {
    if (!match.hasEnded) endWith(match, failureText(describeThrown(thrown)));
  }
  reportDroppedLines(match.call);
  state.outbox += match.deferred;
  match.deferred = '';
  match.deferredCount = 0;
  running = match.outer;
  match.outer = undefined;
  match.isBusy = false;
  state.current = before;
  return result;
}

/** A function's result with its fields read once; undefined for one that ends the match. */
function checked(name: string, given: unknown): Result | undefined {
  const isInit = name === 'matchInit';
  if (!isInit && (given === undefined || given === null)) return undefined;
  if (typeof given !== 'object' || given === null || isArray(given)) {
    throw noState(name, isInit ? '' : ', or null to end the match');
  }
  const { state: next, accept, rejectMessage, data, tickRate, label } = given as Result;
  if (isInit) checkInit(next, tickRate, label);
  else if (next === undefined || next === null) {
    if (hasOwn(given, 'state')) return undefined;
    if (typeof (given as { then?: unknown }).then === 'function') throw noState(name, ', at once: it cannot be async');
    throw noState(name, ', or null to end the match');
  }
  if (name === 'matchJoinAttempt') checkAdmission(accept, rejectMessage);
  if (name === 'matchSignal' && data !== undefined && typeof data !== 'string') {
    throw new NativeTypeError('matchSignal must return text as data, or none');
  }
  return { state: next, accept, rejectMessage, data, tickRate, label };
}

function noState(name: string, more: string): Error {
  return new NativeTypeError(`${name} must return an object with the state${more}`);
}

function checkAdmission(accept: unknown, rejectMessage: unknown): void {
  if (typeof accept !== 'boolean') throw new NativeTypeError('matchJoinAttempt must return accept, true or false');
  if (!accept && rejectMessage !== undefined && typeof rejectMessage !== 'string') {
    throw new NativeTypeError('matchJoinAttempt must return text as rejectMessage, or none');
  }
}

function checkInit(next: unknown, tickRate: unknown, label: unknown): void {
  if (next === undefined || next === null) throw new NativeTypeError('matchInit must return a state');
  if (!isWhole(tickRate) || (tickRate as number) < 1 || (tickRate as number) > MAX_RATE) {
    throw new NativeTypeError(`matchInit must return a tickRate, a whole number from 1 to ${MAX_RATE}`);
  }
  const problem = label === undefined ? '' : labelProblem(label);
  if (problem) throw new NativeTypeError(`matchInit must return a label that is one, or none: ${problem}`);
}

/** Counts loops without members. True when there were so many that the match ends. */
function countEmpty(match: Match): boolean {
  const { maxEmptySec } = state.setup.matches;
  if (maxEmptySec === 0) return false;
  match.emptyTicks = match.memberCount > 0 ? 0 : match.emptyTicks + 1;
  return match.emptyTicks >= maxEmptySec * match.rate;
}

function end(match: Match): void {
  match.hasEnded = true;
  unschedule(match);
  clearTimersOf(match.call);
  match.call.open = false;
  forgetMatch(match);
}

/** Tells the author what the match's settings made of its input, once a loop. */
export function warnOfDropped(match: Match, queue: number): void {
  if (match.hasDropped) return;
  match.hasDropped = true;
  const text = `more than ${queue} messages wait for the loop, further ones are dropped (setting match.input_queue_size)`;
  writeLog('warn', text, undefined, match.call, warnOfDropped);
}
