import { randomUUID } from 'node:crypto';
import type { OutgoingMessage } from '../../protocol/envelope.ts';
import type { NotificationCode } from './notification.ts';

/**
 * What a socket is told before the server closes it: a notification that is kept nowhere and has no sender.
 * The subject is the one that clients of the reference know.
 */
export function lastNotice(
  subject: string,
  code: (typeof NotificationCode)[keyof typeof NotificationCode],
): OutgoingMessage {
  const createTime = { seconds: BigInt(Math.floor(Date.now() / 1000)), nanos: 0 };
  const notification = { id: randomUUID(), subject, content: '{}', code, createTime, persistent: false };
  return { case: 'notifications', value: { notifications: [notification] } };
}
