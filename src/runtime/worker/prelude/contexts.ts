import { isArray, mapClear, mapGet, mapSet, NativeError, NativeMap, ownKeys, parse } from './primordials.ts';

/** What callers bring with every call, by the numbers that the worker gave. */
const contexts = new NativeMap<number, Record<string, unknown>>();

/** Keeps a context for the calls that name its number. */
export function takeContext(number: number, text: string): void {
  mapSet(contexts, number, parse(text) as Record<string, unknown>);
}

export function forgetContexts(): void {
  mapClear(contexts);
}

/**
 * A context for one call, which may do with it what it likes.
 * @param own fields that only the call has; 0 for none
 */
export function contextNumbered(number: number, own: Record<string, unknown> | 0): Record<string, unknown> {
  const known = mapGet(contexts, number);
  if (known === undefined) throw new NativeError(`there is no context ${number}`);
  const context = copyOf(known);
  return own === 0 ? context : { ...context, ...own };
}

function copyOf(value: Record<string, unknown>): Record<string, unknown> {
  const copy = { ...value };
  const names = ownKeys(copy);
  for (let i = 0; i < names.length; i++) {
    const part = copy[names[i]!];
    if (typeof part !== 'object' || part === null) continue;
    copy[names[i]!] = isArray(part) ? listOf(part) : copyOf(part as Record<string, unknown>);
  }
  return copy;
}

/** Of texts: headers and parameters have no other. */
function listOf(texts: readonly unknown[]): unknown[] {
  const copy: unknown[] = [];
  for (let i = 0; i < texts.length; i++) copy[i] = texts[i];
  return copy;
}
