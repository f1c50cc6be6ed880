import type { EnvelopeDispatcher } from './envelope-dispatcher.ts';
import type { SocketSession } from './socket-session.ts';

/**
 * Handles a session's messages one after another, in the order in which they came. While one waits the next ones wait
 * here; past the bound the socket is not read from until half of them are done.
 */
export class Inbox {
  readonly #session: SocketSession;
  readonly #dispatcher: EnvelopeDispatcher;
  readonly #maxWaiting: number;
  #waiting: (string | Uint8Array)[] | undefined;
  #busy = false;
  #full = false;

  constructor(session: SocketSession, dispatcher: EnvelopeDispatcher, maxWaiting: number) {
    this.#session = session;
    this.#dispatcher = dispatcher;
    this.#maxWaiting = maxWaiting;
  }

  push(data: string | Uint8Array): void {
    if (this.#busy) {
      this.#waiting ??= [];
      if (this.#waiting.push(data) >= this.#maxWaiting && !this.#full) {
        this.#full = true;
        this.#session.pause();
      }
      return;
    }
    const pending = this.#dispatcher.dispatch(this.#session, data);
    if (pending) this.#await(pending);
  }

  /** Forgets what waits: the connection has ended. */
  clear(): void {
    this.#waiting = undefined;
  }

  #await(pending: Promise<void>): void {
    this.#busy = true;
    pending.then(() => this.#next());
  }

  #next(): void {
    this.#busy = false;
    while (this.#waiting && this.#waiting.length > 0 && !this.#session.isClosed) {
      const pending = this.#dispatcher.dispatch(this.#session, this.#waiting.shift()!);
      if (this.#full && this.#waiting.length <= this.#maxWaiting / 2) {
        this.#full = false;
        this.#session.resume();
      }
      if (pending) return this.#await(pending);
    }
    this.#waiting = undefined;
  }
}
