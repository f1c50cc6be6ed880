/** How many char codes one call of String.fromCharCode gets; its arguments lie on the stack. */
const CHUNK_UNITS = 4096;

const { fromCharCode } = String;
const { apply } = Reflect;

/** The text of the first `count` UTF-16 units. */
export function fromCharCodes(units: Uint8Array | Uint16Array, count = units.length): string {
  if (count <= CHUNK_UNITS) return apply(fromCharCode, null, count === units.length ? units : units.subarray(0, count));
  let text = '';
  for (let from = 0; from < count; from += CHUNK_UNITS) {
    text += apply(fromCharCode, null, units.subarray(from, Math.min(from + CHUNK_UNITS, count)));
  }
  return text;
}
