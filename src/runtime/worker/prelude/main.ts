import type { IsolateSetup } from '../isolate-setup.ts';
import { askWorker, setHost, unquoted } from './bridge.ts';
import { abandon, type Mode, runCall, setContextConstants } from './calls.ts';
import { coarsenClocks } from './coarse-clock.ts';
import { forgetContexts, takeContext } from './contexts.ts';
import { installGlobals } from './global-scope.ts';
import { installGlobals as installWebGlobals } from './globals/index.ts';
import { harden } from './harden.ts';
import { settleAsync } from './host-calls.ts';
import { forgetAnswer } from './kept-answers.ts';
import { forgetStrayLines } from './logger.ts';
import {
  cutOffMatch,
  emitNextLoop,
  giveMatch,
  runLoops,
  takeClock,
  takeMatch,
  takeMatchRecord,
} from './matches/index.ts';
import { runInitModule, takeModule } from './module.ts';
import { buildNk } from './nk.ts';
import { charCodeAt, defineProperty, mapForEach, now, parse, textIndexOf, textSlice } from './primordials.ts';
import { type Call, emit, type MatchWork, state } from './state.ts';
import { clearAllTimers, fireTimer } from './timers.ts';
import { setRandomSource } from './utilities/random.ts';
import { binaryOf } from './wire-values.ts';

/** How long one entry may compute and go on starting calls; what is left goes back, perhaps to another isolate. */
const ENTRY_BUDGET_MS = 2;
/** The same with the time for which it was parked: its limit counts that too, and calls must not suffer for others. */
const ENTRY_TIME_MS = 250;

const modes: readonly Mode[] = ['rpc', 'before', 'after', 'storage_index_filter', 'callback'];

/** What an entry returns that wanted to wait on a thread that cannot. */
const NOT_HERE = '!';

/** What the last entry returned. It is lost where the isolate's end of an entry fails, as unhandled rejections make it. */
let returned = '';

/** What an entry that was cut off had not read. */
let unread = '';

installWebGlobals(globalThis);

defineProperty(globalThis, '__nkInstall', {
  configurable: true,
  value: (host: Parameters<typeof setHost>[0], setupText: string) => {
    const setup = parse(setupText) as IsolateSetup;
    state.setup = setup;
    setHost(host);
    harden();
    if (setup.coarseClockMs > 0) coarsenClocks(setup.coarseClockMs);
    setContextConstants(setup.env, setup.node, setup.version);
    setRandomSource((bytes) => new Uint8Array(binaryOf(unquoted(askWorker('y', `${bytes}`)))));
    buildNk(setup);
    installGlobals();
    return { enter, give: giveMatch, take: takeMatch };
  },
});

/**
 * The way in for all that a module does. Takes records, gives those that came of them. After a limit has ended an entry, the record `Z`
 * asks for what that entry left behind.
 */
function enter(records: string): string {
  if (records === 'Z') return leftovers();
  state.inbox = unread === '' ? records : unread + records;
  unread = '';
  state.position = 0;
  returned = '';
  state.current = undefined;
  state.stirred = false;
  forgetStrayLines();
  const started = now();
  state.heardAt = started;
  state.parkedMs = 0;
  lastSeries = 0;
  let calls = 0;
  while (state.position < state.inbox.length) {
    if (charCodeAt(state.inbox, state.position) === 67 /* C */) {
      if (calls > 0 && isSpent(now() - started)) break;
      calls++;
    }
    const end = textIndexOf(state.inbox, '\n', state.position);
    const line = textSlice(state.inbox, state.position, end);
    state.position = end + 1;
    take(line);
  }
  if (state.couldNotAsk) return NOT_HERE;
  emitUnstarted();
  if (state.matchWork) {
    runLoops();
    emitNextLoop();
  }
  if (state.stirred) emit('m');
  returned = drain();
  return returned;
}

const matchWork: MatchWork = {
  beforeWait: () => emitNextLoop(state.position < state.inbox.length),
  meanwhile(records) {
    const { current } = state;
    state.inbox = textSlice(state.inbox, state.position) + records;
    state.position = 0;
    while (state.position < state.inbox.length) {
      const end = textIndexOf(state.inbox, '\n', state.position);
      const line = textSlice(state.inbox, state.position, end);
      state.position = end + 1;
      take(line);
    }
    runLoops();
    emitNextLoop();
    state.inbox = '';
    state.position = 0;
    state.current = current;
  },
};

function isSpent(elapsedMs: number): boolean {
  return elapsedMs - state.parkedMs >= ENTRY_BUDGET_MS || elapsedMs >= ENTRY_TIME_MS;
}

function take(line: string): void {
  const body = textSlice(line, textIndexOf(line, '\t') + 1);
  cursor = 2;
  switch (charCodeAt(line, 0)) {
    case 67 /* C id handler mode series pool context; the pool is the worker's affair */:
      beginCall(line, body);
      return;
    case 79 /* O context */:
      takeContext(nextNumber(line), body);
      return;
    case 111 /* o */:
      forgetContexts();
      return;
    case 75 /* K time */:
      state.matchWork = matchWork;
      takeClock(line);
      return;
    case 77 /* M match what */:
      takeMatchRecord(line);
      return;
    case 65 /* A number */:
      settleAsync(nextNumber(line), body);
      return;
    case 70 /* F name */:
      forgetAnswer(line);
      return;
    case 84 /* T number */:
      fireTimer(nextNumber(line));
      return;
    case 88 /* X id */:
      abandon(nextNumber(line));
      return;
    case 86 /* V */:
      clearAllTimers();
      return;
    case 66 /* B id */:
      takeModule(nextNumber(line));
      return;
    case 73 /* I id */:
      runInitModule(nextNumber(line), body);
  }
}

let lastSeries = 0;
let lastCall: Call | undefined;

/** Runs a call, unless the one before it in its series has not ended: then it goes back. */
function beginCall(line: string, body: string): void {
  const id = nextNumber(line);
  const handler = nextNumber(line);
  const mode = modes[nextNumber(line)]!;
  const series = nextNumber(line);
  nextNumber(line);
  const context = nextNumber(line);
  if (series > 0 && series === lastSeries && lastCall!.open) {
    emit(`u ${id}`);
    return;
  }
  lastSeries = series;
  lastCall = runCall(id, handler, mode, context, body);
}

let cursor = 0;

function nextNumber(line: string): number {
  let value = 0;
  for (;;) {
    const digit = charCodeAt(line, cursor++) - 48;
    if (!(digit >= 0 && digit <= 9)) return value;
    value = value * 10 + digit;
  }
}

/** Names the calls of the state.inbox that were not begun. The contexts among them count as known to the isolate. */
function emitUnstarted(): void {
  let ids = '';
  while (state.position < state.inbox.length) {
    if (charCodeAt(state.inbox, state.position) === 67 /* C */) {
      cursor = state.position + 2;
      ids += ` ${nextNumber(state.inbox)}`;
    }
    const end = textIndexOf(state.inbox, '\n', state.position);
    if (charCodeAt(state.inbox, state.position) === 79 /* O */) take(textSlice(state.inbox, state.position, end));
    state.position = end + 1;
  }
  state.inbox = '';
  if (ids !== '') emit(`u${ids}`);
}

/** After an entry was cut short: what it had finished, the call that it was in, those begun and not begun. */
function leftovers(): string {
  if (state.matchWork) {
    // Records of other matches than the one that was cut off; the next entry takes them.
    unread = textSlice(state.inbox, state.position);
    state.inbox = '';
    state.position = 0;
    if (unread !== '') emit('m');
  } else emitUnstarted();
  let open = '';
  mapForEach(state.calls, (_call, id) => {
    open += ` ${id}`;
  });
  const current = state.current?.id ?? 0;
  if (state.matchWork) {
    // A match's calls are no calls of the worker's: only the match that ran is named.
    open = '';
    emit(`k ${cutOffMatch() || current}`);
    emitNextLoop();
  } else emit(`k ${current}${open}`);
  state.current = undefined;
  return returned + drain();
}

function drain(): string {
  const out = state.outbox;
  state.outbox = '';
  return out;
}
