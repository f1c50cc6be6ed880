import type { RE2JS } from 're2js';
import { lazyPackage } from '../lazy-package.ts';
import type { FieldValue } from './document.ts';
import { instantOf } from './instants.ts';
import { PatternError, QueryError } from './query-error.ts';
import { isWithinEdits } from './similarity.ts';

const re2 = lazyPackage<typeof import('re2js')>('re2js');

/** Whether a field's value is one that is asked for. */
export type Condition = (value: FieldValue) => boolean;

export type Comparison = '>' | '>=' | '<' | '<=';

/** Steps of the matching automaton that a pattern may have; RE2 bounds what a step costs. */
const PATTERN_MAX_INSTRUCTIONS = 10_000;
/** Values, and their length in UTF-16 units, for which a condition keeps its answers. */
const MAX_REMEMBERED = 16;
const MAX_REMEMBERED_UNITS = 64;
/** Edits that a fuzzy term may ask for. */
const MAX_EDITS = 2;

export function isText(text: string): Condition {
  return (value) => value === text;
}

/** As {@link isText}, but text that is a time is one to queries, and no text any more. */
export function isWord(text: string): Condition {
  return instantOf(text) === undefined ? isText(text) : () => false;
}

/** A number is found as one and as text that is spelled like it. */
export function isNumber(text: string, number: number): Condition {
  return (value) => value === number || value === text;
}

export function comparesTo(comparison: Comparison, bound: number): Condition {
  const holds = comparer(comparison, bound);
  return (value) => typeof value === 'number' && holds(value);
}

/** @throws QueryError unless the bound is a moment with a time zone (RFC 3339) */
export function comparesToInstant(comparison: Comparison, bound: string): Condition {
  const instantMs =
    /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d/.test(bound) && /(?:[Zz]|[+-]\d\d:\d\d)$/.test(bound)
      ? instantOf(bound)
      : undefined;
  if (instantMs === undefined) throw new QueryError(`"${bound}" is no time such as 2025-01-31T12:00:00Z`);
  const holds = comparer(comparison, instantMs);
  return (value) => {
    if (typeof value !== 'string') return false;
    const ms = instantOf(value);
    return ms !== undefined && holds(ms);
  };
}

/** Text in which `*` stands for anything and `?` for one character. */
export function fitsWildcard(wildcard: string): Condition {
  if (/^\*+$/.test(wildcard)) return () => true;
  const pattern = [...wildcard]
    .map((part) => (part === '*' ? '.*' : part === '?' ? '.' : re2().RE2JS.quote(part)))
    .join('');
  const compiled = re2().RE2JS.compile(pattern, re2().RE2JS.DOTALL);
  return remembering((value) => isPlainText(value) && compiled.matches(value));
}

/**
 * Text that a regular expression matches as a whole. Patterns are those of RE2, which takes time in proportion to the
 * text whatever the pattern: JavaScript's own would let one query stop the server.
 * @throws PatternError
 */
export function fitsPattern(pattern: string): Condition {
  let compiled: RE2JS;
  try {
    compiled = re2().RE2JS.compile(pattern);
  } catch (error) {
    if (error instanceof re2().RE2JSException)
      throw new PatternError(`/${pattern}/ is no regular expression: ${error.message}`);
    throw error;
  }
  if (compiled.programSize() > PATTERN_MAX_INSTRUCTIONS) throw new PatternError(`/${pattern}/ is too large`);
  return remembering((value) => isPlainText(value) && compiled.matches(value));
}

/** Text that differs from another by at most so many changed, added or removed characters. @throws PatternError */
export function isLike(text: string, edits: number): Condition {
  if (edits < 0 || edits > MAX_EDITS) throw new PatternError(`~ takes 0 to ${MAX_EDITS}, not ${edits}`);
  return remembering((value) => isPlainText(value) && isWithinEdits(value, text, edits));
}

/**
 * Keeps the answers for a few values, for what takes long to tell: modes, maps and regions have few values that many
 * documents share.
 */
function remembering(condition: Condition): Condition {
  const answers = new Map<FieldValue, boolean>();
  return (value) => {
    let answer = answers.get(value);
    if (answer === undefined) {
      answer = condition(value);
      if (answers.size < MAX_REMEMBERED && String(value).length <= MAX_REMEMBERED_UNITS) answers.set(value, answer);
    }
    return answer;
  };
}

/** Text but for times. */
function isPlainText(value: FieldValue): value is string {
  return typeof value === 'string' && instantOf(value) === undefined;
}

function comparer(comparison: Comparison, bound: number): (value: number) => boolean {
  switch (comparison) {
    case '>':
      return (value) => value > bound;
    case '>=':
      return (value) => value >= bound;
    case '<':
      return (value) => value < bound;
    case '<=':
      return (value) => value <= bound;
  }
}
