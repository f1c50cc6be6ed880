import type { Db } from '../../database/database.ts';
import { FriendSchema } from '../../protocol/gen/nakama/api/api_pb.js';
import { toWireJson } from '../../protocol/json-codec.ts';
import { wholeSeconds } from '../../protocol/times.ts';
import type { UserData } from '../user-data.ts';
import { addToEdgeCounts, findNeighbourIds, lockUsers } from './edge-queries.ts';
import { importFriends } from './import.ts';
import { listEdges } from './list-queries.ts';

/** Read by one statement. */
const PAGE_SIZE = 1_000;

/** A user's entries in an account's export, users by their ids alone. */
export const friendUserData = {
  importOf: importFriends,

  async exportOf(db: Db, userId: string) {
    const friends: unknown[] = [];
    let page = await listEdges(db, userId, undefined, PAGE_SIZE + 1);
    while (page.length > 0) {
      for (const edge of page.slice(0, PAGE_SIZE)) {
        friends.push(
          JSON.parse(
            toWireJson(FriendSchema, {
              user: { id: edge.destination_id },
              state: edge.edge_state,
              updateTime: wholeSeconds(edge.edge_update_time),
              metadata: edge.edge_metadata,
            }),
          ),
        );
      }
      const next = page[PAGE_SIZE];
      if (!next) break;
      page = await listEdges(db, userId, { state: next.edge_state, position: next.edge_position }, PAGE_SIZE + 1);
    }
    return friends.length > 0 ? { friends } : {};
  },

  /** The entries go with the account by themselves; those who had one about it have one less. */
  async deleteOf(transaction: Db, userId: string) {
    await lockUsers(transaction, [userId, ...(await findNeighbourIds(transaction, userId))], []);
    // Read again: what was made before the account was locked counts, and nothing is made after.
    const ownerIds = await findNeighbourIds(transaction, userId);
    if (ownerIds.length > 0) await addToEdgeCounts(transaction, new Map(ownerIds.map((id) => [id, -1])));
  },
} satisfies UserData;
