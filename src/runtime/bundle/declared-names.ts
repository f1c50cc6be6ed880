import { constants, createContext, Script } from 'node:vm';
import { ModuleBuildError } from './build-error.ts';

/**
 * The names that a script's top-level `var`s and functions declare. V8 itself is asked: it declares them before a
 * script's first statement, which is made to throw, so that nothing of the script runs.
 * @throws ModuleBuildError when the script's names clash (the same `let` in two files of a program)
 */
export function declaredNames(code: string): string[] {
  const scope = createContext(constants.DONT_CONTEXTIFY) as Record<string, unknown>;
  const before = new Set(Object.getOwnPropertyNames(scope));
  let script: Script;
  try {
    script = new Script(`throw null;\n${code}`);
  } catch (error) {
    throw new ModuleBuildError([{ text: error instanceof Error ? error.message : String(error) }]);
  }
  try {
    script.runInContext(scope as object);
  } catch (thrown) {
    if (thrown !== null) throw thrown;
  }
  return Object.getOwnPropertyNames(scope).filter((name) => !before.has(name));
}
