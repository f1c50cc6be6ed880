import { type Clause, clausesOf } from './clauses.ts';
import type { FieldValue, QueryDocument } from './document.ts';
import { QueryError } from './query-error.ts';

/** UTF-16 units of a query; longer ones are refused. */
const QUERY_MAX_UNITS = 8192;

/** What a match must have: one of these values in the field. */
export interface Requirement {
  readonly field: string;
  readonly values: readonly FieldValue[];
}

/** What a match must have: a number in the field that is between these, bounds included. */
export interface RangeRequirement {
  readonly field: string;
  readonly min: number;
  readonly max: number;
}

/** A query that was read: tells which documents it finds. */
export interface Query {
  /** False for what the query does not find. */
  matches(document: QueryDocument): boolean;
  /** How well a document fits: the boosts (1 unless `^` says otherwise) of what it fulfils; undefined for no match. */
  score(document: QueryDocument): number | undefined;
  /** What all matches have, so that an index need only look at some; a match may need more than this. */
  readonly requirements: readonly Requirement[];
  /** The same for numbers; one field may have several, each to be met by some value of it. */
  readonly ranges: readonly RangeRequirement[];
  /** No score is above this. */
  readonly maxScore: number;
}

/**
 * Reads a query: parts apart by spaces, each `field:value`, with `+` for what must and `-` for what must not hold. Of
 * parts with neither, at least one must hold where there is no `+`; beside a `+` they only raise the score. Values:
 *
 *     +label.mode:ranked       text as a whole, case counts; `\ ` for a space, or "in quotes"
 *     +label.open:T            booleans are T and F
 *     +label.level:>=10        >, >=, <, <= with a number, or with a moment: >"2025-01-31T12:00:00Z"
 *     +label.name:A*           * is anything, ? one character
 *     +label.name:/m.*|thief/  a regular expression (RE2) for the whole text
 *     +label.name:arn~1        at most one (or two) characters differ
 *     region:eu^5              weighs five times in the score
 *
 * `''` and `*` find everything. A list is found by each of its elements. Text that looks like a time (`2025-01-31`, with
 * or without a time of day) is found as a moment, in quotes and by `*` alone.
 * @throws QueryError; PatternError where only a regular expression or a fuzziness is wrong
 */
export function parseQuery(text: string): Query {
  if (text === '' || text === '*') return everything;
  if (text.length > QUERY_MAX_UNITS) throw new QueryError(`a query may have ${QUERY_MAX_UNITS} characters`);
  return new ClauseQuery(clausesOf(text));
}

const everything: Query = { matches: () => true, score: () => 1, requirements: [], ranges: [], maxScore: 1 };

/** The query that finds nothing. */
export const nothing: Query = {
  matches: () => false,
  score: () => undefined,
  requirements: [],
  ranges: [],
  maxScore: 0,
};

class ClauseQuery implements Query {
  readonly requirements: readonly Requirement[];
  readonly ranges: readonly RangeRequirement[];
  readonly maxScore: number;
  readonly #must: readonly Clause[];
  readonly #mustNot: readonly Clause[];
  readonly #should: readonly Clause[];
  /** A match may fulfil none of the optional clauses. */
  readonly #needsNone: boolean;
  /** What every match has, before optional clauses. */
  readonly #baseScore: number;

  constructor(clauses: readonly Clause[]) {
    this.#must = clauses.filter(({ occurs }) => occurs === 'must');
    this.#mustNot = clauses.filter(({ occurs }) => occurs === 'mustNot');
    this.#should = clauses.filter(({ occurs }) => occurs === 'should');
    this.requirements = this.#must.flatMap(({ field, values }) => (values ? [{ field, values }] : []));
    this.ranges = this.#must.flatMap(({ field, range }) => (range ? [{ field, ...range }] : []));
    this.#needsNone = this.#must.length > 0 || this.#should.length === 0;
    this.#baseScore = clauses.length === this.#mustNot.length ? 1 : sumOf(this.#must);
    this.maxScore = this.#baseScore + sumOf(this.#should.filter(({ boost }) => boost > 0));
  }

  matches(document: QueryDocument): boolean {
    if (!this.#isAllowed(document)) return false;
    return this.#needsNone || this.#should.some((clause) => holds(clause, document));
  }

  score(document: QueryDocument): number | undefined {
    if (!this.#isAllowed(document)) return undefined;
    let score = this.#baseScore;
    let isFound = this.#needsNone;
    for (const clause of this.#should) {
      if (!holds(clause, document)) continue;
      score += clause.boost;
      isFound = true;
    }
    return isFound ? score : undefined;
  }

  /** By the clauses that are not optional. */
  #isAllowed(document: QueryDocument): boolean {
    for (const clause of this.#must) if (!holds(clause, document)) return false;
    for (const clause of this.#mustNot) if (holds(clause, document)) return false;
    return true;
  }
}

function holds(clause: Clause, document: QueryDocument): boolean {
  const values = document.get(clause.field);
  if (values === undefined) return false;
  return typeof values === 'object' ? values.some(clause.holds) : clause.holds(values);
}

function sumOf(clauses: readonly Clause[]): number {
  return clauses.reduce((sum, { boost }) => sum + boost, 0);
}
