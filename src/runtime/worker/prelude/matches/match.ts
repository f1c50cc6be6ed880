import { contextFor } from '../calls.ts';
import { Logger } from '../logger.ts';
import { nkFor } from '../nk.ts';
import { mapDelete, mapGet, mapSet, NativeMap } from '../primordials.ts';
import { type Call, openCall } from '../state.ts';
import { Dispatcher } from './dispatcher.ts';

/** The functions of a match handler. */
export type MatchFunctions = Readonly<Record<string, (...args: unknown[]) => unknown>>;

/** A member as modules see it. */
export interface Member {
  readonly userId: string;
  readonly sessionId: string;
  readonly username: string;
  readonly node: string;
}

/** What a member has sent, as the loop gets it. */
export interface Message {
  readonly sender: Member;
  readonly opCode: number;
  readonly data: ArrayBuffer | null;
  readonly reliable: boolean;
  readonly receiveTimeMs: number;
}

/** A match that runs in this isolate. Thousands may: what few of them need is made when they do. */
export class Match {
  /** The host's number for it; log lines and nk calls of the match carry it. */
  readonly number: number;
  readonly functions: MatchFunctions;
  /** What its nk calls and log lines belong to, for as long as it runs. */
  readonly call: Call;
  readonly context: Record<string, unknown>;
  readonly logger: Logger;
  readonly nk: object;
  readonly dispatcher: Dispatcher;
  state: unknown = undefined;
  tick = 0;
  rate = 0;
  label = '';
  /** Who is in it, by session; undefined as long as nobody was. */
  members: Map<string, Member> | undefined;
  memberCount = 0;
  /** Ticks in a row in which nobody was in it. */
  emptyTicks = 0;
  /** For the next loop. */
  inputs: Message[] | undefined;
  /** True when a message for the next loop was dropped, which is told once. */
  hasDropped = false;
  /** Deferred broadcasts, as records; and how many they are. */
  deferred = '';
  deferredCount = 0;
  /** Records that came while one of its functions ran; and how many they are. */
  waiting = '';
  waitingCount = 0;
  /** One of its functions runs. */
  isBusy = false;
  hasEnded = false;
  /** Its loop was due while one of its functions ran. */
  owesLoop = false;
  /** Loops that it has yet to run before its new code is trusted with it; 0 for none. */
  trialLoops = 0;
  /** The match whose function waits while one of this match runs. */
  outer: Match | undefined;
  /** When its next loop is due, by the worker's clock; and its place among those of the same rate. */
  dueMs = 0;
  isScheduled = false;
  before: Match | undefined;
  after: Match | undefined;

  constructor(number: number, functions: MatchFunctions, matchId: string) {
    this.number = number;
    this.functions = functions;
    this.call = openCall(number);
    const context = contextFor({ executionMode: 'match', matchId, matchNode: '' });
    context.matchNode = context.node;
    this.context = context;
    this.logger = new Logger(this.call);
    this.nk = nkFor(this.call);
    this.dispatcher = new Dispatcher(this);
  }

  /** Sets the label where the module sees it. */
  setLabel(label: string): void {
    this.label = label;
    this.context.matchLabel = label;
  }
}

const matches = new NativeMap<number, Match>();

export function addMatch(match: Match): void {
  mapSet(matches, match.number, match);
}

export function matchOf(number: number): Match | undefined {
  return mapGet(matches, number);
}

export function forgetMatch(match: Match): void {
  mapDelete(matches, match.number);
}
