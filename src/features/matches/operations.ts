import type { ListMatchesRequest } from '../../protocol/gen/nakama/api/api_pb.js';
import { Nakama } from '../../protocol/gen/nakama/api/service_pb.js';
import { invalidArgument, Status, StatusError } from '../../protocol/status.ts';
import { QueryError } from '../../query/index.ts';
import { type OperationBinding, operation } from '../feature.ts';
import type { Matches } from './service.ts';

const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 100;

/** The HTTP operation: which matches run. */
export function matchOperations(matches: Matches): readonly OperationBinding[] {
  return [
    operation(Nakama.method.listMatches, (request) => {
      checkRequest(request);
      const { limit = DEFAULT_LIMIT, authoritative, label, minSize, maxSize, query } = request;
      try {
        return { matches: matches.list({ authoritative, label, minSize, maxSize, query }, limit) };
      } catch (error) {
        // The code that the reference answers; the fault is the caller's all the same.
        if (error instanceof QueryError) throw new StatusError(Status.INTERNAL, error.message);
        throw error;
      }
    }),
  ];
}

function checkRequest({ limit, authoritative, label, minSize, maxSize, query }: ListMatchesRequest): void {
  if (limit !== undefined && (limit < 1 || limit > MAX_LIMIT)) {
    throw invalidArgument(`limit must be from 1 to ${MAX_LIMIT}`);
  }
  if (authoritative === false && (label !== undefined || query !== undefined)) {
    throw invalidArgument('only authoritative matches are found by label or query');
  }
  if ((minSize ?? 0) < 0 || (maxSize ?? 0) < 0) throw invalidArgument('min_size and max_size are at least 0');
  if (minSize !== undefined && maxSize !== undefined && minSize > maxSize) {
    throw invalidArgument('min_size is at most max_size');
  }
}
