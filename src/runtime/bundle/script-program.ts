/** One script of a program, compiled. */
export interface CompiledScript {
  readonly code: string;
  readonly sourceMapText: string;
  /** Its name in positions, relative to the modules folder. */
  readonly file: string;
}

/**
 * Joins scripts, in order, into one: what the TypeScript compiler does with `outFile`. The source map has a section
 * for each of them.
 */
export function joinScripts(
  scripts: readonly CompiledScript[],
  scope: { readonly before: string; readonly after: string },
): { code: string; sourceMapText: string } {
  let code = `${scope.before}\n`;
  let line = lineCount(code);
  const sections: { offset: { line: number; column: number }; map: unknown }[] = [];
  for (const script of scripts) {
    const map = JSON.parse(script.sourceMapText) as { sources: string[] };
    sections.push({ offset: { line, column: 0 }, map: { ...map, sources: [script.file] } });
    const text = script.code.endsWith('\n') ? script.code : `${script.code}\n`;
    code += text;
    line += lineCount(text);
  }
  return { code: code + scope.after, sourceMapText: JSON.stringify({ version: 3, sections }) };
}

function lineCount(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
