import { secondsAndNanos } from '../../database/microseconds.ts';
import { Nakama } from '../../protocol/gen/nakama/api/service_pb.js';
import { isId, NIL_ID } from '../../protocol/ids.ts';
import { invalidArgument } from '../../protocol/status.ts';
import { wholeSeconds } from '../../protocol/times.ts';
import { callerOf, type OperationBinding, operation } from '../feature.ts';
import type { ObjectRow } from './queries.ts';
import type { StorageService } from './service.ts';

const LIST_LIMIT_MAX = 100;

export function storageOperations(storage: StorageService): OperationBinding[] {
  return [
    operation(Nakama.method.writeStorageObjects, async ({ objects }, call) => {
      const { userId } = callerOf(call);
      const writes = objects.map(({ collection, key, value, version, permissionRead, permissionWrite }) => ({
        collection,
        key,
        userId,
        value,
        version,
        permissionRead: permissionRead ?? 1,
        permissionWrite: permissionWrite ?? 1,
      }));
      const acks = await storage.write(writes, { userId });
      return {
        acks: acks.map(({ createTimeMicros, updateTimeMicros, ...ack }) => ({
          ...ack,
          createTime: secondsAndNanos(createTimeMicros),
          updateTime: secondsAndNanos(updateTimeMicros),
        })),
      };
    }),

    operation(Nakama.method.readStorageObjects, async ({ objectIds }, call) => {
      const { userId } = callerOf(call);
      const ids = objectIds.map((id) => ({ ...id, userId: ownerOf(id.userId) }));
      return { objects: (await storage.read(ids, { userId })).map(objectMessage) };
    }),

    operation(Nakama.method.listStorageObjects, async ({ collection, userId, limit, cursor }, call) => {
      if (userId !== '' && !isId(userId)) throw invalidArgument('the user id is no id');
      if (limit !== undefined && (limit < 1 || limit > LIST_LIMIT_MAX)) {
        throw invalidArgument(`the limit must be from 1 to ${LIST_LIMIT_MAX}`);
      }
      const owner = userId === '' ? undefined : userId.toLowerCase();
      const page = await storage.list(collection, owner, { userId: callerOf(call).userId }, limit ?? 1, cursor);
      return { objects: page.objects.map(objectMessage), cursor: page.cursor ?? '' };
    }),

    operation(Nakama.method.deleteStorageObjects, async ({ objectIds }, call) => {
      const { userId } = callerOf(call);
      await storage.delete(
        objectIds.map(({ collection, key, version }) => ({ collection, key, version, userId })),
        { userId },
      );
      return {};
    }),
  ];
}

/** Left out means the server's; its own id must not be spelled out. @throws StatusError INVALID_ARGUMENT */
function ownerOf(userId: string): string {
  if (userId === '') return NIL_ID;
  if (!isId(userId) || userId === NIL_ID) throw invalidArgument('the user id is no id of a user');
  return userId.toLowerCase();
}

/** An object as clients see it; times are cut to whole seconds. */
export function objectMessage(row: ObjectRow) {
  return {
    collection: row.collection,
    key: row.key,
    userId: row.user_id,
    value: row.value,
    version: row.version,
    permissionRead: row.read,
    permissionWrite: row.write,
    createTime: wholeSeconds(row.create_time),
    updateTime: wholeSeconds(row.update_time),
  };
}
