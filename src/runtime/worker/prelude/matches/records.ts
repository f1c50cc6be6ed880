import { contextFor, handlers } from '../calls.ts';
import { describeThrown, failureText } from '../errors.ts';
import {
  charCodeAt,
  mapDelete,
  mapGet,
  mapSet,
  NativeMap,
  now,
  parse,
  textIndexOf,
  textSlice,
  toNumber,
  toText,
} from '../primordials.ts';
import { emit, quoted, state } from '../state.ts';
import { binaryOf } from '../wire-values.ts';
import { cutOff, endWith, initialise, loop, run, warnOfDropped } from './functions.ts';
import { Match, type MatchFunctions, type Member, matchOf } from './match.ts';
import { release, resume } from './moving.ts';
import { clockMs, dueMatch, nextMatch, scheduleNext, setClock, unschedule } from './schedule.ts';

/** How long one entry may go on beginning loops; what is due beside goes into the next one. */
const LOOPS_BUDGET_MS = 8;

/** A member with why it came or went. */
interface Passage extends Member {
  readonly reason: number;
}

/** When the worker was last told that a loop is due. */
let toldMs = 0;

/** Takes a record `K`: the worker's time. It comes before anything else in an entry. */
export function takeClock(line: string): void {
  setClock(toNumber(textSlice(line, 2, textIndexOf(line, '\t'))));
  toldMs = 0;
}

/** Takes a record `M number what …`. */
export function takeMatchRecord(line: string): void {
  const words = new Words(textSlice(line, 2, textIndexOf(line, '\t')));
  const body = textSlice(line, textIndexOf(line, '\t') + 1);
  const number = toNumber(words.next());
  const what = charCodeAt(words.next(), 0);
  if (what === 105 /* i handler matchId */) {
    const functions = handlers[toNumber(words.next())] as unknown as MatchFunctions;
    initialise(new Match(number, functions, words.next()), parse(body));
    return;
  }
  const match = matchOf(number);
  if (!match) return;
  if (what === 100 /* d sessionId opCode reliable time */) takeInput(match, words, body);
  else if (match.isBusy) keepWaiting(match, line);
  else {
    serve(match, what, words, body);
    catchUp(match);
  }
}

/** Begins the loops that are due, for a while. */
export function runLoops(): void {
  const startedAt = now();
  for (let match = dueMatch(); match; match = dueMatch()) {
    unschedule(match);
    if (match.isBusy) match.owesLoop = true;
    else {
      loop(match);
      catchUp(match);
    }
    if (now() - startedAt >= LOOPS_BUDGET_MS) return;
  }
}

/** Tells the worker when this isolate must be entered for a loop, or that there is more to do now; each time once. */
export function emitNextLoop(hasMore = false): void {
  const nextMs = hasMore ? clockMs() : (nextMatch()?.dueMs ?? 0);
  // The same time twice: what is left of an inbox must be read beneath each wait.
  if (nextMs === toldMs && !hasMore) return;
  toldMs = nextMs;
  emit(`W ${nextMs}`);
}

/** After a limit has cut off what ran: the number of the match whose function it was; 0 for none. */
export function cutOffMatch(): number {
  toldMs = 0;
  return cutOff()?.number ?? 0;
}

function serve(match: Match, what: number, words: Words, body: string): void {
  switch (what) {
    case 97 /* a request */:
      attempt(match, words.next(), parse(body) as [Record<string, unknown>, Member, unknown]);
      return;
    case 106 /* j */:
      join(match, parse(body) as Passage[]);
      return;
    case 108 /* l */:
      leave(match, parse(body) as Passage[]);
      return;
    case 115 /* s request */:
      signal(match, words.next(), parse(body));
      return;
    case 116 /* t graceSeconds */:
      run(match, 'matchTerminate', toNumber(words.next()));
      return;
    case 114 /* r */:
      resume(match);
      return;
    case 111 /* o */:
      release(match);
  }
}

/** Serves what came while a function of the match ran. */
function catchUp(match: Match): void {
  while (match.waiting !== '' && !match.hasEnded) {
    const end = textIndexOf(match.waiting, '\n');
    const line = textSlice(match.waiting, 0, end);
    match.waiting = textSlice(match.waiting, end + 1);
    match.waitingCount--;
    takeMatchRecord(line);
  }
  if (!match.owesLoop || match.hasEnded) return;
  match.owesLoop = false;
  scheduleNext(match);
}

function keepWaiting(match: Match, line: string): void {
  const { callQueue } = state.setup.matches;
  if (match.waitingCount >= callQueue) {
    const text = `more than ${callQueue} calls of the match wait for it (setting match.call_queue_size)`;
    endWith(match, failureText(describeThrown(text)));
    return;
  }
  match.waiting += `${line}\n`;
  match.waitingCount++;
}

function attempt(match: Match, request: string, given: [Record<string, unknown>, Member, unknown]): void {
  const [fields, presence, metadata] = given;
  const { matchId, matchNode, matchLabel, matchTickRate, executionMode } = match.context;
  const context = contextFor({ ...fields, executionMode, matchId, matchNode, matchLabel, matchTickRate });
  const result = run(match, 'matchJoinAttempt', presence, metadata, context);
  if (!result) return;
  const reason = result.accept ? '' : ((result.rejectMessage ?? '') as string);
  emit(`M ${match.number} a ${request}`, `[${toText(result.accept)},${quoted(reason)}]`);
}

function join(match: Match, presences: Passage[]): void {
  match.members ??= new NativeMap();
  for (let i = 0; i < presences.length; i++) {
    const { userId, sessionId, username, node } = presences[i]!;
    if (mapGet(match.members, sessionId) === undefined) match.memberCount++;
    mapSet(match.members, sessionId, { userId, sessionId, username, node });
  }
  run(match, 'matchJoin', presences);
}

function leave(match: Match, presences: Passage[]): void {
  for (let i = 0; i < presences.length; i++) {
    if (match.members && mapDelete(match.members, presences[i]!.sessionId)) match.memberCount--;
  }
  run(match, 'matchLeave', presences);
}

function signal(match: Match, request: string, data: unknown): void {
  const result = run(match, 'matchSignal', data);
  if (!result) return;
  emit(`M ${match.number} s ${request}`, quoted((result.data ?? '') as string));
}

/** Keeps a member's message for the loop. */
function takeInput(match: Match, words: Words, base64: string): void {
  const sender = match.members && mapGet(match.members, words.next());
  if (!sender) return;
  match.inputs ??= [];
  const { inputs } = match;
  const { inputQueue } = state.setup.matches;
  if (inputs.length >= inputQueue) {
    warnOfDropped(match, inputQueue);
    return;
  }
  const { userId, sessionId, username, node } = sender;
  inputs[inputs.length] = {
    sender: { userId, sessionId, username, node },
    opCode: toNumber(words.next()),
    reliable: words.next() === '1',
    receiveTimeMs: toNumber(words.next()),
    data: base64 === '' ? null : binaryOf(base64),
  };
}

/** The words of a record's head, one after another. */
class Words {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  next(): string {
    const end = textIndexOf(this.#text, ' ', this.#at);
    const word = end < 0 ? textSlice(this.#text, this.#at) : textSlice(this.#text, this.#at, end);
    this.#at = end < 0 ? this.#text.length : end + 1;
    return word;
  }
}
