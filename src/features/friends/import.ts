import { sql } from 'kysely';
import type { Db } from '../../database/database.ts';
import { microsecondsFrom } from '../../database/microseconds.ts';
import { type Friend, FriendSchema } from '../../protocol/gen/nakama/api/api_pb.js';
import { isId } from '../../protocol/ids.ts';
import { invalidArgument } from '../../protocol/status.ts';
import { type ExportedData, exportedJson, exportedList } from '../user-data.ts';
import { addToEdgeCounts, findNeighbourIds, lockUsers } from './edge-queries.ts';
import { EdgeState } from './transitions.ts';

const NANOS_PER_MICRO = 1_000n;

/** What the other one's entry is when one's own is this; nobody is told of a block. */
const mirrored = new Map<number, number>([
  [EdgeState.FRIEND, EdgeState.FRIEND],
  [EdgeState.INVITE_SENT, EdgeState.INVITE_RECEIVED],
  [EdgeState.INVITE_RECEIVED, EdgeState.INVITE_SENT],
]);

interface ImportedEdge {
  readonly sourceId: string;
  readonly destinationId: string;
  readonly state: number;
  readonly metadata: string;
  readonly micros: bigint;
}

/**
 * Replaces a user's entries about others by those of an export, and theirs about the user to match. Others who are no
 * more are passed over, as are those who block the user.
 */
export async function importFriends(transaction: Db, userId: string, exported: ExportedData): Promise<void> {
  const friends = exportedList(exported, 'friends', FriendSchema);
  const otherIds = friends.map(({ user }, i) => {
    const id = user?.id ?? '';
    if (!isId(id) || id.toLowerCase() === userId)
      throw invalidArgument(`friends[${i}].user.id is no id of another user`);
    return id.toLowerCase();
  });
  const locked = await lockUsers(
    transaction,
    [userId, ...otherIds, ...(await findNeighbourIds(transaction, userId))],
    [],
  );
  const existing = new Set(locked.map(({ id }) => id));
  const gone = await deleteEdgesOf(transaction, userId);
  const blockers = new Set(await findNeighbourIds(transaction, userId));
  const edges = friends.flatMap((friend, i) => {
    const otherId = otherIds[i]!;
    return existing.has(otherId) && !blockers.has(otherId) ? edgesOf(userId, otherId, friend, i) : [];
  });
  await insertEdges(transaction, edges);
  const deltas = new Map<string, number>();
  for (const sourceId of gone) deltas.set(sourceId, (deltas.get(sourceId) ?? 0) - 1);
  for (const { sourceId } of edges) deltas.set(sourceId, (deltas.get(sourceId) ?? 0) + 1);
  if (deltas.size > 0) await addToEdgeCounts(transaction, deltas);
}

function edgesOf(userId: string, otherId: string, friend: Friend, index: number): ImportedEdge[] {
  const state = friend.state ?? EdgeState.FRIEND;
  const theirs = mirrored.get(state);
  if (theirs === undefined && state !== EdgeState.BLOCKED) throw invalidArgument(`friends[${index}].state is none`);
  const metadata = exportedJson(friend.metadata, `friends[${index}].metadata`);
  const micros = friend.updateTime ? microsecondsFrom(friend.updateTime) : 0n;
  const mine = { sourceId: userId, destinationId: otherId, state, metadata, micros };
  if (theirs === undefined) return [mine];
  return [mine, { sourceId: otherId, destinationId: userId, state: theirs, metadata: '{}', micros }];
}

/** Deletes a user's entries, and those about the user but blocks; gives the owner of each. */
async function deleteEdgesOf(transaction: Db, userId: string): Promise<string[]> {
  const rows = await transaction
    .deleteFrom('user_edge')
    .where((eb) =>
      eb.or([
        eb('source_id', '=', userId),
        eb.and([eb('destination_id', '=', userId), eb('state', '!=', EdgeState.BLOCKED)]),
      ]),
    )
    .returning('source_id')
    .execute();
  return rows.map(({ source_id }) => source_id);
}

/** Their places are after what their owners have, in the order given. */
async function insertEdges(transaction: Db, edges: readonly ImportedEdge[]): Promise<void> {
  const now = BigInt(Date.now()) * NANOS_PER_MICRO * NANOS_PER_MICRO;
  await sql`
    insert into user_edge (source_id, destination_id, state, position, metadata, update_time)
    select source_id, destination_id, state, position, metadata,
      timestamptz 'epoch' + micros * interval '1 microsecond'
    from unnest(${edges.map(({ sourceId }) => sourceId)}::uuid[],
      ${edges.map(({ destinationId }) => destinationId)}::uuid[], ${edges.map(({ state }) => state)}::int2[],
      ${edges.map((_, i) => now + BigInt(i))}::int8[], ${edges.map(({ metadata }) => metadata)}::jsonb[],
      ${edges.map(({ micros }) => micros)}::int8[])
      as given (source_id, destination_id, state, position, metadata, micros)`.execute(transaction);
}
