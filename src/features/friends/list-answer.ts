import { sql } from 'kysely';
import type { Db } from '../../database/database.ts';
import { messageJsonSql } from '../../database/message-json.ts';
import { FriendSchema, UserSchema } from '../../protocol/gen/nakama/api/api_pb.js';
import { WireJson } from '../../protocol/json-codec.ts';
import { type OnlineCheck, userFieldValues } from '../accounts/index.ts';
import { encodeFriendPlace, type FriendPlace } from './cursor.ts';
import { pageOfEdges } from './list-queries.ts';
import type { EdgeState } from './transitions.ts';

/** A friend as clients see it: who is online the database does not know, and the user has no edge count there. */
const { edgeCount: _, ...userValues } = userFieldValues;
const friendJson = messageJsonSql(FriendSchema, {
  user: messageJsonSql(UserSchema, userValues),
  state: 'edge_state',
  updateTime: 'edge_update_time',
  metadata: 'edge_metadata::text',
});

/**
 * The answer to a client that lists its friends, written by the database: a hundred friends as rows cost 400 µs more,
 * most of it for objects and their collection, and PostgreSQL as much for either. See `FriendLists.friends`.
 * @param limit friends in the answer; when there are more, the cursor leads to the next
 */
export async function listFriendsAnswer(
  db: Db,
  userId: string,
  state: number | undefined,
  from: FriendPlace | undefined,
  limit: number,
  isOnline: OnlineCheck,
): Promise<WireJson> {
  const { rows } = await sql<{ friends: string | null; next_state: EdgeState | null; next_position: bigint | null }>`
    select
      string_agg(${sql.raw(friendJson)}, ',' order by edge_state, edge_position) filter (where place <= ${limit}) as friends,
      max(edge_state) filter (where place > ${limit}) as next_state,
      max(edge_position) filter (where place > ${limit}) as next_position
    from (
      select *, row_number() over (order by edge_state, edge_position) as place
      from (${pageOfEdges(userId, state, from, limit + 1)}) as edge
    ) as edge
    join users on users.id = edge.destination_id`.execute(db);
  const { friends = null, next_state = null, next_position = null } = rows[0] ?? {};
  if (friends === null) return new WireJson('{}');
  const cursor =
    next_state === null ? '' : `,"cursor":"${encodeFriendPlace({ state: next_state, position: next_position! })}"`;
  return new WireJson(`{"friends":[${withOnline(friends, isOnline)}]${cursor}}`);
}

/** What every friend's JSON begins with, and none holds elsewhere: within a text the quotation marks are escaped. */
const FRIEND_START = '{"user":{"id":"';
const ID_LENGTH = 36;
/** What follows `online` in a user; each has it. */
const AFTER_ONLINE = ',"create_time":"';

/** Marks the users who are online. */
function withOnline(friends: string, isOnline: OnlineCheck): string {
  let marked = '';
  let done = 0;
  for (let start = 0; start >= 0; start = friends.indexOf(FRIEND_START, start + ID_LENGTH)) {
    const idAt = start + FRIEND_START.length;
    if (!isOnline(friends.slice(idAt, idAt + ID_LENGTH))) continue;
    const at = friends.indexOf(AFTER_ONLINE, idAt);
    marked += `${friends.slice(done, at)},"online":true`;
    done = at;
  }
  return done === 0 ? friends : marked + friends.slice(done);
}
