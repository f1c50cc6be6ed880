import { DatabaseLostError, isUnstorable } from '../database/database.ts';
import { Status, StatusError } from '../protocol/status.ts';

/**
 * What a client is told of a failure of the database that no feature has given a meaning; undefined for one that is
 * not the client's business. The database's own texts, which have SQL in them, are not for clients.
 */
export function databaseFailure(error: unknown): StatusError | undefined {
  if (isUnstorable(error)) {
    return new StatusError(Status.INVALID_ARGUMENT, 'the request holds something that cannot be stored');
  }
  if (error instanceof DatabaseLostError) {
    return new StatusError(Status.UNAVAILABLE, 'the database does not answer at the moment; try again');
  }
  return undefined;
}
