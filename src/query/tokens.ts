import { QueryError } from './query-error.ts';

export type TokenKind = 'text' | 'number' | 'phrase' | 'boost' | 'fuzziness' | '+' | '-' | ':' | '>' | '<' | '=';

export interface Token {
  readonly kind: TokenKind;
  /** With escapes undone, without quotes. */
  readonly text: string;
}

/** What a backslash makes ordinary; before anything else it stands for itself. */
const ESCAPABLE = '+-=&|><!(){}[]^"~*?:\\/ ';
const OPERATORS = '+-:><=';
/** What ends text and numbers; operators within them are part of them. */
const ENDS_TEXT = ' :^~';
const digit = /^\p{Nd}$/u;
const space = /^\s$/u;

/** Parts a query into its tokens. @throws QueryError for a quote that is not closed */
export function tokensOf(query: string): Token[] {
  return new Tokenizer(query).all();
}

class Tokenizer {
  readonly #characters: readonly string[];
  #at = 0;

  constructor(query: string) {
    this.#characters = [...query];
  }

  all(): Token[] {
    const tokens: Token[] = [];
    while (this.#at < this.#characters.length) {
      const token = this.#next();
      if (token) tokens.push(token);
    }
    return tokens;
  }

  #next(): Token | undefined {
    const first = this.#characters[this.#at]!;
    if (first === '"') return this.#phrase();
    if (first === '^') return this.#suffix('boost');
    if (first === '~') return this.#suffix('fuzziness');
    if (OPERATORS.includes(first)) {
      this.#at++;
      return { kind: first as TokenKind, text: first };
    }
    if (space.test(first)) {
      this.#at++;
      return undefined;
    }
    return this.#textOrNumber();
  }

  #phrase(): Token {
    this.#at++;
    const text = this.#until('"').text;
    if (this.#at >= this.#characters.length) throw new QueryError('a quote is not closed');
    this.#at++;
    return { kind: 'phrase', text };
  }

  /** A `^` or `~` takes everything up to the next space; nothing there means 1. */
  #suffix(kind: 'boost' | 'fuzziness'): Token {
    this.#at++;
    const { text } = this.#until(' ');
    return { kind, text: text === '' ? '1' : text };
  }

  /** Digits with at most one dot among them are a number, unless something in them is escaped. */
  #textOrNumber(): Token | undefined {
    const startsWithDigit = digit.test(this.#characters[this.#at]!);
    const { text, isEscaped } = this.#until(ENDS_TEXT);
    if (text === '') return undefined;
    const isNumber = startsWithDigit && !isEscaped && /^\p{Nd}+\.?\p{Nd}*$/u.test(text);
    return { kind: isNumber ? 'number' : 'text', text };
  }

  /** The text up to one of these characters, which is not taken, or to the end. */
  #until(ends: string): { text: string; isEscaped: boolean } {
    let text = '';
    let isEscaped = false;
    for (; this.#at < this.#characters.length; this.#at++) {
      const character = this.#characters[this.#at]!;
      if (ends.includes(character)) break;
      if (character !== '\\') text += character;
      else {
        isEscaped = true;
        const escaped = this.#characters[++this.#at];
        if (escaped !== undefined) text += ESCAPABLE.includes(escaped) ? escaped : `\\${escaped}`;
      }
    }
    return { text, isEscaped };
  }
}
