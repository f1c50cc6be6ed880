import { randomUUID } from 'node:crypto';
import { type Db, isForeignKeyViolation, isUnstorable } from '../../database/database.ts';
import type { Log } from '../../observability/log.ts';
import { badInput, RealtimeError, RealtimeErrorCode } from '../../protocol/status.ts';
import type { MessageRouter } from '../../realtime/message-router.ts';
import type { MicrosecondClock } from '../../realtime/microsecond-clock.ts';
import type { Stream } from '../../realtime/stream.ts';
import { MessageCode } from './channel.ts';
import { type ChannelMessage, pushOf } from './message.ts';
import { MessageWriter } from './message-writer.ts';
import { deleteMessage, updateMessage } from './queries.ts';

export interface MessageDependencies {
  readonly db: Db;
  readonly router: MessageRouter;
  readonly clock: MicrosecondClock;
  readonly log: Log;
}

/** In whose name a message stands. */
export interface Author {
  /** The nil id for nobody. */
  readonly userId: string;
  readonly username: string;
}

/**
 * Sends, changes and removes messages. Each is stored first, where it is to be, and then pushed to everybody in the
 * channel; what needs no storing is done on return, without a promise.
 */
export class Messages {
  readonly #db: Db;
  readonly #router: MessageRouter;
  readonly #clock: MicrosecondClock;
  readonly #writer: MessageWriter;
  readonly #log: Log;

  constructor({ db, router, clock, log }: MessageDependencies) {
    this.#db = db;
    this.#router = router;
    this.#clock = clock;
    this.#log = log;
    this.#writer = new MessageWriter(db);
  }

  /** @param content the text of a JSON object @throws RealtimeError when it cannot be stored */
  send(stream: Stream, author: Author, content: string, persistent: boolean): ChannelMessage | Promise<ChannelMessage> {
    const message = this.#messageOf(stream, randomUUID(), MessageCode.CHAT, author, content, persistent);
    return persistent ? this.#storeAndPush(message) : this.#push(message);
  }

  /**
   * Changes a message that the author has sent; without persistence the change is pushed whether there is such a message
   * or not.
   * @throws RealtimeError when the author has sent no such message
   */
  update(
    stream: Stream,
    id: string,
    author: Author,
    content: string,
    persistent: boolean,
  ): ChannelMessage | Promise<ChannelMessage> {
    const message = this.#messageOf(stream, id, MessageCode.UPDATE, author, content, persistent);
    if (!persistent) return this.#push(message);
    return this.#stored(updateMessage(this.#db, message)).then((times) => this.#push({ ...message, ...times }));
  }

  /** Removes a message that the author has sent; else as {@link update}. */
  remove(stream: Stream, id: string, author: Author, persistent: boolean): ChannelMessage | Promise<ChannelMessage> {
    const message = this.#messageOf(stream, id, MessageCode.REMOVE, author, '{}', persistent);
    if (!persistent) return this.#push(message);
    return this.#stored(deleteMessage(this.#db, id, author.userId)).then((times) =>
      this.#push({ ...message, ...times }),
    );
  }

  /** Resolves when no message is waiting to be stored. */
  settled(): Promise<void> {
    return this.#writer.settled();
  }

  async #storeAndPush(message: ChannelMessage): Promise<ChannelMessage> {
    try {
      await this.#writer.write(message);
    } catch (error) {
      throw this.#notStored(error);
    }
    return this.#push(message);
  }

  async #stored<T>(change: Promise<T | undefined>): Promise<T> {
    const found = await change.catch((error: unknown) => {
      throw this.#notStored(error);
    });
    if (found === undefined) throw badInput('there is no such message by the sender in the history');
    return found;
  }

  #notStored(error: unknown): RealtimeError {
    // The code is the reference's for all; only the last is an affair of who runs the server.
    const code = RealtimeErrorCode.RUNTIME_EXCEPTION;
    if (isUnstorable(error)) return new RealtimeError(code, 'the message holds something that cannot be stored');
    if (isForeignKeyViolation(error)) return new RealtimeError(code, 'the sender of the message does not exist');
    this.#log.error({ err: error }, 'a channel message could not be stored');
    return new RealtimeError(code, 'the message could not be stored');
  }

  #push(message: ChannelMessage): ChannelMessage {
    this.#router.toStream(message.stream, pushOf(message));
    return message;
  }

  #messageOf(
    stream: Stream,
    id: string,
    code: number,
    author: Author,
    content: string,
    persistent: boolean,
  ): ChannelMessage {
    const now = this.#clock.next();
    return {
      stream,
      id,
      code,
      senderId: author.userId,
      username: author.username,
      content,
      createTimeMicros: now,
      updateTimeMicros: now,
      persistent,
    };
  }
}
