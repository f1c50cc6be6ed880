import type { MessageInitShape } from '@bufbuild/protobuf';
import type { NotificationSchema } from '../../protocol/gen/nakama/api/api_pb.js';
import { Nakama } from '../../protocol/gen/nakama/api/service_pb.js';
import { invalidArgument } from '../../protocol/status.ts';
import { callerOf, type OperationBinding, operation } from '../feature.ts';
import { NOBODY } from './notification.ts';
import type { StoredNotification } from './queries.ts';
import type { Notifications } from './service.ts';

const DEFAULT_LIMIT = 1;
const MAX_LIMIT = 100;
const MICROS_PER_SECOND = 1_000_000n;
const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The HTTP operations: a user's own list. */
export function notificationOperations(notifications: Notifications): readonly OperationBinding[] {
  return [
    operation(Nakama.method.listNotifications, async ({ limit, cacheableCursor }, call) => {
      const caller = callerOf(call);
      const count = limit ?? DEFAULT_LIMIT;
      if (count < 1 || count > MAX_LIMIT) throw invalidArgument(`limit must be from 1 to ${MAX_LIMIT}`);
      const page = await notifications.list(caller.userId, count, cacheableCursor, caller.vars ?? {});
      return { notifications: page.notifications.map(listed), cacheableCursor: page.cursor };
    }),

    operation(Nakama.method.deleteNotifications, async ({ ids }, call) => {
      const caller = callerOf(call);
      for (const id of ids)
        if (!uuidForm.test(id)) throw invalidArgument(`${JSON.stringify(id)} is not a notification id`);
      await notifications.delete(ids, caller.userId);
      return {};
    }),
  ];
}

function listed(stored: StoredNotification): MessageInitShape<typeof NotificationSchema> {
  const { id, subject, content, code, senderId, createTimeMicros } = stored;
  return {
    id,
    subject,
    content,
    code,
    senderId: senderId === NOBODY ? '' : senderId,
    createTime: { seconds: createTimeMicros / MICROS_PER_SECOND, nanos: 0 },
    persistent: true,
  };
}
