import { setTimeout as delay } from 'node:timers/promises';
import ivm from 'isolated-vm';
import type { EngineInspector } from './engine.ts';

/** The id of commands whose answers nobody waits for. */
const UNHEARD_ID = 2 ** 31 - 1;
const NUDGE = JSON.stringify({ id: UNHEARD_ID, method: 'Nk.nudge' });
const PAUSE = JSON.stringify({ id: UNHEARD_ID, method: 'Debugger.pause' });
const pausePattern = /"method":"Debugger\.pause"/;
const pauseEndPattern = /"method":"Debugger\.(resume|disable|paused)"/;
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

  private constructor(isolate: ivm.Isolate, session: ivm.InspectorSession) {
    this.#isolate = isolate;
    this.#session = session;
    session.onResponse = (id, message) => {
      if (id === UNHEARD_ID) return;
      this.#open--;
      this.onMessage(message);
    };
    session.onNotification = (message) => {
      if (this.#isPauseWanted && pauseEndPattern.test(message.slice(0, HEAD_LENGTH))) this.#isPauseWanted = false;
      this.onMessage(message);
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
    if (pausePattern.test(head)) this.#isPauseWanted = true;
    else if (pauseEndPattern.test(head)) this.#isPauseWanted = false;
    this.#session.dispatchProtocolMessage(command);
    this.#open++;
    this.#nudges = 0;
    this.#nudgeLater();
  }

  /** To be called when the isolate has just been entered. V8 forgets between entries that it is to hold the next call. */
  entered(): void {
    if (!this.#isPauseWanted || this.#isolate.isDisposed) return;
    this.#session.dispatchProtocolMessage(PAUSE);
    this.#nudges = 0;
    this.#nudgeLater();
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

  #nudgeLater(): void {
    clearTimeout(this.#timer);
    const waitMs = Math.min(FIRST_NUDGE_MS * 2 ** this.#nudges, LAST_NUDGE_MS);
    this.#timer = setTimeout(() => {
      const isDone = this.#open === 0 && !this.#isPauseWanted;
      if (this.#hasEnded || isDone || this.#nudges >= MAX_NUDGES || this.#isolate.isDisposed) return;
      this.#nudges++;
      this.#session.dispatchProtocolMessage(this.#isPauseWanted ? PAUSE : NUDGE);
      this.#nudgeLater();
    }, waitMs);
  }
}
