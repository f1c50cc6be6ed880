import { Operator as OperatorEnum } from '../../protocol/gen/nakama/api/api_pb.js';
import { Nakama } from '../../protocol/gen/nakama/api/service_pb.js';
import { canonicalId } from '../../protocol/ids.ts';
import { jsonObjectProblem } from '../../protocol/json-object.ts';
import { invalidArgument, Status, StatusError } from '../../protocol/status.ts';
import { callerOf, type OperationBinding, operation } from '../feature.ts';
import { Operator } from './board.ts';
import { recordListMessage, recordMessage } from './messages.ts';
import type { LeaderboardRecords } from './service.ts';

const LIST_LIMIT_MAX = 1_000;
const AROUND_LIMIT_MAX = 100;
const LIMIT_DEFAULT = 1;

/** `/v2/leaderboard/…`. */
export function leaderboardOperations(records: LeaderboardRecords): readonly OperationBinding[] {
  return [
    operation(Nakama.method.writeLeaderboardRecord, async ({ leaderboardId, record }, call) => {
      const { userId, username } = callerOf(call);
      if (!record) throw invalidArgument('a record is required');
      const { score, subscore } = record;
      const write = {
        ownerId: userId,
        username,
        score,
        subscore,
        metadata: metadataOf(record.metadata),
        operator: operatorOf(record.operator),
      };
      return recordMessage(await records.write(idOf(leaderboardId), write, 'player'));
    }),

    operation(Nakama.method.deleteLeaderboardRecord, async ({ leaderboardId }, call) => {
      await records.delete(idOf(leaderboardId), callerOf(call).userId, 'player');
      return {};
    }),

    operation(Nakama.method.listLeaderboardRecords, async (request) => {
      const { leaderboardId, ownerIds, limit, cursor, expiry } = request;
      // Who names owners and nothing else wants theirs only.
      const isPageWanted = ownerIds.length === 0 || cursor !== '';
      const list = await records.list(idOf(leaderboardId), {
        limit: limitOf(limit, LIST_LIMIT_MAX) ?? (isPageWanted ? LIMIT_DEFAULT : undefined),
        cursor,
        ownerIds: ownerIds.map(ownerOf),
        expirySec: Number(expiry ?? 0n),
      });
      return recordListMessage(list);
    }),

    operation(Nakama.method.listLeaderboardRecordsAroundOwner, async (request) => {
      const { leaderboardId, ownerId, limit, cursor, expiry } = request;
      const count = limitOf(limit, AROUND_LIMIT_MAX) ?? LIMIT_DEFAULT;
      const owner = ownerOf(ownerId);
      return recordListMessage(await records.around(idOf(leaderboardId), owner, count, cursor, Number(expiry ?? 0n)));
    }),
  ];
}

/** The path has one; a hook may have taken it. */
function idOf(leaderboardId: string): string {
  if (leaderboardId === '') throw invalidArgument('the id of a leaderboard is required');
  return leaderboardId;
}

function ownerOf(text: string): string {
  const id = canonicalId(text);
  if (id === undefined) throw invalidArgument('the id of an owner is none');
  return id;
}

function limitOf(limit: number | undefined, max: number): number | undefined {
  if (limit !== undefined && !(limit >= 1 && limit <= max)) throw invalidArgument(`limit must be from 1 to ${max}`);
  return limit;
}

function metadataOf(text: string): string | undefined {
  if (text === '') return undefined;
  const problem = jsonObjectProblem(text);
  if (problem) throw invalidArgument(`metadata ${problem}`);
  return text;
}

const operators = {
  [OperatorEnum.BEST]: Operator.BEST,
  [OperatorEnum.SET]: Operator.SET,
  [OperatorEnum.INCREMENT]: Operator.INCREMENT,
  [OperatorEnum.DECREMENT]: Operator.DECREMENT,
};

function operatorOf(operator: OperatorEnum): Operator | undefined {
  if (operator === OperatorEnum.NO_OVERRIDE) return undefined;
  const own = operators[operator];
  // As the reference has it.
  if (own === undefined) throw new StatusError(Status.INTERNAL, 'there is no such operator');
  return own;
}
