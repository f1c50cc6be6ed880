import { sql } from 'kysely';
import type { Db } from '../../database/database.ts';
import { microsecondsOf, timestampOf } from '../../database/microseconds.ts';
import { inTransaction } from '../../database/transactions.ts';
import type { NotificationPlace } from './cursor.ts';
import type { Notification } from './notification.ts';

/** A notification as it is stored. */
export interface StoredNotification {
  readonly id: string;
  readonly userId: string;
  readonly subject: string;
  readonly content: string;
  readonly code: number;
  readonly senderId: string;
  readonly createTimeMicros: bigint;
}

/** What may be changed of a stored notification; what is left out stays. */
export interface NotificationChange {
  readonly id: string;
  readonly subject?: string | undefined;
  readonly content?: string | undefined;
  readonly senderId?: string | undefined;
}

/** A copy that {@link insertForUsersAfter} made. */
export interface StoredCopy {
  readonly id: string;
  readonly userId: string;
}

/** Stores notifications, all or none, in one statement. */
export async function insertNotifications(db: Db, notifications: readonly Notification[]): Promise<void> {
  const rows = notifications.map((n) => ({
    id: n.id,
    user_id: n.userId,
    subject: n.subject,
    content: n.content,
    code: n.code,
    sender_id: n.senderId,
    micros: Number(n.createTimeMicros),
    vars: varsText(n),
  }));
  await sql`
    INSERT INTO notification (id, user_id, subject, content, code, sender_id, create_time, nk_vars)
    SELECT r.id, r.user_id, r.subject, r.content::jsonb, r.code, r.sender_id,
      timestamptz 'epoch' + r.micros * interval '1 microsecond', r.vars::jsonb
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r
      (id uuid, user_id uuid, subject text, content text, code int2, sender_id uuid, micros int8, vars text)`.execute(
    db,
  );
}

/** Stores a copy of one notification, each with its own id, for up to `limit` users whose ids come after one. */
export async function insertForUsersAfter(
  db: Db,
  notification: Notification,
  afterUserId: string,
  limit: number,
): Promise<StoredCopy[]> {
  const { rows } = await sql<StoredCopy>`
    INSERT INTO notification (id, user_id, subject, content, code, sender_id, create_time, nk_vars)
    SELECT gen_random_uuid(), u.id, ${notification.subject}::text, ${notification.content}::text::jsonb,
      ${notification.code}::int2, ${notification.senderId}::uuid, ${timestampOf(notification.createTimeMicros)},
      ${varsText(notification)}::text::jsonb
    FROM users u WHERE u.id > ${afterUserId}::uuid ORDER BY u.id LIMIT ${limit}
    RETURNING id, user_id AS "userId"`.execute(db);
  return rows;
}

/**
 * A user's notifications, oldest first, from after a place on. With `varsOfSession` (an object of texts, `{}` for none)
 * only those that are for every session, or for one with such variables.
 */
export function listNotifications(
  db: Db,
  userId: string,
  after: NotificationPlace | null,
  limit: number,
  varsOfSession?: Readonly<Record<string, string>>,
): Promise<StoredNotification[]> {
  let query = selectStored(db).where('user_id', '=', userId);
  if (after) {
    const time = timestampOf(after.createTimeMicros);
    query = query.where(sql<boolean>`(create_time, id) > (${time}, ${after.id}::uuid)`);
  }
  if (varsOfSession) {
    const vars = JSON.stringify(varsOfSession);
    query = query.where(sql<boolean>`(nk_vars IS NULL OR nk_vars <@ ${vars}::text::jsonb)`);
  }
  return query.orderBy('create_time').orderBy('id').limit(limit).execute();
}

/** For which session variables those of a user's notifications are that are not for every session, by their ids. */
export async function findVars(db: Db, userId: string): Promise<ReadonlyMap<string, string>> {
  const rows = await db
    .selectFrom('notification')
    .select(['id', 'nk_vars'])
    .where('user_id', '=', userId)
    .where('nk_vars', 'is not', null)
    .execute();
  return new Map(rows.map((row) => [row.id, row.nk_vars!]));
}

/** The notifications with these ids that exist; of one receiver when given. */
export function findNotifications(db: Db, ids: readonly string[], userId?: string): Promise<StoredNotification[]> {
  let query = selectStored(db).where(isAmong(ids));
  if (userId !== undefined) query = query.where('user_id', '=', userId);
  return query.execute();
}

/** Deletes the notifications with these ids; of one receiver when given. */
export async function deleteNotifications(db: Db, ids: readonly string[], userId?: string): Promise<void> {
  let query = db.deleteFrom('notification').where(isAmong(ids));
  if (userId !== undefined) query = query.where('user_id', '=', userId);
  await query.execute();
}

/** Deletes those that belong to the user of their pair. */
export async function deletePairs(db: Db, pairs: readonly { id: string; userId: string }[]): Promise<void> {
  await sql`
    DELETE FROM notification n
    USING jsonb_to_recordset(${JSON.stringify(pairs)}::jsonb) AS r (id uuid, "userId" uuid)
    WHERE n.id = r.id AND n.user_id = r."userId"`.execute(db);
}

/** Changes stored notifications, all or none, as if one after the other in the order given: one statement. */
export async function updateNotifications(db: Db, changes: readonly NotificationChange[]): Promise<void> {
  const rows = JSON.stringify(mergedById(changes));
  await inTransaction(db, async (transaction) => {
    await sql`
      UPDATE notification n SET
        subject = coalesce(r.subject, n.subject),
        content = coalesce(r.content::jsonb, n.content),
        sender_id = coalesce(r."senderId", n.sender_id)
      FROM jsonb_to_recordset(${rows}::jsonb) AS r (id uuid, subject text, content text, "senderId" uuid)
      WHERE n.id = r.id`.execute(transaction);
  });
}

/** One change for each notification: a statement changes a row once. */
function mergedById(changes: readonly NotificationChange[]): NotificationChange[] {
  const merged = new Map<string, NotificationChange>();
  for (const change of changes) {
    const { subject, content, senderId } = merged.get(change.id) ?? change;
    merged.set(change.id, {
      id: change.id,
      subject: change.subject ?? subject,
      content: change.content ?? content,
      senderId: change.senderId ?? senderId,
    });
  }
  return [...merged.values()];
}

function selectStored(db: Db) {
  return db
    .selectFrom('notification')
    .select((eb) => [
      'id',
      'user_id as userId',
      'subject',
      'content',
      'code',
      'sender_id as senderId',
      microsecondsOf(eb.ref('create_time')).as('createTimeMicros'),
    ]);
}

function isAmong(ids: readonly string[]) {
  return sql<boolean>`id IN (SELECT value::uuid FROM jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))`;
}

function varsText({ to }: Notification): string | null {
  return to?.vars && Object.keys(to.vars).length > 0 ? JSON.stringify(to.vars) : null;
}
