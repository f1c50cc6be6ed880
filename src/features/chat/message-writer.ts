import type { Db } from '../../database/database.ts';
import { insertMessages, type NewMessage } from './queries.ts';

/** Messages stored by one statement. */
const MAX_BATCH = 256;
/** Messages that may wait to be stored; one more is refused. */
const MAX_WAITING = 20_000;

interface Entry {
  readonly message: NewMessage;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Stores messages in the order in which they come. While one statement is under way the next messages gather, and go
 * together by one: a round trip serves a whole crowd.
 */
export class MessageWriter {
  readonly #db: Db;
  #waiting: Entry[] = [];
  #drained: Promise<void> | undefined;

  constructor(db: Db) {
    this.#db = db;
  }

  /** Resolves when the message is stored, in the order of the calls. */
  write(message: NewMessage): Promise<void> {
    if (this.#waiting.length >= MAX_WAITING) {
      return Promise.reject(new Error(`${MAX_WAITING} messages are waiting to be stored already`));
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.push({ message, resolve, reject });
    this.#drained ??= this.#drain();
    return promise;
  }

  /** Resolves when all that have come so far are stored or refused. */
  async settled(): Promise<void> {
    await this.#drained;
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) await this.#store(this.#waiting.splice(0, MAX_BATCH));
    this.#drained = undefined;
  }

  /** Where a batch is refused, each of its messages is tried by itself, so that only the bad ones fail. */
  async #store(batch: readonly Entry[]): Promise<void> {
    try {
      await insertMessages(
        this.#db,
        batch.map((entry) => entry.message),
      );
      for (const entry of batch) entry.resolve();
    } catch (error) {
      if (batch.length === 1) batch[0]!.reject(error);
      else for (const entry of batch) await this.#store([entry]);
    }
  }
}
