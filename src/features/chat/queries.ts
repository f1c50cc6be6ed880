import { sql } from 'kysely';
import type { Db } from '../../database/database.ts';
import { microsecondsOf, timestampOf } from '../../database/microseconds.ts';
import { NIL_ID } from '../../protocol/ids.ts';
import type { Stream } from '../../realtime/stream.ts';
import type { HistoryCursor } from './cursor.ts';

const BLOCKED = 3;
/** Superadmin, admin and member; a request to join is 3 and a ban 4. */
const LOWEST_MEMBER_STATE = 2;

/** A message as it is stored. */
export interface StoredMessage {
  readonly id: string;
  readonly code: number;
  /** The nil id for none. */
  readonly senderId: string;
  readonly username: string;
  /** The text of a JSON object. */
  readonly content: string;
  readonly createTimeMicros: bigint;
  readonly updateTimeMicros: bigint;
}

/** A message to store, with its channel. */
export interface NewMessage extends StoredMessage {
  readonly stream: Stream;
}

/** Stores messages, all or none, in one statement. */
export async function insertMessages(db: Db, messages: readonly NewMessage[]): Promise<void> {
  const rows = messages.map(({ stream, ...message }) => ({
    id: message.id,
    code: message.code,
    sender_id: message.senderId,
    username: message.username,
    mode: stream.mode,
    subject: stream.subject || NIL_ID,
    descriptor: stream.subcontext || NIL_ID,
    label: stream.label,
    content: message.content,
    created: Number(message.createTimeMicros),
    updated: Number(message.updateTimeMicros),
  }));
  await sql`
    INSERT INTO message (id, code, sender_id, username, stream_mode, stream_subject, stream_descriptor, stream_label,
      content, create_time, update_time)
    SELECT r.id, r.code, r.sender_id, r.username, r.mode, r.subject, r.descriptor, r.label, r.content::jsonb,
      timestamptz 'epoch' + r.created * interval '1 microsecond',
      timestamptz 'epoch' + r.updated * interval '1 microsecond'
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r
      (id uuid, code int2, sender_id uuid, username text, mode int2, subject uuid, descriptor uuid, label text,
       content text, created int8, updated int8)`.execute(db);
}

/** Changes a sender's message; undefined when the sender has none with this id. */
export async function updateMessage(
  db: Db,
  message: Pick<StoredMessage, 'id' | 'senderId' | 'username' | 'content' | 'updateTimeMicros'>,
): Promise<{ createTimeMicros: bigint } | undefined> {
  return db
    .updateTable('message')
    .set({
      update_time: timestampOf(message.updateTimeMicros),
      username: message.username,
      content: sql<string>`${message.content}::text::jsonb`,
    })
    .where('id', '=', message.id)
    .where('sender_id', '=', message.senderId)
    .returning((eb) => microsecondsOf(eb.ref('create_time')).as('createTimeMicros'))
    .executeTakeFirst();
}

/** Removes a sender's message; undefined when the sender has none with this id. */
export async function deleteMessage(
  db: Db,
  id: string,
  senderId: string,
): Promise<{ createTimeMicros: bigint; updateTimeMicros: bigint } | undefined> {
  return db
    .deleteFrom('message')
    .where('id', '=', id)
    .where('sender_id', '=', senderId)
    .returning((eb) => [
      microsecondsOf(eb.ref('create_time')).as('createTimeMicros'),
      microsecondsOf(eb.ref('update_time')).as('updateTimeMicros'),
    ])
    .executeTakeFirst();
}

/** Up to `limit` messages of a channel by time and id: from the start of the order, or from a cursor on its way. */
export function listMessages(
  db: Db,
  stream: Stream,
  order: 'asc' | 'desc',
  from: HistoryCursor | null,
  limit: number,
): Promise<StoredMessage[]> {
  let query = db
    .selectFrom('message')
    .select((eb) => [
      'id',
      'code',
      'sender_id as senderId',
      'username',
      'content',
      microsecondsOf(eb.ref('create_time')).as('createTimeMicros'),
      microsecondsOf(eb.ref('update_time')).as('updateTimeMicros'),
    ])
    .where('stream_mode', '=', stream.mode)
    .where('stream_subject', '=', stream.subject || NIL_ID)
    .where('stream_descriptor', '=', stream.subcontext || NIL_ID)
    .where('stream_label', '=', stream.label);
  if (from) {
    const place = sql`(${timestampOf(from.createTimeMicros)}, ${from.id}::uuid)`;
    query = query.where(
      order === 'asc' ? sql<boolean>`(create_time, id) > ${place}` : sql<boolean>`(create_time, id) < ${place}`,
    );
  }
  return query.orderBy('create_time', order).orderBy('id', order).limit(limit).execute();
}

/** Up to `limit` messages of a sender, in whatever channel, by id from after one on. */
export async function listMessagesBy(
  db: Db,
  senderId: string,
  afterId: string | null,
  limit: number,
): Promise<NewMessage[]> {
  let query = db
    .selectFrom('message')
    .select((eb) => [
      'id',
      'code',
      'sender_id as senderId',
      'username',
      'content',
      'stream_mode as mode',
      'stream_subject as subject',
      'stream_descriptor as subcontext',
      'stream_label as label',
      microsecondsOf(eb.ref('create_time')).as('createTimeMicros'),
      microsecondsOf(eb.ref('update_time')).as('updateTimeMicros'),
    ])
    .where('sender_id', '=', senderId);
  if (afterId !== null) query = query.where('id', '>', afterId);
  const rows = await query.orderBy('id').limit(limit).execute();
  return rows.map(({ mode, subject, subcontext, label, ...message }) => ({
    ...message,
    stream: {
      mode,
      subject: subject === NIL_ID ? '' : subject,
      subcontext: subcontext === NIL_ID ? '' : subcontext,
      label,
    },
  }));
}

/** True when the user exists and has not blocked the other one. */
export async function mayBeWrittenTo(db: Db, userId: string, byUserId: string): Promise<boolean> {
  const found = await db
    .selectFrom('users')
    .select('id')
    .where('id', '=', userId)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('user_edge')
            .select('state')
            .where('source_id', '=', userId)
            .where('destination_id', '=', byUserId)
            .where('state', '=', BLOCKED),
        ),
      ),
    )
    .executeTakeFirst();
  return found !== undefined;
}

/** True when the user is a member of the group, in whatever role. */
export async function isGroupMember(db: Db, groupId: string, userId: string): Promise<boolean> {
  const found = await db
    .selectFrom('group_edge')
    .select('state')
    .where('source_id', '=', groupId)
    .where('destination_id', '=', userId)
    .where('state', '<=', LOWEST_MEMBER_STATE)
    .executeTakeFirst();
  return found !== undefined;
}
