/** A query that cannot be read; the message says why. */
export class QueryError extends Error {}

/** A query that can be read, but by whose regular expression or fuzziness nothing can be found. */
export class PatternError extends QueryError {}
