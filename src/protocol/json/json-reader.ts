import { MalformedError } from '../malformed-error.ts';

/** How deep objects and lists may nest in values that nobody reads. The reference's limit. */
const maxDepth = 10_000;

const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const LETTER_N = 0x6e;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const literals = ['true', 'false', 'null'] as const;

/** What kind of value comes next. */
type JsonKind = 'string' | 'number' | 'object' | 'list' | 'null' | 'true' | 'false';

/**
 * Reads JSON text value by value, so that a message is built in one pass and the text itself is seen: repeated
 * names, the exact digits of a number, what follows the first value. `JSON.parse` hides all three.
 *
 * Texts without escapes are slices of the whole text and keep it in memory as long as they live.
 */
export class JsonReader {
  readonly text: string;
  /** Whether fields that a message does not have are skipped; otherwise they are an error. */
  readonly ignoresUnknown: boolean;
  #position = 0;

  constructor(text: string, ignoresUnknown: boolean) {
    this.text = text;
    this.ignoresUnknown = ignoresUnknown;
  }

  /** An error that says where it is. */
  fail(reason: string): MalformedError {
    return new MalformedError(`${reason} at offset ${this.#position}`);
  }

  /** Whether nothing but white space is left. */
  atEnd(): boolean {
    this.#skipSpace();
    return this.#position === this.text.length;
  }

  /** The kind of the next value, which stays unread. */
  peekKind(): JsonKind {
    this.#skipSpace();
    const code = this.text.charCodeAt(this.#position);
    if (code === QUOTE) return 'string';
    if (code === MINUS || (code >= ZERO && code <= NINE)) return 'number';
    if (code === OPEN_BRACE) return 'object';
    if (code === OPEN_BRACKET) return 'list';
    for (const literal of literals) {
      if (this.text.startsWith(literal, this.#position)) return literal;
    }
    throw this.fail(Number.isNaN(code) ? 'JSON ends too early' : 'not JSON');
  }

  /** Reads a `null` if one comes next. */
  takeNull(): boolean {
    this.#skipSpace();
    if (this.text.charCodeAt(this.#position) !== LETTER_N) return false;
    this.#takeLiteral('null');
    return true;
  }

  /** Enters an object: true when it has a first member, whose name comes next; false when it is empty, and over. */
  enterObject(): boolean {
    return this.#enter(OPEN_BRACE, CLOSE_BRACE, 'an object was expected');
  }

  /** After a member's value: true when another name comes next, false when the object is over. */
  nextMember(): boolean {
    return this.#next(CLOSE_BRACE);
  }

  /** Enters a list: true when it has a first element, false when it is empty, and over. */
  enterList(): boolean {
    return this.#enter(OPEN_BRACKET, CLOSE_BRACKET, 'a list was expected');
  }

  /** After an element: true when another comes next, false when the list is over. */
  nextElement(): boolean {
    return this.#next(CLOSE_BRACKET);
  }

  /** The name of a member, with its colon. */
  readName(): string {
    const name = this.readString();
    this.#skipSpace();
    if (this.text.charCodeAt(this.#position) !== COLON) throw this.fail('a colon was expected');
    this.#position++;
    return name;
  }

  readString(): string {
    const { text } = this;
    this.#skipSpace();
    if (text.charCodeAt(this.#position) !== QUOTE) throw this.fail('a string was expected');
    const start = this.#position + 1;
    for (let i = start; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === QUOTE) {
        this.#position = i + 1;
        return text.slice(start, i);
      }
      if (code === BACKSLASH) return this.#readEscapedString(start, i);
      if (code < SPACE) break;
    }
    throw this.fail('a string that is not closed');
  }

  readBoolean(): boolean {
    const kind = this.peekKind();
    if (kind !== 'true' && kind !== 'false') throw this.fail('true or false was expected');
    this.#takeLiteral(kind);
    return kind === 'true';
  }

  /** The text of a number, as it stands. */
  readNumber(): string {
    this.#skipSpace();
    numberPattern.lastIndex = this.#position;
    const match = numberPattern.exec(this.text);
    if (match === null) throw this.fail('a number was expected');
    this.#position = numberPattern.lastIndex;
    return match[0];
  }

  /** Reads over a value of any kind; it must be JSON all the same. */
  skipValue(): void {
    const closers: number[] = [];
    for (;;) {
      const opened = this.#skipScalarOrEnter(closers);
      if (opened) continue;
      while (closers.length > 0) {
        const closer = closers[closers.length - 1]!;
        if (this.#next(closer)) {
          if (closer === CLOSE_BRACE) this.readName();
          break;
        }
        closers.pop();
      }
      if (closers.length === 0) return;
    }
  }

  /** True when it went into an object or list that has something in it. */
  #skipScalarOrEnter(closers: number[]): boolean {
    switch (this.peekKind()) {
      case 'string':
        this.readString();
        return false;
      case 'number':
        this.readNumber();
        return false;
      case 'object':
        if (!this.enterObject()) return false;
        this.readName();
        closers.push(CLOSE_BRACE);
        break;
      case 'list':
        if (!this.enterList()) return false;
        closers.push(CLOSE_BRACKET);
        break;
      case 'null':
        this.#takeLiteral('null');
        return false;
      default:
        this.readBoolean();
        return false;
    }
    if (closers.length > maxDepth) throw this.fail('nested too deeply');
    return true;
  }

  #enter(open: number, close: number, otherwise: string): boolean {
    this.#skipSpace();
    if (this.text.charCodeAt(this.#position) !== open) throw this.fail(otherwise);
    this.#position++;
    this.#skipSpace();
    if (this.text.charCodeAt(this.#position) !== close) return true;
    this.#position++;
    return false;
  }

  #next(close: number): boolean {
    this.#skipSpace();
    const code = this.text.charCodeAt(this.#position);
    if (code !== COMMA && code !== close) throw this.fail('a comma or the end was expected');
    this.#position++;
    return code === COMMA;
  }

  #takeLiteral(literal: (typeof literals)[number]): void {
    if (!this.text.startsWith(literal, this.#position)) throw this.fail('not JSON');
    this.#position += literal.length;
  }

  /** The text between `start` and its closing quote; the first backslash is at `firstEscape`. */
  #readEscapedString(start: number, firstEscape: number): string {
    const { text } = this;
    let end = firstEscape;
    for (;;) {
      const code = text.charCodeAt(end);
      if (code === QUOTE) break;
      if (Number.isNaN(code)) throw this.fail('a string that is not closed');
      end += code === BACKSLASH ? 2 : 1;
    }
    const unescaped = unescapeJson(text.slice(start - 1, end + 1));
    if (unescaped === undefined) throw this.fail('a string with a bad escape or character');
    this.#position = end + 1;
    return unescaped;
  }

  #skipSpace(): void {
    const { text } = this;
    for (;;) {
      const code = text.charCodeAt(this.#position);
      if (code !== SPACE && code !== LINE_FEED && code !== TAB && code !== CARRIAGE_RETURN) return;
      this.#position++;
    }
  }
}

/** What a quoted string means; undefined when it is not JSON or holds half of a surrogate pair. */
function unescapeJson(quoted: string): string | undefined {
  try {
    const value = JSON.parse(quoted) as string;
    return value.isWellFormed() ? value : undefined;
  } catch {
    return undefined;
  }
}
