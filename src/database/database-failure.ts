import { Status, StatusError } from '../protocol/status.ts';
import {
  DatabaseLostError,
  isCheckViolation,
  isForeignKeyViolation,
  isOutOfRange,
  isRetryable,
  isUniqueViolation,
  isUnstorable,
  sqlStateOf,
} from './errors.ts';

/**
 * What clients and modules are told of a failure of the database that no feature has given a meaning; undefined for
 * an error that is not the database's. Its own texts, with SQL and the names of tables and constraints in them, are
 * for the log only.
 */
export function databaseFailure(error: unknown): StatusError | undefined {
  if (error instanceof DatabaseLostError) {
    return new StatusError(Status.UNAVAILABLE, 'the database does not answer at the moment; try again');
  }
  if (isOutOfRange(error)) {
    return new StatusError(Status.INVALID_ARGUMENT, 'the request holds a number or a time that is out of range');
  }
  if (isUnstorable(error)) {
    return new StatusError(Status.INVALID_ARGUMENT, 'the request holds something that cannot be stored');
  }
  if (isUniqueViolation(error)) {
    return new StatusError(Status.ALREADY_EXISTS, 'something that may be there only once is there already');
  }
  if (isForeignKeyViolation(error)) {
    return new StatusError(Status.NOT_FOUND, 'something that the request refers to does not exist');
  }
  if (isCheckViolation(error)) {
    return new StatusError(Status.FAILED_PRECONDITION, 'the request would break a rule of what is stored');
  }
  if (isRetryable(error)) {
    return new StatusError(Status.ABORTED, 'others changed the same at that moment; try again');
  }
  if (sqlStateOf(error) === undefined) return undefined;
  return new StatusError(Status.INTERNAL, 'the database failed to do this');
}
