// Codes are PostgreSQL's SQLSTATEs (manual, appendix A); both dialects report errors by pg's own DatabaseError.
const UNIQUE_VIOLATION = '23505';
const FOREIGN_KEY_VIOLATION = '23503';
const CHECK_VIOLATION = '23514';
const UNDEFINED_TABLE = '42P01';
const INSUFFICIENT_PRIVILEGE = '42501';
const FEATURE_NOT_SUPPORTED = '0A000';
/** A number, a point in time. */
const OUT_OF_RANGE = new Set(['22003', '22008', '22007']);
/**
 * U+0000 in JSON and in text, a lone surrogate in JSON or no UUID, a text too long for its column or for an index, JSON
 * too deep.
 */
const UNSTORABLE = new Set(['22P05', '22021', '22P02', '22001', '54000', '54001']);
/**
 * No connection, a server that stops or starts, too many connections. 08P01 is no loss: it answers a statement that has
 * more parameters than the protocol can count.
 */
const LOST = /^(08(?!P01)...|57P0[1-5]|53300)$/;
const lostCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
/** What `pg` says without a code. */
const LOST_TEXT =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|timeout exceeded)/;
const RETRYABLE = new Set(['40001', '40P01']);

/**
 * The database cannot be opened or is not what it should be. The message is one line for the person who starts the
 * server: what is wrong with which database, and what to do.
 */
export class DatabaseError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DatabaseError';
  }
}

/**
 * The database went away while a statement was under way, which may have been done or not; or it could not be asked at
 * all. Asking again later may well succeed.
 */
export class DatabaseLostError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DatabaseLostError';
  }
}

/** A statement was ended, or not even begun, because its caller's time was over. */
export class StatementTooLongError extends Error {
  constructor(options?: ErrorOptions) {
    super('the statement was ended: it took longer than its caller may wait', options);
    this.name = 'StatementTooLongError';
  }
}

/** A row with the same key is there already; with `constraint`, only that constraint (e.g. `users_username_key`). */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  return isViolation(error, UNIQUE_VIOLATION, constraint);
}

/** A row that this one refers to is not there; with `constraint`, only that one (e.g. `storage_user_id_fkey`). */
export function isForeignKeyViolation(error: unknown, constraint?: string): boolean {
  return isViolation(error, FOREIGN_KEY_VIOLATION, constraint);
}

/** A CHECK failed; with `constraint`, only that one (e.g. `groups_check`). */
export function isCheckViolation(error: unknown, constraint?: string): boolean {
  return isViolation(error, CHECK_VIOLATION, constraint);
}

/** A value that came with the request is one that the database cannot hold; the message is not for clients. */
export function isUnstorable(error: unknown): boolean {
  return UNSTORABLE.has(sqlStateOf(error) ?? '') || isOutOfRange(error);
}

/** As {@link isUnstorable}: a number or a point in time that is too large or too small. */
export function isOutOfRange(error: unknown): boolean {
  return OUT_OF_RANGE.has(sqlStateOf(error) ?? '');
}

/** The same transaction may well pass when run again: it lost against another, or a table changed under it. */
export function isRetryable(error: unknown): boolean {
  return RETRYABLE.has(sqlStateOf(error) ?? '') || isStalePlan(error);
}

/** A prepared statement gives other columns than when it was prepared: a table has been changed meanwhile. */
export function isStalePlan(error: unknown): boolean {
  return sqlStateOf(error) === FEATURE_NOT_SUPPORTED && /cached plan/.test((error as Error).message);
}

/** As a client of `pg` reports the loss of its connection, or that it got none: then as {@link DatabaseLostError}. */
export function lostOr(error: unknown): unknown {
  if (error instanceof DatabaseLostError || !isConnectionFailure(error)) return error;
  return new DatabaseLostError('the connection to the database was lost', { cause: error });
}

function isConnectionFailure(error: unknown): boolean {
  const state = sqlStateOf(error);
  if (state !== undefined && LOST.test(state)) return true;
  const { code, message } = error as { code?: unknown; message?: unknown };
  return (typeof code === 'string' && lostCodes.has(code)) || (typeof message === 'string' && LOST_TEXT.test(message));
}

/** The database's user lacks a right. */
export function isForbidden(error: unknown): boolean {
  return sqlStateOf(error) === INSUFFICIENT_PRIVILEGE;
}

export function isUndefinedTable(error: unknown): boolean {
  return sqlStateOf(error) === UNDEFINED_TABLE;
}

/** The SQLSTATE that the database gave, or undefined when the error is not the database's. */
export function sqlStateOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  // The operating system's codes may be as long (EPIPE); no SQLSTATE begins with an E.
  return typeof code === 'string' && /^[0-9A-DF-Z][0-9A-Z]{4}$/.test(code) ? code : undefined;
}

function isViolation(error: unknown, state: string, constraint: string | undefined): boolean {
  if (sqlStateOf(error) !== state) return false;
  return constraint === undefined || (error as { constraint?: unknown }).constraint === constraint;
}
