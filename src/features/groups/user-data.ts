import { sql } from 'kysely';
import type { Db } from '../../database/database.ts';
import { GroupSchema } from '../../protocol/gen/nakama/api/api_pb.js';
import { toWireJson } from '../../protocol/json-codec.ts';
import type { GroupEvents } from '../chat/index.ts';
import type { UserData } from '../user-data.ts';
import { GroupState } from './group.ts';
import { type EdgePlace, listGroupsOf } from './member-queries.ts';
import { groupMessage } from './messages.ts';
import { changeEdgeCount, deleteGroups, lockGroups } from './queries.ts';

/** Read by one statement. */
const PAGE_SIZE = 1_000;

/**
 * A user's groups in an account's export, and what becomes of them with the account. What the user is in a group is its
 * `nk_state`, beside the fields of the client API.
 */
export const groupUserData = (events: Pick<GroupEvents, 'close'>) =>
  ({
    async exportOf(db: Db, userId: string) {
      const groups: unknown[] = [];
      let after: EdgePlace | undefined;
      for (;;) {
        const page = await listGroupsOf(db, userId, { state: undefined, after, limit: PAGE_SIZE });
        for (const row of page) {
          groups.push({ ...JSON.parse(toWireJson(GroupSchema, groupMessage(row))), nk_state: row.edge_state });
        }
        const last = page.at(-1);
        if (!last || page.length < PAGE_SIZE) return groups.length > 0 ? { groups } : {};
        after = { state: last.edge_state, position: last.position };
      }
    },

    /** The user leaves every group; those of which they are the only superadmin go with them, whoever is left in them. */
    async deleteOf(transaction: Db, userId: string, whenDone: (effect: () => void) => void) {
      await lockUser(transaction, userId);
      await deleteBans(transaction, userId);
      const edges = await transaction
        .selectFrom('group_edge')
        .select(['destination_id as groupId', 'state'])
        .where('source_id', '=', userId)
        .execute();
      if (edges.length === 0) return;
      const locked = new Set(
        await lockGroups(
          transaction,
          edges.map(({ groupId }) => groupId),
        ),
      );
      const owned = edges.filter((edge) => edge.state === GroupState.SUPERADMIN).map(({ groupId }) => groupId);
      const shared = new Set(await withOtherSuperadmin(transaction, owned, userId));
      const ending = owned.filter((groupId) => locked.has(groupId) && !shared.has(groupId));
      if (ending.length > 0) {
        await deleteGroups(transaction, ending);
        whenDone(() => {
          for (const groupId of ending) events.close(groupId);
        });
      }
      await deleteEdges(transaction, userId);
      const left = edges.filter(
        ({ groupId, state }) => state <= GroupState.MEMBER && locked.has(groupId) && !ending.includes(groupId),
      );
      if (left.length > 0) {
        await changeEdgeCount(
          transaction,
          left.map(({ groupId }) => groupId),
          -1,
        );
      }
    },
  }) satisfies UserData;

/** From here on nobody else brings the user into a group. */
async function lockUser(transaction: Db, userId: string): Promise<void> {
  await transaction.selectFrom('users').select('id').where('id', '=', userId).forUpdate().execute();
}

/** Those of the groups that have another superadmin. */
async function withOtherSuperadmin(db: Db, groupIds: readonly string[], userId: string): Promise<string[]> {
  if (groupIds.length === 0) return [];
  const rows = await db
    .selectFrom('group_edge')
    .innerJoin('users', 'users.id', 'group_edge.destination_id')
    .select('source_id')
    .distinct()
    .where('source_id', '=', sql<string>`any(${groupIds}::uuid[])`)
    .where('state', '=', GroupState.SUPERADMIN)
    .where('destination_id', '!=', userId)
    .execute();
  return rows.map(({ source_id }) => source_id);
}

async function deleteBans(transaction: Db, userId: string): Promise<void> {
  await transaction
    .deleteFrom('group_edge')
    .where('destination_id', '=', userId)
    // Not a parameter: the index is on bans alone.
    .where('state', '=', sql.lit(GroupState.BANNED))
    .execute();
}

async function deleteEdges(transaction: Db, userId: string): Promise<void> {
  await sql`
    delete from group_edge e using group_edge own
    where own.source_id = ${userId}::uuid and e.source_id = own.destination_id
      and e.destination_id = own.source_id`.execute(transaction);
  await transaction.deleteFrom('group_edge').where('source_id', '=', userId).execute();
}
