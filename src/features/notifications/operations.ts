import { Nakama } from '../../protocol/gen/nakama/api/service_pb.js';
import { isId } from '../../protocol/ids.ts';
import { invalidArgument } from '../../protocol/status.ts';
import { callerOf, type OperationBinding, operation } from '../feature.ts';
import type { Notifications } from './service.ts';
import { listedOnWire } from './wire.ts';

const DEFAULT_LIMIT = 1;
const MAX_LIMIT = 100;

/** The HTTP operations: a user's own list. */
export function notificationOperations(notifications: Notifications): readonly OperationBinding[] {
  return [
    operation(Nakama.method.listNotifications, async ({ limit, cacheableCursor }, call) => {
      const caller = callerOf(call);
      const count = limit ?? DEFAULT_LIMIT;
      if (count < 1 || count > MAX_LIMIT) throw invalidArgument(`limit must be from 1 to ${MAX_LIMIT}`);
      const page = await notifications.list(caller.userId, count, cacheableCursor, caller.vars ?? {});
      return { notifications: page.notifications.map(listedOnWire), cacheableCursor: page.cursor };
    }),

    operation(Nakama.method.deleteNotifications, async ({ ids }, call) => {
      const caller = callerOf(call);
      for (const id of ids) if (!isId(id)) throw invalidArgument(`${JSON.stringify(id)} is not a notification id`);
      await notifications.delete(ids, caller.userId);
      return {};
    }),
  ];
}
