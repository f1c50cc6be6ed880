import { setTimeout as delay } from 'node:timers/promises';
import ivm from 'isolated-vm';
import type { EngineInspector } from './engine.ts';

/** The id of commands whose answers nobody waits for. */
const UNHEARD_ID = 2 ** 31 - 1;
const NUDGE = JSON.stringify({ id: UNHEARD_ID, method: 'Nk.nudge' });
const PAUSE = JSON.stringify({ id: UNHEARD_ID, method: 'Debugger.pause' });
const RESUME = JSON.stringify({ id: UNHEARD_ID, method: 'Debugger.resume' });
const pausePattern = /"method":"Debugger\.pause"/;
const pauseEndPattern = /"method":"Debugger\.(resume|disable)"/;
/** Entries that take longer than this are held in the middle of what they do; quicker ones from their beginning on. */
const QUICK_ENTRY_MS = 20;
/** What each entry ends in. It is not stepped over as other scripts of the server are, and its name is in no message. */
const ENTRY_END = 'nkEntryEnd';
const endPausePattern = new RegExp(
  `^\\{"method":"Debugger\\.paused","params":\\{"callFrames":\\[\\{"callFrameId":"[^"]*","functionName":"${ENTRY_END}"`,
);
const heldPattern = /^\{"method":"Debugger\.(paused|resumed)"/;
const FIRST_NUDGE_MS = 2;
const LAST_NUDGE_MS = 100;
/** Nudges for one command; one that takes longer is at work. */
const MAX_NUDGES = 50;
/** How long an isolate that computes may take to let go of its session. */
const LET_GO_MS = 100;
/** Characters of a message in which its method is named. */
const HEAD_LENGTH = 100;
/** Sessions of isolates that died by themselves: never collected, since their end would wait for that of the isolate. */
const lost: ivm.InspectorSession[] = [];

/**
 * The inspector of one isolate of isolated-vm.
 *
 * A held isolate does not notice a command that arrives while it is busy with the one before (measured on 7.0.1: one in
 * ten when a client answers at once). Any later command makes it look, so commands that are not answered are followed
 * by ones that mean nothing.
 */
export class IsolatedVmInspector implements EngineInspector {
  isAttached = false;
  onMessage: (message: string) => void = () => {};
  onEnd: () => void = () => {};
  readonly #isolate: ivm.Isolate;
  readonly #session: ivm.InspectorSession;
  /** Commands without an answer. */
  #open = 0;
  #nudges = 0;
  #timer: NodeJS.Timeout | undefined;
  #hasEnded = false;
  /** A debugger wants to hold the next call. */
  #isPauseWanted = false;
  #lastEntry = 0;
  /** The entry that is under way. */
  #entry: number | undefined;
  #isHeld = false;
  /** The isolate is held where an entry ends, of which the debugger hears nothing. */
  #isHeldAtEnd = false;

  private constructor(isolate: ivm.Isolate, session: ivm.InspectorSession) {
    this.#isolate = isolate;
    this.#session = session;
    session.onResponse = (id, message) => {
      if (id === UNHEARD_ID) return;
      this.#open--;
      this.onMessage(message);
    };
    session.onNotification = (message) => {
      const held = heldPattern.exec(message)?.[1];
      if (held === 'resumed' && this.#isHeldAtEnd) this.#isHeldAtEnd = false;
      else if (held === 'paused' && endPausePattern.test(message)) {
        this.#isHeldAtEnd = true;
        this.#give(RESUME);
      } else {
        if (held) this.#isHeld = held === 'paused';
        if (this.#isHeld) this.#isPauseWanted = false;
        this.onMessage(message);
      }
    };
  }

  /** The inspector of an isolate in which nothing runs yet, and that was made with `inspector`, as was its context. */
  static open(isolate: ivm.Isolate, context: ivm.Context): IsolatedVmInspector {
    let session: ivm.InspectorSession | undefined;
    // V8 aborts the process when the thread that opens a session does not hold the isolate (V8 14.6). This one does
    // while the isolate calls it back; so there is one session for each isolate, from its beginning on.
    const open = new ivm.Callback(() => {
      session = isolate.createInspectorSession();
    });
    context.evalClosureSync('$0()', [open]);
    return new IsolatedVmInspector(isolate, session!);
  }

  dispatch(command: string): void {
    if (this.#hasEnded || this.#isolate.isDisposed) return;
    const head = command.slice(0, HEAD_LENGTH);
    if (pausePattern.test(head)) {
      this.#pauseSoon((JSON.parse(command) as { id: number }).id);
      return;
    }
    if (pauseEndPattern.test(head)) this.#isPauseWanted = false;
    this.#open++;
    this.#give(command);
  }

  /**
   * Makes of a function that enters the isolate one that can be held from its beginning on.
   *
   * V8 forgets when the isolate is left that it is to hold the next call, but not that it was told so, and hears of no
   * further pause then (V8 14.6), until something was held. So it is told while it is in the isolate only, and no entry
   * ends without the hold that was asked for: where nothing of the module's has run, in a function of the server's own.
   * An entry that is to be held begins in that function, too, should a pause have come too late for the one before.
   */
  async holdable(
    context: ivm.Context,
    enter: ivm.Reference<(records: string) => string>,
  ): Promise<ivm.Reference<(records: string, isHeld?: boolean) => string>> {
    // The loop gives V8 the occasion to take the command.
    const end = `(function ${ENTRY_END}(pause) { if (pause) for (let i = 0; i < 10; i++) if (i === 0) pause(); })`;
    const endReference = await context.eval(end, { filename: 'nk-entry-end', reference: true });
    const pause = new ivm.Callback(() => {
      if (this.#isPauseWanted) this.#give(PAUSE);
    });
    const parts = [enter.derefInto(), pause, (endReference as ivm.Reference).derefInto()];
    return (await context.evalClosure(
      'return (records, isHeld) => { if (isHeld) { $2($1); $1(); } try { return $0(records); } finally { $2(); } }',
      parts,
      { result: { reference: true } },
    )) as ivm.Reference<(records: string, isHeld?: boolean) => string>;
  }

  /** Enters the isolate. @param enter is told whether the entry is to be held from its beginning on */
  async enter<T>(enter: (isHeld: boolean) => Promise<T>): Promise<T> {
    const entry = ++this.#lastEntry;
    this.#entry = entry;
    try {
      return await enter(this.#isPauseWanted);
    } finally {
      if (this.#entry === entry) this.#entry = undefined;
    }
  }

  /**
   * Ends the session, then has the isolate disposed of. One after the other: isolated-vm 7.0.1 waits for ever when an
   * isolate with an open session goes away.
   */
  end(disposeIsolate: () => void): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    clearTimeout(this.#timer);
    if (this.#isolate.isDisposed) lost.push(this.#session);
    else {
      this.#session.dispose();
      // Whatever the isolate is asked next is answered when the session is gone, unless it computes or is held.
      const asked = this.#isolate.getHeapStatistics().catch(() => {});
      void Promise.race([asked, delay(LET_GO_MS)]).then(disposeIsolate);
    }
    this.onEnd();
  }

  /** Holds what runs, unless it ends soon; then what runs next, which is told when it begins. */
  #pauseSoon(id: number): void {
    this.#isPauseWanted = !this.#isHeld;
    this.onMessage(JSON.stringify({ id, result: {} }));
    const entry = this.#entry;
    if (entry === undefined) return;
    setTimeout(() => {
      if (this.#isPauseWanted && this.#entry === entry) this.#give(PAUSE);
    }, QUICK_ENTRY_MS);
  }

  #give(command: string): void {
    if (this.#hasEnded || this.#isolate.isDisposed) return;
    this.#session.dispatchProtocolMessage(command);
    this.#nudges = 0;
    this.#nudgeLater();
  }

  #nudgeLater(): void {
    clearTimeout(this.#timer);
    const waitMs = Math.min(FIRST_NUDGE_MS * 2 ** this.#nudges, LAST_NUDGE_MS);
    this.#timer = setTimeout(() => {
      const isDone = this.#open === 0 && !this.#isHeldAtEnd;
      if (this.#hasEnded || isDone || this.#nudges >= MAX_NUDGES || this.#isolate.isDisposed) return;
      this.#nudges++;
      this.#session.dispatchProtocolMessage(NUDGE);
      this.#nudgeLater();
    }, waitMs);
  }
}
