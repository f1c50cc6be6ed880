import type { OutgoingMessage } from '../../protocol/envelope.ts';
import { audienceTest } from '../../realtime/audience.ts';
import type { MessageRouter } from '../../realtime/message-router.ts';
import type { SessionRegistry } from '../../realtime/session-registry.ts';
import type { Notification } from './notification.ts';
import { pushedOnWire } from './wire.ts';

/** Brings notifications to the open connections they are for: one push per call and user, in the order given. */
export class NotificationPush {
  readonly #sessions: SessionRegistry;
  readonly #router: MessageRouter;

  constructor(sessions: SessionRegistry, router: MessageRouter) {
    this.#sessions = sessions;
    this.#router = router;
  }

  /** Each to its receiver. */
  toReceivers(notifications: readonly Notification[]): void {
    for (const [userId, own] of Map.groupBy(notifications, (n) => n.userId)) this.toUser(userId, own);
  }

  /** All of them to one user's connections, whoever they name as receiver. */
  toUser(userId: string, notifications: readonly Notification[]): void {
    if (notifications.every((n) => !n.to)) this.#router.toUser(userId, pushOf(notifications));
    else this.#toChosen(userId, notifications);
  }

  /** One notification to every open connection, or to those it names. */
  toAll(notification: Notification): void {
    const message = pushOf([notification]);
    if (!notification.to) {
      this.#router.toAll(message);
      return;
    }
    const isMeant = audienceTest(notification.to);
    const ids: string[] = [];
    for (const session of this.#sessions.all()) if (isMeant(session)) ids.push(session.id);
    this.#router.toSessions(ids, message);
  }

  /** Connections that are meant by the same ones of the notifications get the same push. */
  #toChosen(userId: string, notifications: readonly Notification[]): void {
    const tests = notifications.map((n) => (n.to ? audienceTest(n.to) : () => true));
    const pushes = new Map<string, { meant: Notification[]; sessionIds: string[] }>();
    for (const session of this.#sessions.ofUser(userId)) {
      const meant = notifications.filter((_, i) => tests[i]!(session));
      if (meant.length === 0) continue;
      const key = meant.map((n) => n.id).join();
      const push = pushes.get(key);
      if (push) push.sessionIds.push(session.id);
      else pushes.set(key, { meant, sessionIds: [session.id] });
    }
    for (const { meant, sessionIds } of pushes.values()) this.#router.toSessions(sessionIds, pushOf(meant));
  }
}

function pushOf(notifications: readonly Notification[]): OutgoingMessage {
  return { case: 'notifications', value: { notifications: notifications.map(pushedOnWire) } };
}
