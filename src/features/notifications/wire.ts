import type { MessageInitShape } from '@bufbuild/protobuf';
import type { NotificationSchema } from '../../protocol/gen/nakama/api/api_pb.js';
import { NIL_ID } from '../../protocol/ids.ts';
import type { Notification } from './notification.ts';
import type { StoredNotification } from './queries.ts';

const MICROS_PER_SECOND = 1_000_000n;

/** A notification as it is pushed: nobody in particular as a sender is the nil id. */
export function pushedOnWire(notification: Notification): MessageInitShape<typeof NotificationSchema> {
  const { id, subject, content, code, senderId, createTimeMicros, persistent } = notification;
  return { id, subject, content, code, senderId, createTime: wholeSecondsOf(createTimeMicros), persistent };
}

/** A notification as it is listed: nobody in particular as a sender is left out. */
export function listedOnWire(stored: StoredNotification): MessageInitShape<typeof NotificationSchema> {
  const { id, subject, content, code, createTimeMicros } = stored;
  const senderId = stored.senderId === NIL_ID ? '' : stored.senderId;
  return { id, subject, content, code, senderId, createTime: wholeSecondsOf(createTimeMicros), persistent: true };
}

function wholeSecondsOf(micros: bigint) {
  return { seconds: micros / MICROS_PER_SECOND, nanos: 0 };
}
