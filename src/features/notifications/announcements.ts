import { type Db, isForeignKeyViolation } from '../../database/database.ts';
import { isRetryable, sqlStateOf } from '../../database/errors.ts';
import type { Log } from '../../observability/log.ts';
import { NIL_ID } from '../../protocol/ids.ts';
import type { Notification } from './notification.ts';
import type { NotificationPush } from './push.ts';
import { insertForUsersAfter } from './queries.ts';

/** Users whose copies are stored by one statement: short enough that others get their turn in between. */
const USERS_PER_BATCH = 1_000;
/** How often a batch is tried before the announcement is given up. */
const MAX_ATTEMPTS = 4;
const RETRY_BASE_MS = 50;
/** Announcements that may wait for their turn; one more is refused. */
const MAX_WAITING = 1_000;

/**
 * Persistent notifications to every account, in the background and one after another: each account's copy is stored
 * first and then pushed.
 */
export class Announcements {
  readonly #db: Db;
  readonly #push: NotificationPush;
  readonly #log: Log;
  #waiting = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(db: Db, push: NotificationPush, log: Log) {
    this.#db = db;
    this.#push = push;
    this.#log = log;
  }

  /** Starts one, or lets it wait for those before. @throws Error when too many are waiting */
  add(notification: Notification): void {
    if (this.#waiting >= MAX_WAITING)
      throw new Error(`${MAX_WAITING} notifications to all accounts are waiting already`);
    this.#waiting++;
    this.#last = this.#last
      .then(() => this.#run(notification))
      .catch((error: unknown) => {
        this.#log.error({ err: error, subject: notification.subject }, 'a notification did not reach all accounts');
      })
      .finally(() => {
        this.#waiting--;
      });
  }

  /** Resolves when all that were added so far are done. */
  settled(): Promise<void> {
    return this.#last;
  }

  async #run(notification: Notification): Promise<void> {
    // Begins after the nil id, which is the system's own account.
    for (let after = NIL_ID; ; ) {
      const copies = await this.#store(notification, after);
      for (const { id, userId } of copies) {
        this.#push.toUser(userId, [{ ...notification, id, userId }]);
        if (userId > after) after = userId;
      }
      if (copies.length < USERS_PER_BATCH) return;
    }
  }

  async #store(notification: Notification, after: string) {
    for (let attempt = 1; ; attempt++) {
      try {
        return await insertForUsersAfter(this.#db, notification, after, USERS_PER_BATCH);
      } catch (error) {
        if (attempt >= MAX_ATTEMPTS || !mayPassAgain(error)) throw error;
        await new Promise((resolve) => setTimeout(resolve, RETRY_BASE_MS * 2 ** attempt));
      }
    }
  }
}

/**
 * An account deleted meanwhile, transactions in each other's way, or no answer at all: then a batch may have been stored,
 * and is stored again. Rather twice than not at all.
 */
function mayPassAgain(error: unknown): boolean {
  return sqlStateOf(error) === undefined || isRetryable(error) || isForeignKeyViolation(error);
}
