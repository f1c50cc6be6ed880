import type { EnvelopeDispatcher, ReadMessage } from './envelope-dispatcher.ts';
import type { SocketSession } from './socket-session.ts';

/**
 * Handles a session's messages one after another, in the order in which they came. While one waits the next ones wait
 * here, but for those that may follow it at once; past the bound the socket is not read from until half of them are
 * done.
 */
export class Inbox {
  readonly #session: SocketSession;
  readonly #dispatcher: EnvelopeDispatcher;
  readonly #maxWaiting: number;
  #waiting: ReadMessage[] | undefined;
  /** Messages that are handled and not done; `#latest` is the last of them. */
  #underWay = 0;
  #latest: ReadMessage | undefined;
  #full = false;

  constructor(session: SocketSession, dispatcher: EnvelopeDispatcher, maxWaiting: number) {
    this.#session = session;
    this.#dispatcher = dispatcher;
    this.#maxWaiting = maxWaiting;
  }

  push(data: string | Uint8Array): void {
    const message = this.#dispatcher.read(data);
    if (!this.#waiting && this.#mayBegin(message)) {
      this.#begin(message);
      return;
    }
    this.#waiting ??= [];
    if (this.#waiting.push(message) >= this.#maxWaiting && !this.#full) {
      this.#full = true;
      this.#session.pause();
    }
  }

  /** Forgets what waits: the connection has ended. */
  clear(): void {
    this.#waiting = undefined;
  }

  #mayBegin(message: ReadMessage): boolean {
    return this.#underWay === 0 || this.#dispatcher.follows(this.#session, message, this.#latest!);
  }

  #begin(message: ReadMessage): void {
    const pending = this.#dispatcher.handle(this.#session, message);
    if (!pending) return;
    this.#underWay++;
    this.#latest = message;
    pending.then(this.#done);
  }

  readonly #done = () => {
    this.#underWay--;
    if (this.#underWay === 0) this.#latest = undefined;
    while (this.#waiting && !this.#session.isClosed && this.#mayBegin(this.#waiting[0]!)) {
      const message = this.#waiting.shift()!;
      if (this.#waiting.length === 0) this.#waiting = undefined;
      this.#begin(message);
      if (this.#full && (this.#waiting?.length ?? 0) <= this.#maxWaiting / 2) {
        this.#full = false;
        this.#session.resume();
      }
    }
  };
}
