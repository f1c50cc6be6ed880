import { now } from '../primordials.ts';
import type { Match } from './match.ts';

const { ceil } = Math;

const MS_PER_SECOND = 1000;
/** Highest number of loops a second. */
export const MAX_RATE = 60;
/**
 * Loops of one rate begin at this many moments of their period: many matches share a wake-up of the isolate, and not
 * all of them the same one.
 */
const MOMENTS = 4;
/** A match that is behind by more than this does not make up for all of it. */
const MAX_LATE_MS = 250;
/** What is due within this time runs now: timers keep whole milliseconds. */
const EARLY_MS = 1;

/** The matches of one rate in the order in which they are due, as a list through their `before` and `after`. */
interface Queue {
  first: Match | undefined;
  last: Match | undefined;
  /** Counts the matches that were given a moment, so that moments are given in turn. */
  started: number;
}

const queues: Queue[] = [];
for (let rate = 0; rate <= MAX_RATE; rate++) queues[rate] = { first: undefined, last: undefined, started: 0 };

/** The worker's clock when it last told, and this isolate's at that time. */
const clock = { workerMs: 0, ownMs: 0 };

/** Takes over the worker's time: it never jumps, as that of `Date` may. */
export function setClock(workerMs: number): void {
  clock.workerMs = workerMs;
  clock.ownMs = now();
}

export function clockMs(): number {
  return clock.workerMs + now() - clock.ownMs;
}

/** Gives a new match the moment of its first loop: after about a period. */
export function scheduleFirst(match: Match): void {
  const queue = queues[match.rate]!;
  const periodMs = MS_PER_SECOND / match.rate;
  const stepMs = periodMs / MOMENTS;
  const next = ceil((clockMs() + periodMs / 2) / stepMs);
  const moment = queue.started++ % MOMENTS;
  // The next point of time, counted in steps, that is this moment of its period.
  match.dueMs = (next + ((moment - (next % MOMENTS) + MOMENTS) % MOMENTS)) * stepMs;
  insert(match);
}

/** Has a match's loop run when it is due. Those that it has missed are not made up for. */
export function schedule(match: Match): void {
  const periodMs = MS_PER_SECOND / match.rate;
  const lateMs = clockMs() - match.dueMs;
  if (lateMs > 0) match.dueMs += ceil(lateMs / periodMs) * periodMs;
  insert(match);
}

/** Gives a match its next loop: a period after the last was due. Loops that are late are made up for, within bounds. */
export function scheduleNext(match: Match): void {
  const periodMs = MS_PER_SECOND / match.rate;
  match.dueMs += periodMs;
  const tooLateMs = clockMs() - match.dueMs - MAX_LATE_MS;
  // Whole periods are left out, so that it keeps its moment.
  if (tooLateMs > 0) match.dueMs += ceil(tooLateMs / periodMs) * periodMs;
  insert(match);
}

/** Takes a match out. */
export function unschedule(match: Match): void {
  if (!match.isScheduled) return;
  const queue = queues[match.rate]!;
  const { before, after } = match;
  if (before) before.after = after;
  else queue.first = after;
  if (after) after.before = before;
  else queue.last = before;
  match.before = undefined;
  match.after = undefined;
  match.isScheduled = false;
}

/** The match that is due next, whenever that is. */
export function nextMatch(): Match | undefined {
  let next: Match | undefined;
  for (let rate = 1; rate <= MAX_RATE; rate++) {
    const { first } = queues[rate]!;
    if (first && (!next || first.dueMs < next.dueMs)) next = first;
  }
  return next;
}

/** The match that is due now. */
export function dueMatch(): Match | undefined {
  const next = nextMatch();
  return next && next.dueMs <= clockMs() + EARLY_MS ? next : undefined;
}

/** Most come last: the place is looked for from there. */
function insert(match: Match): void {
  const queue = queues[match.rate]!;
  let before = queue.last;
  while (before && before.dueMs > match.dueMs) before = before.before;
  const after = before ? before.after : queue.first;
  match.before = before;
  match.after = after;
  if (before) before.after = match;
  else queue.first = match;
  if (after) after.before = match;
  else queue.last = match;
  match.isScheduled = true;
}
