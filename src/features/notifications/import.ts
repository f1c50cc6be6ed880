import { randomUUID } from 'node:crypto';
import type { Db } from '../../database/database.ts';
import { NotificationSchema } from '../../protocol/gen/nakama/api/api_pb.js';
import { isId, NIL_ID } from '../../protocol/ids.ts';
import { invalidArgument } from '../../protocol/status.ts';
import type { Audience } from '../../runtime/parameters.ts';
import { type ExportedData, exportedJson, exportedList, exportedTimes } from '../user-data.ts';
import { findNotifications, insertNotifications } from './queries.ts';

/** Replaces a user's notifications by those of an export. One whose id is taken elsewhere gets another. */
export async function importNotifications(transaction: Db, userId: string, exported: ExportedData): Promise<void> {
  const given = exportedList(exported, 'notifications', NotificationSchema);
  const times = exportedTimes(given.map(({ createTime }) => createTime));
  await transaction.deleteFrom('notification').where('user_id', '=', userId).execute();
  if (given.length === 0) return;
  const ids = given.map(({ id }) => id).filter(isId);
  const taken = new Set((await findNotifications(transaction, ids)).map(({ id }) => id));
  const notifications = given.map(({ id, subject, content, code, senderId }, i) => ({
    id: isId(id) && !taken.has(id.toLowerCase()) ? id : randomUUID(),
    userId,
    subject,
    content: exportedJson(content, `notifications[${i}].content`),
    code,
    senderId: isId(senderId) ? senderId : NIL_ID,
    createTimeMicros: times[i]!,
    persistent: true,
    to: exportedAudience(exported, i),
  }));
  await insertNotifications(transaction, notifications);
}

/** @throws StatusError INVALID_ARGUMENT */
function exportedAudience({ notifications }: ExportedData, i: number): Audience | undefined {
  const { nk_vars: vars } = (notifications as { nk_vars?: unknown }[])[i]!;
  if (vars === undefined) return undefined;
  const isObject = typeof vars === 'object' && vars !== null && !Array.isArray(vars);
  if (!isObject || !Object.values(vars).every((value) => typeof value === 'string')) {
    throw invalidArgument(`notifications[${i}].nk_vars must be an object of texts`);
  }
  return { vars: vars as Record<string, string> };
}
