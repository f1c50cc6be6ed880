import type { Log } from '../../observability/log.ts';

/** Something that happened in a game. */
export interface GameEvent {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  /** Made by a client rather than by the server. */
  readonly external: boolean;
  /** Epoch seconds; now when absent. */
  readonly timestampSec?: number;
  /** The client that sent it. */
  readonly userId?: string;
}

/**
 * Where events end. Modules see those of clients in their hooks; nothing else listens to events, so they are written
 * to the log for whoever looks for them there.
 */
export class EventLog {
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  note(event: GameEvent): void {
    this.#log.debug({ event }, 'event');
  }
}
