/** Lists and objects within each other. The embedded database ends when it reads some ten thousands of them. */
const MAX_DEPTH = 2_000;
/** The smallest number that a double tells from zero is 5e-324. */
const LEAST_EXPONENT = -400;
const longExponent = /\d[eE][+-]?\d{3}/;
const numberAt = /-?\d+(?:\.\d+)?(?:[eE]([+-]?\d+))?/y;

/** True for the text of a JSON object that can be stored. */
export function isJsonObject(text: string): boolean {
  return jsonObjectProblem(text) === undefined;
}

/** What keeps a text from being that of a JSON object that can be stored, to be said after its name. */
export function jsonObjectProblem(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'must be the text of a JSON object';
  } catch {
    return 'must be the text of a JSON object';
  }
  return jsonExtremes(text);
}

/**
 * As {@link jsonObjectProblem}, of a text that is known to be JSON.
 *
 * Looks for what is small as text and is not when it has been stored: nesting, which whoever reads it does by recursion,
 * and numbers of many zeros. The database writes these out, so that 1e99999 comes back as 100,000 digits; a few thousand
 * of them would be more than the process can hold. Without recursion itself.
 */
export function jsonExtremes(json: string): string | undefined {
  if (!mayBeDeep(json) && !longExponent.test(json)) return undefined;
  let depth = 0;
  for (let i = 0; i < json.length; i++) {
    const character = json[i]!;
    if (character === '"') i = endOfString(json, i);
    else if (character === '{' || character === '[') {
      if (++depth > MAX_DEPTH) return `may be nested at most ${MAX_DEPTH} levels deep`;
    } else if (character === '}' || character === ']') depth--;
    else if (character === '-' || (character >= '0' && character <= '9')) {
      numberAt.lastIndex = i;
      const [number, exponent] = numberAt.exec(json)!;
      if (exponent !== undefined && (!Number.isFinite(Number(number)) || Number(exponent) < LEAST_EXPONENT)) {
        return `must not hold the number ${shortened(number)}: its exponent is out of range`;
      }
      i += number.length - 1;
    }
  }
  return undefined;
}

/** False for nearly all texts: one of 17 KB takes 9 µs so, and 78 to be read character by character. */
function mayBeDeep(json: string): boolean {
  // Each level takes two characters at least.
  return json.length > 2 * MAX_DEPTH && countOf('{', json) + countOf('[', json) > MAX_DEPTH;
}

function countOf(character: string, text: string): number {
  let count = 0;
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) count++;
  return count;
}

/** Where the string ends that begins here. */
function endOfString(json: string, start: number): number {
  let i = start + 1;
  while (json[i] !== '"') i += json[i] === '\\' ? 2 : 1;
  return i;
}

function shortened(number: string): string {
  return number.length > 20 ? `…${number.slice(-20)}` : number;
}
