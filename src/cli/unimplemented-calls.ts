import { readFile } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { type BuildProblem, problemAt } from '../runtime/bundle/build-error.ts';

/**
 * Where modules first use nk functions that this server does not have, one place a function: the names after `nk.`, `nk.async.` and
 * `initializer.` in the text of the files. Comments are passed over.
 * @param files absolute
 * @param unimplemented names of the module API
 */
export async function findUnimplementedCalls(
  folder: string,
  files: readonly string[],
  unimplemented: readonly string[],
): Promise<BuildProblem[]> {
  if (unimplemented.length === 0) return [];
  const names = new Set(unimplemented);
  const found: BuildProblem[] = [];
  const seen = new Set<string>();
  for (const path of files) {
    const source = await readFile(path, 'utf8');
    const file = relative(folder, path).split(sep).join('/');
    for (const match of withoutComments(source).matchAll(/\b(nk|initializer)\s*\.\s*(?:async\s*\.\s*)?(\w+)/g)) {
      const name = match[2]!;
      if (!names.has(name) || seen.has(name)) continue;
      seen.add(name);
      const at = match.index + match[0].length - name.length;
      const before = source.slice(0, at).split('\n');
      const place = { file, line: before.length, column: before.at(-1)!.length + 1, length: name.length };
      found.push(problemAt(place, source, `${match[1]}.${name} is not implemented by this server: calling it throws`));
    }
  }
  return found;
}

/** Comments as spaces, so that positions stay. Strings are stepped over, since they may hold what looks like one. */
function withoutComments(source: string): string {
  const strings = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/.source;
  const comments = /\/\/[^\n]*|\/\*[\s\S]*?\*\//.source;
  return source.replaceAll(new RegExp(`${strings}|${comments}`, 'g'), (part) =>
    part.startsWith('/') ? part.replaceAll(/[^\n]/g, ' ') : part,
  );
}
