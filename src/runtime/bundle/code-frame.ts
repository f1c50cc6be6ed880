import { styleText } from 'node:util';

/** Where a frame points. */
export interface FramePosition {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  /** How many characters the caret underlines; 1 when absent. */
  readonly length?: number;
}

const contextLines = 3;
/** Minified packages have lines of megabytes: a frame shows a window of this many characters of each line. */
const widthLimit = 120;

/**
 * The line of a source text with three lines before and after it and a caret below the column:
 *
 *       4 | function greet(ctx) {
 *     > 5 |   return ctx.user.name;
 *         |                   ^
 *       6 | }
 *
 * Empty when the text has no such line.
 */
export function codeFrame(
  source: string,
  position: FramePosition,
  options: { readonly colour?: boolean } = {},
): string {
  const lines = source.split(/\r\n|\n|\r/);
  const target = lines[position.line - 1];
  if (target === undefined) return '';
  const paint = options.colour ? paintInColour : paintPlain;

  const first = Math.max(1, position.line - contextLines);
  const last = Math.min(lines.length, position.line + contextLines);
  const digits = String(last).length;
  const column = Math.min(Math.max(position.column, 1), target.length + 1);
  const start = windowStart(column);

  const out: string[] = [];
  for (let number = first; number <= last; number++) {
    const shown = visible(lines[number - 1]!.slice(start, start + widthLimit));
    const gutter = String(number).padStart(digits);
    if (number !== position.line) {
      out.push(paint('gray', `  ${gutter} | `) + shown);
      continue;
    }
    out.push(paint('red', '> ') + paint('gray', `${gutter} | `) + shown);
    const caret = '^'.repeat(caretLength(target, column, start, position.length ?? 1));
    out.push(paint('gray', `  ${' '.repeat(digits)} | `) + ' '.repeat(column - 1 - start) + paint('red', caret));
  }
  return out.map((line) => line.trimEnd()).join('\n');
}

/** The left edge, so long as the column is to be seen from there. */
function windowStart(column: number): number {
  return column < widthLimit ? 0 : column - 1 - Math.floor(widthLimit / 2);
}

function caretLength(line: string, column: number, start: number, length: number): number {
  const end = Math.min(line.length, start + widthLimit);
  return Math.max(1, Math.min(length, end - (column - 1)));
}

/** A tab is one column in a position: shown as one space, so that the caret stays below its character. */
function visible(line: string): string {
  return line.replaceAll('\t', ' ');
}

type Colour = 'gray' | 'red';

function paintPlain(_colour: Colour, text: string): string {
  return text;
}

function paintInColour(colour: Colour, text: string): string {
  return styleText(colour, text, { validateStream: false });
}
