import { NIL_ID } from '../../protocol/ids.ts';
import { ArgumentError } from '../../runtime/argument-check.ts';
import { type ModuleFunction, moduleFunction } from '../../runtime/module-function.ts';
import { audience, boolean, integer, list, object, optional, record, text, uuid } from '../../runtime/parameters.ts';
import type { StoredNotification } from './queries.ts';
import { MAX_PERSISTENT_CODE, type Notifications } from './service.ts';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;
const MAX_CODE = 2_147_483_647;
const MICROS_PER_SECOND = 1_000_000n;

const subject = () => text({ minLength: 1 });
const code = () => integer({ min: 1, max: MAX_CODE });
const maybeId = () => optional(uuid(), { orNull: true });

/** The `nk.notification*` functions. The parameters named `to` are ours. */
export function notificationFunctions(notifications: Notifications): readonly ModuleFunction[] {
  return [
    moduleFunction(
      'notificationSend',
      [
        ['userId', uuid()],
        ['subject', subject()],
        ['content', object()],
        ['code', code()],
        ['senderId', maybeId()],
        ['persistent', optional(boolean())],
        ['to', optional(audience())],
      ],
      (_call, userId, subject, content, code, senderId, persistent, to) => {
        checkPersistentCode('notificationSend', code, persistent);
        return notifications.send(userId, { subject, content, code, senderId, persistent, to });
      },
      { deferredWhen: { persistent: false } },
    ),

    moduleFunction(
      'notificationsSend',
      [
        [
          'notifications',
          list(
            record({
              userId: uuid(),
              subject: subject(),
              content: object(),
              code: code(),
              senderId: maybeId(),
              persistent: optional(boolean()),
              to: optional(audience()),
            }),
          ),
        ],
        ['to', optional(audience())],
      ],
      (_call, requests, to) => {
        for (const request of requests) {
          checkPersistentCode('notificationsSend', request.code, request.persistent);
        }
        return notifications.sendMany(
          to ? requests.map((request) => ({ ...request, to: request.to ?? to })) : requests,
        );
      },
    ),

    moduleFunction(
      'notificationSendAll',
      [
        ['subject', subject()],
        ['content', object()],
        ['code', code()],
        ['persistent', optional(boolean())],
        ['to', optional(audience())],
      ],
      (_call, subject, content, code, persistent, to) => {
        checkPersistentCode('notificationSendAll', code, persistent);
        notifications.sendAll({ subject, content, code, persistent, to });
      },
      { deferredWhen: { persistent: false } },
    ),

    moduleFunction(
      'notificationsList',
      [
        ['userId', uuid()],
        ['limit', optional(integer({ min: 1, max: MAX_LIMIT }), { orNull: true })],
        ['cursor', optional(text(), { orNull: true })],
      ],
      async (_call, userId, limit = DEFAULT_LIMIT, cursor = '') => {
        const page = await notifications.list(userId, limit, cursor);
        return { notifications: page.notifications.map(listed), cursor: page.hasMore ? page.cursor : null };
      },
    ),

    moduleFunction(
      'notificationsGetId',
      [
        ['ids', list(uuid())],
        ['userId', maybeId()],
      ],
      async (_call, ids, userId) => (await notifications.find(ids, userId)).map(found),
    ),

    moduleFunction(
      'notificationsUpdate',
      [
        [
          'updates',
          list(
            record({
              id: uuid(),
              subject: optional(subject()),
              content: optional(object()),
              sender: optional(uuid()),
            }),
          ),
        ],
      ],
      (_call, updates) =>
        notifications.update(
          updates.map(({ id, subject, content, sender }) => ({
            id,
            subject,
            content: content && JSON.stringify(content),
            senderId: sender,
          })),
        ),
    ),

    moduleFunction(
      'notificationsDelete',
      [['notifications', list(record({ userId: uuid(), notificationId: uuid() }))]],
      (_call, pairs) => notifications.deletePairs(pairs.map(({ notificationId: id, userId }) => ({ id, userId }))),
    ),

    moduleFunction(
      'notificationsDeleteId',
      [
        ['ids', list(uuid())],
        ['userId', maybeId()],
      ],
      (_call, ids, userId) => notifications.delete(ids, userId),
    ),
  ];
}

function listed(stored: StoredNotification) {
  return {
    id: stored.id,
    subject: stored.subject,
    content: JSON.parse(stored.content),
    code: stored.code,
    senderId: stored.senderId === NIL_ID ? '' : stored.senderId,
    persistent: true,
    createTime: Number(stored.createTimeMicros / MICROS_PER_SECOND),
  };
}

/** With both names of the sender: the declarations say `senderId`, the reference gives `sender` here. */
function found(stored: StoredNotification) {
  const notification = listed(stored);
  return { ...notification, userId: stored.userId, sender: notification.senderId };
}

function checkPersistentCode(name: string, code: number, persistent: boolean | undefined): void {
  if (persistent && code > MAX_PERSISTENT_CODE) {
    throw new ArgumentError(`nk.${name}: the code of a persistent notification is at most ${MAX_PERSISTENT_CODE}`);
  }
}
