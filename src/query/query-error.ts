/** A query that cannot be read; the message says why. */
export class QueryError extends Error {}
