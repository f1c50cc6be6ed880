import { Nakama } from '../../protocol/gen/nakama/api/service_pb.js';
import { invalidArgument } from '../../protocol/status.ts';
import { type OperationBinding, operation } from '../feature.ts';
import { DEFAULT_LIST_LIMIT, MAX_LIST_LIMIT, type PartyDirectory } from './directory.ts';

/** The HTTP operation: which parties can be found. */
export function partyOperations(directory: PartyDirectory): readonly OperationBinding[] {
  return [
    operation(Nakama.method.listParties, ({ limit = DEFAULT_LIST_LIMIT, open, query = '', cursor = '' }) => {
      if (limit < 1 || limit > MAX_LIST_LIMIT) throw invalidArgument(`the limit must be from 1 to ${MAX_LIST_LIMIT}`);
      return directory.list({ query, open, limit }, cursor);
    }),
  ];
}
