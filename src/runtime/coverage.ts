import { nakamaFunctionNames } from './api-surface.ts';

/**
 * How much of the module API is there, as one line: `nk functions: 168 of 169 implemented; missing: partyList`.
 * Names that are no part of the module API are not counted.
 */
export function coverageReport(implemented: readonly string[]): string {
  const missing = missingFunctions(implemented);
  const total = nakamaFunctionNames.length;
  const count = `nk functions: ${total - missing.length} of ${total} implemented`;
  return missing.length === 0 ? count : `${count}; missing: ${missing.join(', ')}`;
}

/** The functions of the module API that are not among these. */
export function missingFunctions(implemented: readonly string[]): string[] {
  const there = new Set(implemented);
  return nakamaFunctionNames.filter((name) => !there.has(name));
}
