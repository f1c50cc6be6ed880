import {
  type Comparison,
  type Condition,
  comparesTo,
  comparesToInstant,
  fitsPattern,
  fitsWildcard,
  isLike,
  isNumber,
  isText,
  isWord,
} from './conditions.ts';
import type { FieldValue } from './document.ts';
import { QueryError } from './query-error.ts';
import { type Token, type TokenKind, tokensOf } from './tokens.ts';

/** A part of a query: a condition on a field, and how it counts. */
export interface Clause {
  readonly occurs: 'must' | 'mustNot' | 'should';
  /** '' for a word without a field, which finds nothing. */
  readonly field: string;
  readonly holds: Condition;
  /** The values of which a match has one, where the condition is that it has one of few. */
  readonly values?: readonly FieldValue[];
  /** The bounds of the numbers of which a match has one, where the condition is a range of numbers. */
  readonly range?: { readonly min: number; readonly max: number };
  /** What it adds to the score of a document that fulfils it. */
  readonly boost: number;
}

type FieldCondition = Pick<Clause, 'holds' | 'values' | 'range'>;

/** Reads a query's clauses. @throws QueryError */
export function clausesOf(query: string): Clause[] {
  return new ClauseReader(tokensOf(query)).all();
}

const occurrences = { '+': 'must', '-': 'mustNot' } as const;

class ClauseReader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  all(): Clause[] {
    const clauses: Clause[] = [];
    do clauses.push(this.#clause());
    while (this.#at < this.#tokens.length);
    return clauses;
  }

  #clause(): Clause {
    const sign = this.#take('+') ?? this.#take('-');
    const occurs = sign ? occurrences[sign.kind as '+' | '-'] : 'should';
    const { field, condition } = this.#fieldAndCondition();
    const boost = this.#take('boost');
    return { occurs, field, ...condition, boost: boost ? numberOf(boost.text) : 1 };
  }

  #fieldAndCondition(): { field: string; condition: FieldCondition } {
    const first = this.#expect('text', 'number', 'phrase');
    if (first.kind !== 'text' || !this.#take(':')) return { field: '', condition: this.#equality(first) };
    const comparison = this.#comparison();
    return { field: first.text, condition: comparison ? this.#range(comparison) : this.#value() };
  }

  #comparison(): Comparison | undefined {
    const sign = this.#take('>') ?? this.#take('<');
    if (!sign) return undefined;
    return `${sign.kind as '>' | '<'}${this.#take('=') ? '=' : ''}`;
  }

  #range(comparison: Comparison): FieldCondition {
    const isNegative = this.#take('-') !== undefined;
    const bound = isNegative ? this.#expect('number') : this.#expect('number', 'phrase');
    if (bound.kind === 'phrase') return { holds: comparesToInstant(comparison, bound.text) };
    const number = numberOf(isNegative ? `-${bound.text}` : bound.text);
    const range = comparison.startsWith('>')
      ? { min: number, max: Number.POSITIVE_INFINITY }
      : { min: Number.NEGATIVE_INFINITY, max: number };
    return { holds: comparesTo(comparison, number), range };
  }

  #value(): FieldCondition {
    if (!this.#take('-')) return this.#equality(this.#expect('text', 'number', 'phrase'));
    const { text } = this.#expect('number');
    return this.#equality({ kind: 'number', text: `-${text}` });
  }

  #equality({ kind, text }: Token): FieldCondition {
    if (kind === 'phrase') return { holds: isText(text), values: [text] };
    if (kind === 'number') {
      const number = numberOf(text);
      return { holds: isNumber(text, number), values: [text, number] };
    }
    const fuzziness = this.#take('fuzziness');
    if (fuzziness) return { holds: isLike(text, Math.trunc(numberOf(fuzziness.text))) };
    if (text.length > 1 && text.startsWith('/') && text.endsWith('/')) return { holds: fitsPattern(text.slice(1, -1)) };
    return /[*?]/.test(text) ? { holds: fitsWildcard(text) } : { holds: isWord(text), values: [text] };
  }

  #take(kind: TokenKind): Token | undefined {
    const token = this.#tokens[this.#at];
    if (token?.kind !== kind) return undefined;
    this.#at++;
    return token;
  }

  #expect(...kinds: readonly TokenKind[]): Token {
    for (const kind of kinds) {
      const token = this.#take(kind);
      if (token) return token;
    }
    const token = this.#tokens[this.#at];
    throw new QueryError(token ? `"${token.text}" is not expected here` : 'the query ends where something is expected');
  }
}

function numberOf(text: string): number {
  const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(number)) throw new QueryError(`"${text}" is no number`);
  return number;
}
