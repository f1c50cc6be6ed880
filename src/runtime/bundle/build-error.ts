import { codeFrame } from './code-frame.ts';

/** One thing that keeps modules from being built, where it stands in the author's files. */
export interface BuildProblem {
  /** Relative to the modules folder, with `/`; absent when the problem has no place. */
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** From 1, in UTF-16 units as editors count. */
  readonly column?: number;
  /** One line: what is wrong. */
  readonly text: string;
  /** What to do about it. */
  readonly hint?: string;
  /** The line with its neighbours and a caret; without colours. */
  readonly frame?: string;
}

/** The folder cannot be loaded as it stands. The message is one line that says what to do. */
export class ModuleFolderError extends Error {
  override readonly name = 'ModuleFolderError';
}

/** The modules were found but cannot be bundled. The message holds every problem with its code frame. */
export class ModuleBuildError extends Error {
  override readonly name = 'ModuleBuildError';
  readonly problems: readonly BuildProblem[];

  constructor(problems: readonly BuildProblem[]) {
    super(problems.map(problemText).join('\n\n'));
    this.problems = problems;
  }
}

/** `file:line:column: text`, the frame and the hint below it. */
export function problemText(problem: BuildProblem): string {
  const place = placeText(problem);
  const lines = [place ? `${place}: ${problem.text}` : problem.text];
  if (problem.frame) lines.push(problem.frame);
  if (problem.hint) lines.push(problem.hint);
  return lines.join('\n');
}

/** A problem at a place of a file whose text is known, with its frame. */
export function problemAt(
  place: { readonly file: string; readonly line: number; readonly column: number; readonly length?: number },
  source: string,
  text: string,
  hint?: string,
): BuildProblem {
  const { file, line, column, length } = place;
  const frame = codeFrame(source, { line, column, ...(length === undefined ? {} : { length }) });
  return { file, line, column, text, frame, ...(hint === undefined ? {} : { hint }) };
}

function placeText(problem: BuildProblem): string {
  if (problem.file === undefined) return '';
  if (problem.line === undefined) return problem.file;
  return `${problem.file}:${problem.line}:${problem.column ?? 1}`;
}
